import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { CommandLineProject } from "../support/command-line.ts";

/** A run that releases stations of a region, and a provider that adds up the numbers in all of their files. */
const example = path.resolve(import.meta.dirname, "../../../../docs/examples/released-datasets");

const configuration = (more = ""): string =>
  `export default { providers: { modules: ["provider.ts"] }, executor: { jobs: 2 },${more} };\n`;

function stationsProject(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  for (const file of ["stations.ts", "provider.ts"])
    copyFileSync(path.join(example, file), project.path(file));
  project.write("almanac.config.ts", configuration());
  project.succeed("init");
  return project;
}

const run = (project: CommandLineProject, ...words: readonly string[]): string =>
  project.succeed("run", "stations.ts#collect", ...words.flatMap((word) => ["-p", word]));

const authored = (project: CommandLineProject) =>
  project.json("datasets", "list", "--origin", "authored").items;

/** Decision and first reason by key. */
function decisions(project: CommandLineProject): Readonly<Record<string, string>> {
  const { items } = project.json("plan");
  return Object.fromEntries(
    items.map(({ key, decision, reasons }) => [
      String(key),
      `${decision} ${(reasons as readonly { readonly code: string }[])[0]?.code}`,
    ]),
  );
}

function values(project: CommandLineProject): Readonly<Record<string, unknown>> {
  const { items } = project.json("values", "list");
  return Object.fromEntries(
    items.map(({ dimensions, value }) => [(dimensions as { readonly metric: string }).metric, value]),
  );
}

test("what a run releases is planned, solved with its files, traced back to the run, and solved again when released anew", (t) => {
  const project = stationsProject(t);
  const unknown = project.run("plan");
  assert.equal(unknown.status, 3);
  assert.match(unknown.stderr, /unknown source type "stations"; known are cmip6/);
  run(project, "draft=true");
  assert.equal(project.run("plan").status, 3, "a draft is no source type");
  run(project);
  const key = "stations_alps";
  assert.deepEqual(decisions(project), { [key]: "run new" });
  project.succeed("plan", "-o", "before.json");
  project.succeed("solve");
  assert.deepEqual(values(project), { "sum-of-alps": 9 });
  assert.deepEqual(decisions(project), { [key]: "skip up-to-date" });
  assert.match(project.succeed("solve"), /nothing to do/);

  const [value] = project.json("values", "list").items;
  const spec = String(project.json("datasets", "list", "--origin", "released").items[0]?.["id"]);
  const [dataset = ""] = spec.split("@");
  const made = authored(project).find(({ rid }) => rid === dataset)?.["authored"];
  const { madeBy: maker } = made as { readonly madeBy: string };
  const up = project.json("lineage", String(value?.["rid"]));
  const nodes = up["nodes"] as readonly { readonly key: string }[];
  assert.deepEqual(
    nodes.slice(2).map((node) => node.key),
    [`dataset:${spec}`, `execution:${maker}`],
  );
  const row = String(project.json("datasets", "list", "--origin", "released").items[0]?.["rid"]);
  assert.match(project.succeed("lineage", row), /stations@0\.1\.0[\s\S]*execution/);
  const preview = project.succeed("run", "stations.ts#collect", "--dataset", row, "--dry-run", "--json");
  assert.match(preview, /"requirement": "authored"/);
  const member = project.run("datasets", "create", "more", "--member", row);
  assert.match(member.stderr, /is what solving sees of \S+@0\.1\.0: name it so/);
  assert.match(project.succeed("impact", spec), /readings\/sum/);
  assert.match(project.succeed("impact", maker), /readings\/sum/);
  const bern = project.json("datasets", "members", spec).items.find(({ path }) => path === "alps/bern.csv")?.[
    "rid"
  ];

  project.succeed("datasets", "change", dataset, "--remove", String(bern));
  assert.deepEqual(decisions(project), { [key]: "skip up-to-date" });
  project.succeed("datasets", "release", dataset);
  assert.deepEqual(decisions(project), { [key]: "run datasets-changed" });
  assert.match(project.run("plan", "--diff", "before.json").stdout, /\+\S+@0\.2\.0 -\S+@0\.1\.0/);
  assert.match(project.succeed("explain", "readings/sum", "region=alps"), /datasets 1 added, 1 removed/);
  assert.match(project.succeed("explain", `${dataset}@0.2.0`), /in 1 groups[\s\S]*run, /);
  project.succeed("solve");
  assert.deepEqual(values(project), { "sum-of-alps": 5 });
});

