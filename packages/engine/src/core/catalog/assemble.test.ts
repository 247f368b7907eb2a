import assert from "node:assert/strict";
import { test } from "node:test";
import { cmip6Attributes, cmip6Folder, cmip6Id, cmip6Path } from "../../../test/support/cmip6-file.ts";
import { assembleDataset } from "./assemble.ts";
import { cmip6 } from "./cmip6.ts";
import { type ParsedFile, parsedFilesOf, parseFile, type SeenFile } from "./parse-file.ts";
import type { FileHeader } from "./source-type.ts";

const folder = cmip6Folder();
const id = cmip6Id();
const pathOf = (months: string): string => cmip6Path({ months });

function header(changed: Readonly<Record<string, string>> = {}): FileHeader {
  return { attributes: { ...cmip6Attributes(), ...changed }, variables: {}, verticalLevels: 1 };
}

function parsed(seen: SeenFile): ParsedFile {
  const result = parseFile(cmip6, seen);
  assert.ok(result.ok);
  return result.value;
}

function refusal(seen: SeenFile): string {
  const result = parseFile(cmip6, seen);
  assert.ok(!result.ok);
  assert.equal(result.error.code, "FILE_INVALID");
  return result.error.message;
}

test("the id is the path's in both phases; the header adds what the path cannot tell", () => {
  const fast = parsed({ path: pathOf("185001-189912") });
  const full = parsed({ path: pathOf("185001-189912"), header: header() });
  assert.equal(fast.id, id);
  assert.equal(full.id, id);
  assert.deepEqual([fast.finalised, full.finalised], [false, true]);
  assert.equal(full.facets["realm"], "atmos");
  assert.ok(!("realm" in fast.facets));
});

test("a path without template needs the header; a header needs its attributes", () => {
  assert.match(refusal({ path: "tas.nc" }), /does not match the template of cmip6/);
  const { variable_id: _gone, ...attributes } = header().attributes;
  assert.match(refusal({ path: "tas.nc", header: { ...header(), attributes } }), /variable_id/);
  assert.match(refusal({ path: "tas.nc", header: header({ source_id: "" }) }), /does not tell source_id/);
  assert.equal(parsed({ path: "x/v20191115/tas.nc", header: header() }).id, id);
});

test("files of one dataset merge in path order, with contents identified", () => {
  const files = [
    parsed({ path: pathOf("190001-194912"), sizeBytes: 20, mtimeMs: 5 }),
    parsed({
      path: pathOf("185001-189912"),
      sizeBytes: 10,
      mtimeMs: 5,
      header: {
        ...header({ tracking_id: "hdl:1" }),
        start: "1850-01-16 12:00:00",
        end: "1899-12-16 12:00:00",
        calendar: "noleap",
      },
    }),
  ];
  const { dataset, invalid, warnings } = assembleDataset(cmip6, files);
  assert.equal(invalid, undefined);
  assert.deepEqual(warnings, []);
  assert.equal(dataset?.finalised, false);
  assert.equal(dataset?.facets["instance_id"], id);
  assert.deepEqual(dataset?.files, [
    {
      path: pathOf("185001-189912"),
      sizeBytes: 10,
      mtimeMs: 5,
      start: "1850-01-16 12:00:00",
      end: "1899-12-16 12:00:00",
      calendar: "noleap",
      trackingId: "hdl:1",
      contentId: "t:hdl:1:10",
    },
    {
      path: pathOf("190001-194912"),
      sizeBytes: 20,
      mtimeMs: 5,
      start: "1900-01-01 00:00:00",
      end: "1949-12-30 00:00:00",
      contentId: "s:20:5",
    },
  ]);
});

test("headers that disagree among the files on a filterable facet make the dataset invalid", () => {
  const { dataset, invalid } = assembleDataset(cmip6, [
    parsed({ path: pathOf("185001-189912"), header: header() }),
    parsed({ path: pathOf("190001-194912"), header: header({ source_id: "ACCESS-CM2" }) }),
  ]);
  assert.equal(dataset, undefined);
  assert.match(invalid ?? "", /disagree on source_id: "ACCESS-ESM1-5" \(.*1850.*\), "ACCESS-CM2" \(.*1900/);
});

test("headers that all disagree with the path are reported and change nothing", () => {
  const { dataset, warnings } = assembleDataset(
    cmip6,
    ["185001-189912", "190001-194912"].map((range) =>
      parsed({ path: pathOf(range), header: header({ grid_label: "gr" }) }),
    ),
  );
  assert.equal(dataset?.id, id);
  assert.equal(dataset?.facets["grid_label"], "gn");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /path says grid_label "gn", the header "gr"/);
});

