import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { cmip6 } from "./cmip6.ts";
import { cmip6Frequency } from "./frequency.ts";
import { datasetId } from "./parse-file.ts";
import type { FileHeader } from "./source-type.ts";

const cases = new URL("../../../../../../shared/conformance/paths/cmip6-drs.json", import.meta.url);

interface Case extends Readonly<Record<string, string | boolean | null>> {
  readonly path: string;
  readonly instance_id: string;
  readonly start_time: string | null;
  readonly end_time: string | null;
}

test("real archive paths tell what a peer reads from them", {
  skip: existsSync(cases) ? false : "no ../shared",
}, () => {
  const known = JSON.parse(readFileSync(cases, "utf8")) as readonly Case[];
  assert.equal(known.length, 102);
  for (const expected of known) {
    const parsed = cmip6.parsePath(expected.path);
    assert.ok(parsed !== undefined, expected.path);
    assert.equal(datasetId(cmip6, parsed.facets), expected.instance_id);
    assert.equal(parsed.start ?? null, expected.start_time, expected.path);
    assert.equal(parsed.end ?? null, expected.end_time, expected.path);
    for (const { name, origin } of cmip6.facets)
      if (origin === "header") assert.equal(parsed.facets[name], undefined);
      // The peer knows no frequency for the tables of ice sheets; the data request does.
      else if (expected[name] !== null && name !== "instance_id")
        assert.equal(parsed.facets[name], expected[name], `${name} of ${expected.path}`);
  }
});

const folders = "DCPP/MIROC/MIROC6/dcppA-hindcast/s1960-r1i1p1f1/Amon/pr/gn";
const file = "pr_Amon_MIROC6_dcppA-hindcast_s1960-r1i1p1f1_gn_196011-197002.nc";

test("a path tells identity, variant after the sub-experiment, frequency, version and times", () => {
  assert.deepEqual(cmip6.parsePath(`/any/root/CMIP6/${folders}/v20190821/${file}`), {
    facets: {
      activity_id: "DCPP",
      institution_id: "MIROC",
      source_id: "MIROC6",
      experiment_id: "dcppA-hindcast",
      member_id: "s1960-r1i1p1f1",
      table_id: "Amon",
      variable_id: "pr",
      grid_label: "gn",
      variant_label: "r1i1p1f1",
      frequency: "mon",
      version: "v20190821",
    },
    start: "1960-11-01 00:00:00",
    end: "1970-02-28 00:00:00",
  });
});

test("the root does not matter, and a version that is none counts as v0", () => {
  const expected = cmip6.parsePath(`${folders}/${file}`);
  assert.equal(expected?.facets["version"], "v0");
  assert.deepEqual(cmip6.parsePath(`x/${folders}/latest/${file}`), expected);
  assert.deepEqual(cmip6.parsePath(`x/y/${folders}/${file}`), expected);
  assert.equal(cmip6.parsePath(`v1/${folders}/${file}`)?.facets["version"], "v0");
});

test("time ranges of every precision", () => {
  const times = (range: string): readonly (string | undefined)[] | undefined => {
    const parsed = cmip6.parsePath(`${folders}/${file.replace("196011-197002", range)}`);
    return parsed === undefined ? undefined : [parsed.start, parsed.end];
  };
  assert.deepEqual(times("1850-1949"), ["1850-01-01 00:00:00", "1949-12-30 00:00:00"]);
  assert.deepEqual(times("185001-185012"), ["1850-01-01 00:00:00", "1850-12-30 00:00:00"]);
  assert.deepEqual(times("18500101-18500131"), ["1850-01-01 00:00:00", "1850-01-31 00:00:00"]);
  assert.deepEqual(times("185001010600-185001312130"), ["1850-01-01 06:00:00", "1850-01-31 21:30:00"]);
  assert.deepEqual(times("18500101060030-18500131213045"), ["1850-01-01 06:00:30", "1850-01-31 21:30:45"]);
  assert.deepEqual(times("185001-185012-clim"), ["1850-01-01 00:00:00", "1850-12-30 00:00:00"]);
  assert.deepEqual(times("185013-185014"), [undefined, undefined]);
  assert.equal(times("18-19"), undefined);
  assert.equal(times("clim"), undefined);
});

test("a path that does not match, or contradicts itself, tells nothing", () => {
  for (const path of [
    file,
    `${folders}/notes.txt`,
    `${folders}/${file}.part`,
    `${folders}/${file.replace("_gn_", "_gr_")}`,
    `${folders}/${file.replace("pr_", "pr_extra_")}`,
    `MIROC6/dcppA-hindcast/s1960-r1i1p1f1/Amon/pr/gn/${file}`,
    "",
  ])
    assert.equal(cmip6.parsePath(path), undefined, path);
});

test("every table of the data request has a frequency", () => {
  for (const [table, frequency] of [
    ["ImonAnt", "mon"],
    ["AERmonZ", "mon"],
    ["EdayZ", "day"],
    ["IfxGre", "fx"],
    ["Oclim", "monC"],
    ["CFsubhr", "subhrPt"],
    ["constructor", undefined],
  ] as const)
    assert.equal(cmip6Frequency(table), frequency);
});

const header: FileHeader = {
  attributes: {
    activity_id: "DCPP",
    institution_id: "MIROC",
    source_id: "MIROC6",
    experiment_id: "dcppA-hindcast",
    variant_label: "r1i1p1f1",
    sub_experiment_id: "s1960",
    sub_experiment: "initialized near end of year 1960",
    table_id: "Amon",
    variable_id: "pr",
    grid_label: "gn",
    frequency: "mon",
    branch_time_in_child: "0.0D",
    branch_time_in_parent: " 5.475D+4 ",
    branch_method: "",
    parent_variant_label: "r1i1p1f1",
    tracking_id: "hdl:21.14100/1",
  },
  variables: {
    time: { units: "days since 1850-01-01" },
    pr: { units: "kg m-2 s-1", standard_name: "precipitation_flux", long_name: "Precipitation" },
  },
  verticalLevels: 19,
  calendar: "gregorian",
  timeUnits: "days since 1850-01-01",
};

test("a header tells facets of dataset and variable, repaired; what it lacks is missing", () => {
  const facets = cmip6.parseHeader(header, "odd/v3/name.nc");
  assert.equal(facets["member_id"], "s1960-r1i1p1f1");
  assert.equal(facets["version"], "v3");
  assert.equal(facets["branch_time_in_child"], "0");
  assert.equal(facets["branch_time_in_parent"], "54750");
  assert.equal(facets["branch_method"], "");
  assert.equal(facets["units"], "kg m-2 s-1");
  assert.equal(facets["standard_name"], "precipitation_flux");
  assert.equal(facets["vertical_levels"], "19");
  assert.equal(facets["calendar"], "gregorian");
  assert.ok(!("realm" in facets));
  const none = cmip6.parseHeader(
    {
      ...header,
      attributes: { ...header.attributes, sub_experiment_id: "none", branch_time_in_child: "n/a" },
    },
    "name.nc",
  );
  assert.equal(none["member_id"], "r1i1p1f1");
  assert.equal(none["version"], "v0");
  assert.ok(!("branch_time_in_child" in none));
});

test("a header gives declared facets only", () => {
  const declared = new Set(cmip6.facets.map((facet) => facet.name));
  for (const name of Object.keys(cmip6.parseHeader(header, file))) assert.ok(declared.has(name), name);
});