test("retracting, restoring, renaming and deleting change what solving sees; another region computes one group", (t) => {
  const project = stationsProject(t);
  run(project);
  project.succeed("solve");
  run(project, "region=jura");
  const { items, recomputed } = project.json("plan") as ReturnType<CommandLineProject["json"]> & {
    readonly recomputed: { readonly groups: number };
  };
  assert.deepEqual([items.length, recomputed.groups], [2, 1]);
  project.succeed("solve");
  assert.deepEqual(values(project), { "sum-of-alps": 9, "sum-of-jura": 9 });
  const jura = String(project.json("datasets", "list", "--type", "stations", "region=jura").items[0]?.["id"]);
  assert.match(jura, /@0\.1\.0$/);
  assert.match(project.succeed("datasets", "retract", jura), new RegExp(`retracted ${jura}`));
  assert.deepEqual(Object.keys(decisions(project)), ["stations_alps"]);
  project.succeed("datasets", "restore", jura);
  assert.deepEqual(Object.values(decisions(project)), ["skip up-to-date", "skip up-to-date"]);
  const rid = jura.split("@")[0] as string;
  project.succeed("datasets", "retract", rid);
  assert.deepEqual(Object.keys(decisions(project)), ["stations_alps"]);
  project.succeed("datasets", "restore", rid);
  project.succeed("datasets", "change", rid, "--name", "places");
  assert.deepEqual(Object.keys(decisions(project)), ["stations_alps"]);
  assert.match(project.succeed("datasets", "types"), /places +released[\s\S]*stations +released/);
  const used = project.run("datasets", "delete", rid);
  assert.equal(used.status, 7, used.stderr);
  assert.match(used.stderr, /is an input of execution/);
  run(project, "region=napf");
  assert.equal(decisions(project)["stations_napf"], "run new");
  const napf = String(
    project.json("datasets", "list", "--type", "stations", "region=napf").items[0]?.["id"],
  ).split("@")[0];
  project.succeed("datasets", "delete", napf as string);
  assert.deepEqual(Object.keys(decisions(project)), ["stations_alps"]);
  assert.equal(project.run("plan", "--dataset", "stations.region=alps").status, 0);
  assert.match(project.run("plan", "--dataset", "stations.regoin=alps").stderr, /nearest: region/);
  const exported = project.run("export", "csv", "-o", "x.csv", "--type", "stations");
  assert.equal(exported.status, 2);
  assert.match(exported.stderr, /put together here[\s\S]*datasets bag export/);
});

test("a provider in a data file names them too; its command gets the files, and leaves none of them as its own", (t) => {
  const project = stationsProject(t);
  run(project);
  project.write(
    "files.yaml",
    `slug: files
version: "1"
diagnostics:
  - slug: count
    requirements: [{ sourceType: stations, filters: { region: alps } }]
    command: [sh, -c, 'cat inputs/*/data/alps/*.csv > all.txt && grep -c path inputs.json']
`,
  );
  project.write("almanac.config.ts", configuration().replace("provider.ts", "files.yaml"));
  assert.match(project.succeed("diagnostics", "list"), /files\/count/);
  project.succeed("solve");
  const rid = String(project.json("executions", "list", "--diagnostic", "count").items[0]?.["rid"]);
  assert.match(project.succeed("executions", "show", rid), /published/);
  const files = project.json("assets", "list", "--execution", rid).items.map(({ fileName }) => fileName);
  assert.deepEqual(files, []);
  project.write(
    "files.yaml",
    readFileSync(project.path("files.yaml"), "utf8").replace("region: alps", "regoin: alps"),
  );
  const wrong = project.run("plan");
  assert.equal(wrong.status, 3);
  assert.match(
    wrong.stderr,
    /files.yaml:5[\s\S]*"regoin", which is no facet of stations; did you mean region/,
  );
});

