import assert from "node:assert/strict";
import { test } from "node:test";
import { sourceTypeProblems } from "./check-source-type.ts";
import { type OwnSourceType, ownSourceType } from "./own-source-type.ts";

const good: OwnSourceType = {
  name: "runs",
  paths: "{source_id}_{variable_id}[_{time_range}].nc",
  identityFacets: ["source_id", "variable_id"],
};

function problems(changes: Partial<OwnSourceType>): readonly string[] {
  return sourceTypeProblems({ ...good, ...changes }, ["cmip6"]);
}

test("a template and identity facets are all that a source type needs", () => {
  assert.deepEqual(problems({}), []);
  assert.deepEqual(
    problems({ paths: ["*/{source_id}/[{version}/]{variable_id}_*.nc", "{variable_id}.nc"] }),
    [],
  );
  assert.deepEqual(problems({ paths: [], attributes: ["source_id", "variable_id"] }), []);
});

test("every problem is named, with the nearest name where there is one", () => {
  const cases: readonly (readonly [Partial<OwnSourceType>, RegExp])[] = [
    [{ name: "cmip6" }, /there is a source type "cmip6" already/],
    [{ name: "My Type" }, /the name "My Type" has other characters/],
    [{ identityFacets: [] }, /what makes one dataset\?/],
    [{ identityFacets: ["source_id", "source_id", "variable_id"] }, /names "source_id" twice/],
    [
      { identityFacets: ["source_id", "variable_id", "experiment"] },
      /nothing tells the identity facet "experiment"/,
    ],
    [
      { paths: "{source_id}_{variabel_id}.nc" },
      /has \{variabel_id\}, which is neither .*; did you mean variable_id\?/,
    ],
    [{ paths: "{source_id}_{variable_id.nc" }, /has a brace that is no \{facet\}/],
    [{ paths: "{source_id}_[{variable_id}.nc" }, /has a bracket without its other one/],
    [{ paths: "{source_id}{variable_id}.nc" }, /does not part \{source_id\} from \{variable_id\}/],
    [{ paths: "{source_id}/{variable_id}/" }, /has no file name/],
    [{ attributes: ["path"] }, /"path" cannot be a facet/],
    [{ attributes: { "my facet": "title" } }, /the facet "my facet" has other characters/],
  ];
  for (const [changes, message] of cases) assert.match(problems(changes).join("\n"), message);
  assert.equal(problems({ name: "X", identityFacets: [], paths: "{a}{b}.nc" }).length, 5);
});

test("an own type reads paths and headers by its lists alone", () => {
  const type = ownSourceType({
    ...good,
    attributes: { model_version: "version_name" },
    variableAttributes: ["units"],
  });
  assert.deepEqual(type.parsePath("any/where/A_tas_185001-185012.nc"), {
    start: "1850-01-01 00:00:00",
    end: "1850-12-30 00:00:00",
    facets: { version: "v0", source_id: "A", variable_id: "tas" },
  });
  assert.equal(type.parsePath("A_tas_1850.nc"), undefined);
  assert.equal(type.opening, "when-needed");
  const header = {
    attributes: { version_name: " 3.1 " },
    variables: { tas: { units: "K" } },
    verticalLevels: 1,
    calendar: "noleap",
  };
  assert.deepEqual(type.parseHeader(header, "x/v7/A_tas.nc"), {
    model_version: "3.1",
    units: "K",
    calendar: "noleap",
    vertical_levels: "1",
    version: "v7",
  });
});

test("a version that may be absent is v and digits, and no other folder", () => {
  const type = ownSourceType({
    ...good,
    paths: "{experiment}/[{version}/]{source_id}_{variable_id}.nc",
    facets: ["experiment"],
  });
  assert.deepEqual(type.parsePath("root/ctl/A_tas.nc")?.facets, {
    version: "v0",
    experiment: "ctl",
    source_id: "A",
    variable_id: "tas",
  });
  assert.equal(type.parsePath("root/ctl/v3/A_tas.nc")?.facets["version"], "v3");
  const named = ownSourceType({ ...good, paths: "{version}/{source_id}_{variable_id}.nc" });
  assert.equal(named.parsePath("root/Ed4.2/A_tas.nc")?.facets["version"], "Ed4.2");
});

test("functions stand in where templates and lists cannot say it", () => {
  const type = ownSourceType({
    name: "odd",
    identityFacets: ["source_id"],
    facets: ["season"],
    attributes: ["realm"],
    readPath: (path) => {
      const [, source, season] = /([A-Z]+)-([a-z]+)\.nc$/.exec(path) ?? [];
      return source === undefined || season === undefined ? undefined : { source_id: source, season };
    },
    readHeader: ({ attributes }) => ({ realm: (attributes["domain"] ?? "none").toLowerCase() }),
  });
  assert.deepEqual(type.parsePath("x/ABC-summer.nc")?.facets, {
    version: "v0",
    source_id: "ABC",
    season: "summer",
  });
  assert.equal(type.parsePath("x/abc.nc"), undefined);
  assert.deepEqual(
    type.facets.filter(({ origin }) => origin === "path").map(({ name }) => name),
    ["source_id", "season", "version", "instance_id"],
  );
  const header = { attributes: { domain: "OCEAN" }, variables: {}, verticalLevels: 1 };
  assert.equal(type.parseHeader(header, "x/ABC-summer.nc")["realm"], "ocean");
});

test("where the path does not tell the identity, files are always opened", () => {
  const type = ownSourceType({
    name: "named",
    identityFacets: ["source_id", "run"],
    paths: "{source_id}.nc",
    attributes: ["run"],
  });
  assert.equal(type.opening, "always");
});