test("other attributes may differ: the first file's counts, with a warning", () => {
  const { dataset, warnings } = assembleDataset(cmip6, [
    parsed({ path: pathOf("190001-194912"), header: header({ parent_variant_label: "r2i1p1f1" }) }),
    parsed({ path: pathOf("185001-189912"), header: header({ parent_variant_label: "r1i1p1f1" }) }),
    parsed({ path: pathOf("195001-195912"), header: header() }),
  ]);
  assert.equal(dataset?.facets["parent_variant_label"], "r1i1p1f1");
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? "", /differ in parent_variant_label, the first counts: "r1i1p1f1"/);
});

test("calendar and time units are the files' own", () => {
  const { warnings } = assembleDataset(cmip6, [
    parsed({ path: pathOf("185001-189912"), header: { ...header(), timeUnits: "days since 1850-01-01" } }),
    parsed({ path: pathOf("190001-194912"), header: { ...header(), timeUnits: "days since 1900-01-01" } }),
  ]);
  assert.deepEqual(warnings, []);
});

test("a file that ends before it starts is named", () => {
  const times = { start: "1900-01-01 00:00:00", end: "1850-01-01 00:00:00" };
  const { warnings } = assembleDataset(cmip6, [{ ...parsed({ path: pathOf("185001-189912") }), ...times }]);
  assert.deepEqual(warnings, [
    `a file ends before it starts: ${pathOf("185001-189912")} (1900-01-01 00:00:00 to 1850-01-01 00:00:00)`,
  ]);
});

test("overlapping and duplicate files are named, a short one inside a long one too", () => {
  const copy = pathOf("185001-189912").replace(folder, `mirror/${folder}`);
  const { warnings, dataset } = assembleDataset(
    cmip6,
    [
      pathOf("185001-189912"),
      pathOf("186001-186012"),
      pathOf("189901-190912"),
      pathOf("191001-191912"),
      copy,
    ].map((path) => parsed({ path })),
  );
  assert.equal(dataset?.files.length, 5);
  assert.deepEqual(warnings, [
    `duplicate files: ${pathOf("185001-189912")} and ${copy}`,
    `overlapping files: ${pathOf("185001-189912")} and ${pathOf("186001-186012")}`,
    `overlapping files: ${pathOf("185001-189912")} and ${pathOf("189901-190912")}`,
  ]);
});

test("a file cut out of another keeps its tracking id: it overlaps, it is no copy", () => {
  const cut = (range: string, start: string, end: string): ParsedFile =>
    parsed({ path: pathOf(range), header: { ...header({ tracking_id: "hdl:1" }), start, end } });
  const { warnings } = assembleDataset(cmip6, [
    cut("185001-189912", "1850-01-16 12:00:00", "1899-12-16 12:00:00"),
    cut("185001-185012", "1850-01-16 12:00:00", "1850-12-16 12:00:00"),
  ]);
  assert.deepEqual(warnings, [
    `overlapping files: ${pathOf("185001-185012")} and ${pathOf("185001-189912")}`,
  ]);
});

test("a stored dataset and a new file make the dataset that all files make, known contents unchanged", () => {
  const first = parsed({ path: pathOf("185001-189912"), sizeBytes: 1, mtimeMs: 1, header: header() });
  const second = parsed({ path: pathOf("190001-194912"), sizeBytes: 2, mtimeMs: 2, header: header() });
  const stored = assembleDataset(cmip6, [first]).dataset;
  assert.ok(stored !== undefined);
  const grown = assembleDataset(cmip6, [...parsedFilesOf(stored), second]);
  assert.deepEqual(grown, assembleDataset(cmip6, [second, first]));
  const replaced = assembleDataset(cmip6, [...parsedFilesOf(stored), { ...first, sizeBytes: 9 }]);
  assert.deepEqual(
    replaced.dataset?.files.map((file) => file.contentId),
    ["s:9:1"],
  );
});