test("names that are taken are refused at the release; files that changed or are gone fail the execution, which runs again", (t) => {
  const project = stationsProject(t);
  project.write("a.csv", "3\n");
  project.succeed("run", "--input", "a.csv", "--", "true");
  const asset = String(project.json("assets", "list", "--kind", "file").items[0]?.["rid"]);
  const make = (name: string, ...words: readonly string[]) =>
    project.run(
      "datasets",
      "create",
      name,
      "--member",
      asset,
      "--facet",
      "region=alps",
      "--release",
      ...words,
    );
  const builtIn = make("cmip6");
  assert.equal(builtIn.status, 2);
  assert.match(builtIn.stderr, /RELEASE_REFUSED.*its name "cmip6" is that of a source type/);
  project.write(
    "almanac.config.ts",
    configuration(
      ' datasets: { types: [{ name: "mine", paths: "{model}.nc", identityFacets: ["model"] }] },',
    ),
  );
  assert.match(make("mine").stderr, /RELEASE_REFUSED.*its name "mine" is that of a source type/);
  assert.equal(make("stations").status, 0);
  assert.equal(project.json("datasets", "list", "--origin", "released").total, 1);

  const original = readFileSync(project.path("a.csv"));
  appendFileSync(project.path("a.csv"), "more\n");
  const changed = project.run("solve");
  assert.equal(changed.status, 4, changed.stdout + changed.stderr);
  assert.match(changed.stdout + changed.stderr, /a\.csv has sha256/);
  rmSync(project.path("a.csv"));
  assert.match(project.run("solve").stderr, /a\.csv is not there/);
  writeFileSync(project.path("a.csv"), original);
  project.succeed("solve");
  assert.deepEqual(values(project), { "sum-of-alps": 3 });

  project.write(
    "almanac.config.ts",
    configuration(
      ' datasets: { types: [{ name: "stations", paths: "{model}.nc", identityFacets: ["model"] }] },',
    ),
  );
  const clash = project.run("plan");
  assert.equal(clash.status, 3);
  assert.match(clash.stderr, /source type "stations" of the configuration is also the name of the dataset/);
});

test("files from elsewhere are fetched for solving, those with an MD5 alone are told; a bag brings a version to solving", (t) => {
  const project = stationsProject(t);
  const file = project.write("r.csv", "7\n");
  const digest = (algorithm: string): string => createHash(algorithm).update("7\n").digest("hex");
  const given = { url: pathToFileURL(file).href, sizeBytes: 2 };
  project.write(
    "add.ts",
    `export function add({ execution, config }) {
      execution.addFiles([{ ...${JSON.stringify(given)}, [config.by]: config.digest }], { name: "stations" });
    }`,
  );
  const add = (by: string): string => {
    project.succeed("run", "add.ts#add", "-p", `by=${by}`, "-p", `digest="${digest(by)}"`);
    const rid = String(authored(project).at(-1)?.["rid"]);
    project.succeed("datasets", "change", rid, "--facet", `region=${by}`);
    project.succeed("datasets", "release", rid);
    return rid;
  };
  const unchecked = add("md5");
  assert.match(project.succeed("doctor"), new RegExp(`${unchecked}@0.2.0: files without sha256`));
  const fetched = add("sha256");
  assert.deepEqual(decisions(project), { stations_sha256: "run new" });
  project.succeed("solve");
  assert.deepEqual(values(project), { "sum-of-sha256": 7 });

  project.succeed("datasets", "bag", "export", `${fetched}@0.2.0`, "bag");
  const other = stationsProject(t);
  other.succeed("datasets", "bag", "import", project.path("bag"));
  assert.deepEqual(decisions(other), { stations_sha256: "run new" });
  other.succeed("solve");
  assert.deepEqual(values(other), { "sum-of-sha256": 7 });
});
