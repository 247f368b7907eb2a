import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { writeNetcdf } from "../../src/adapters/netcdf/writer.ts";
import { CommandLineProject } from "../support/command-line.ts";

const example = path.resolve(import.meta.dirname, "../../../../docs/examples/own-source-type");

/** Months of a model's temperature, from the first to the last of the given ones of 1850. */
async function writeMonths(
  folder: string,
  { model, first, last }: { readonly model: string; readonly first: number; readonly last: number },
): Promise<void> {
  const months = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  const name = (month: number): string => `1850${String(month).padStart(2, "0")}`;
  mkdirSync(folder, { recursive: true });
  await writeNetcdf(path.join(folder, `${model}_tas_${name(first)}-${name(last)}.nc`), {
    dimensions: { time: months.length },
    variables: [
      {
        name: "time",
        dimensions: ["time"],
        data: Float64Array.from(months, (month) => month * 30 - 15),
        attributes: { units: "days since 1850-01-01", calendar: "360_day" },
      },
      {
        name: "tas",
        dimensions: ["time"],
        data: Float64Array.from(months, () => 288),
        attributes: { units: "K" },
      },
    ],
    attributes: { experiment: "control" },
  });
}

async function exampleProject(t: { after: (action: () => void) => void }): Promise<CommandLineProject> {
  const project = new CommandLineProject(t);
  for (const file of ["almanac.config.ts", "provider.ts"])
    copyFileSync(path.join(example, file), project.path(file));
  project.succeed("init");
  await writeMonths(project.path("archive/a"), { model: "MODEL-A", first: 1, last: 6 });
  await writeMonths(project.path("archive/a"), { model: "MODEL-A", first: 7, last: 12 });
  await writeMonths(project.path("archive/b"), { model: "MODEL-B", first: 1, last: 2 });
  await writeMonths(project.path("archive/b"), { model: "MODEL-B", first: 5, last: 6 });
  return project;
}

test("files of one's own become datasets by a declaration alone, and run", async (t) => {
  const project = await exampleProject(t);
  project.succeed("ingest", "--type", "runs", "--fast", "archive");
  const fast = project.json("datasets", "list", "--type", "runs").items.map(({ id }) => id);
  assert.deepEqual(fast, ["runs.MODEL-A.tas.v0", "runs.MODEL-B.tas.v0"]);
  project.succeed("ingest", "--type", "runs", "archive");
  const { items } = project.json("datasets", "list", "source_id=MODEL-A");
  assert.deepEqual(
    items.map(({ id, finalised, facets }) => [id, finalised, facets]),
    [
      [
        "runs.MODEL-A.tas.v0",
        true,
        {
          calendar: "360_day",
          experiment_id: "control",
          instance_id: "runs.MODEL-A.tas.v0",
          source_id: "MODEL-A",
          time_units: "days since 1850-01-01",
          units: "K",
          variable_id: "tas",
          version: "v0",
          vertical_levels: "1",
        },
      ],
    ],
  );
  const plan = project.json("plan");
  assert.deepEqual(
    plan.items.map(({ key }) => key),
    ["runs_MODEL-A"],
  );
  assert.match(
    project.succeed("explain", "own-type-example/files", "source_id=MODEL-B"),
    /requireContiguousTimerange/,
  );
  project.succeed("solve");
  const values = project.json("values", "list", "metric=files").items;
  assert.deepEqual(
    values.map(({ value }) => value),
    [2],
  );
  assert.equal(project.json("solve").total, 0);
});

test("own datasets go out and in as all others do", async (t) => {
  const project = await exampleProject(t);
  project.succeed("ingest", "--type", "runs", "archive");
  project.succeed("export", "csv", "source_id=MODEL-A", "-o", "a.csv");
  const other = new CommandLineProject(t);
  for (const file of ["almanac.config.ts", "provider.ts", "a.csv"])
    copyFileSync(project.path(file), other.path(file));
  other.succeed("init");
  assert.match(other.succeed("import", "a.csv"), /2 new, 0 updated, 0 unchanged, 0 invalid/);
  assert.match(other.succeed("import", "a.csv"), /0 new, 0 updated, 2 unchanged, 0 invalid/);
  other.succeed("export", "csv", "-o", "again.csv");
  assert.equal(readFileSync(other.path("again.csv"), "utf8"), readFileSync(project.path("a.csv"), "utf8"));
  assert.equal(other.json("plan").items.length, 1);
});

test("types are listed, and a path is tried on each", async (t) => {
  const project = await exampleProject(t);
  const types = project.json("datasets", "types").items;
  assert.deepEqual(types.at(-1)?.["name"], "runs");
  assert.deepEqual(types.at(-1)?.["origin"], "configuration");
  assert.deepEqual(types.at(-1)?.["id"], "runs.{source_id}.{variable_id}.{version}");
  const tried = project.succeed("datasets", "types", "--path", "x/MODEL-Z_pr_200001-200012.nc");
  assert.match(tried, /runs +runs\.MODEL-Z\.pr\.v0/);
  assert.match(tried, /cmip6 +the path does not match the template of cmip6/);
});

test("a wrong declaration is refused with every reason, before anything is done", (t) => {
  const project = new CommandLineProject(t);
  const configure = (types: string): void =>
    void project.write("almanac.config.ts", `export default { datasets: { types: ${types} } };\n`);
  configure(`[
    { name: "cmip6", paths: "{a}.nc", identityFacets: ["a"] },
    { name: "runs", paths: "{source_id}_{variabel_id}.nc", identityFacets: ["source_id", "variable_id"] },
    { name: "runs", paths: "{a}.nc", identityFacets: [] },
  ]`);
  const refused = project.run("datasets", "types");
  assert.equal(refused.status, 3);
  for (const line of [
    `datasets.types[0] "cmip6": there is a source type "cmip6" already`,
    `datasets.types[1] "runs": nothing tells the identity facet "variable_id": no path has {variable_id}, and it is no attribute; did you mean variabel_id?`,
    `which is neither an identity facet nor in facets; did you mean variable_id?`,
    `datasets.types[2] "runs": there is a source type "runs" already`,
    `datasets.types[2] "runs": identityFacets names no facet: what makes one dataset?`,
  ])
    assert.ok(refused.stderr.includes(line), `${line}\n${refused.stderr}`);
  configure(`[{ name: "runs", identityFacet: ["a"] }]`);
  const misspelt = project.run("datasets", "types");
  assert.equal(misspelt.status, 3);
  assert.match(misspelt.stderr, /datasets\.types\[0\]/);
  assert.match(misspelt.stderr, /identityFacet/);
  configure(`[{ name: "runs", identityFacets: ["a"], readPath: (path) => path.nothing.here }]`);
  project.succeed("init");
  project.write("files/a.nc", "x");
  const thrown = project.run("ingest", "--type", "runs", "--fast", "files");
  assert.equal(thrown.status, 3);
  assert.match(thrown.stderr, /the source type "runs" cannot be used: readPath of .*a\.nc threw/);
});
