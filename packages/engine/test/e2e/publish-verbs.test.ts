import assert from "node:assert/strict";
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probeProject } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B"];

const leavesAll = `facets: ["source_id", "metric"], run: (context) => {
  give(context, 0.1 + 0.2);
  const dimensions = { source_id: model(context), metric: "probe" };
  context.series({ dimensions, values: [1.5, null, 1e-300], index: [1850, 1851, 1852], indexName: "year", valueUnits: "K" });
  writeFileSync(context.data("sub folder/values.txt", { longName: "Values" }), "0.30000000000000004");
}`;

/** A solved project whose scratch is still there. */
function solved(t: TestContext): CommandLineProject {
  const project = probeProject(t, {
    models,
    diagnostics: { all: leavesAll, breaks: "run: () => { throw 1; }" },
  });
  project.write(
    "almanac.config.ts",
    probeConfig("probe.ts").replace("executor:", 'publish: { keepScratch: "always" }, executor:'),
  );
  assert.equal(project.run("solve").status, 4, "one diagnostic fails");
  return project;
}

/** RIDs of the published executions. */
function published(project: CommandLineProject): readonly string[] {
  return project.json("executions", "list", "--state", "published").items.map(({ rid }) => String(rid));
}

/** Every file below a folder with its text and mode. */
function tree(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const described = (file: string): string =>
    `${(statSync(file).mode & 0o777).toString(8)} ${readFileSync(file, "latin1")}`;
  return Object.fromEntries(files.map((name) => [name, described(join(folder, name))]));
}

/** Every value with everything that is told of it. */
function valueTable(project: CommandLineProject): string {
  return ["scalar", "series"]
    .map((kind) => project.succeed("values", "list", "--kind", kind, "--format", "csv"))
    .join("\n");
}

/** Takes away what no verb of publishing may need: the sources and the program. */
function removeSources(project: CommandLineProject): void {
  for (const name of ["archive", "probe.ts"]) rmSync(project.path(name), { recursive: true });
}

test("materialize needs scratch alone: no sources, a catalog that is read-only or gone, no results yet", (t) => {
  const project = solved(t);
  const rids = published(project);
  const before = tree(project.path("results"));
  removeSources(project);
  const catalog = readFileSync(project.path(".almanac/catalog.sqlite"));
  assert.match(project.succeed("executions", "materialize", ...rids), /7 files in results/);
  assert.deepEqual(tree(project.path("results")), before, "twice gives the same tree");

  rmSync(project.path("results"), { recursive: true });
  const failed = project.json("executions", "list", "--state", "failed").items.map(({ rid }) => String(rid));
  project.succeed("executions", "materialize", ...rids, ...failed);
  assert.deepEqual(tree(project.path("results")), before);
  assert.ok(
    readFileSync(project.path(".almanac/catalog.sqlite")).equals(catalog),
    "the catalog is untouched",
  );

  rmSync(project.path("results"), { recursive: true });
  for (const name of readdirSync(project.path(".almanac")))
    if (name.startsWith("catalog")) rmSync(project.path(".almanac", name));
  project.succeed("executions", "materialize", ...rids, ...failed);
  assert.deepEqual(tree(project.path("results")), before);
  assert.equal(project.run("executions", "materialize", "3ZZZ").status, 2);
});

test("resolve needs an outcome alone: from results without scratch, from scratch without results, and no catalog", (t) => {
  const project = solved(t);
  const [rid = ""] = published(project);
  const [failed = ""] = project
    .json("executions", "list", "--state", "failed")
    .items.map((each) => String(each["rid"]));
  removeSources(project);
  const say = (): string => project.succeed("executions", "resolve", rid, failed);
  const expected = new RegExp(
    `^${rid}: published\\n${failed}: failed \\(diagnostic, DIAGNOSTIC_FAILED: .*\\)\\n$`,
  );
  assert.match(say(), expected);
  cpSync(project.path(".almanac/scratch"), project.path("kept"), { recursive: true });
  rmSync(project.path(".almanac"), { recursive: true });
  assert.match(say(), expected, "from results alone");
  rmSync(project.path("results"), { recursive: true });
  cpSync(project.path("kept"), project.path(".almanac/scratch"), { recursive: true });
  assert.match(say(), new RegExp(`^${rid}: publishing`), "from scratch alone: complete, not ingested yet");
});

test("ingest and reingest need results alone, which may be read-only, and change nothing there", (t) => {
  const project = solved(t);
  const rids = published(project);
  const values = valueTable(project);
  const before = tree(project.path("results"));
  removeSources(project);
  rmSync(project.path(".almanac/scratch"), { recursive: true });
  project.giveAway(".almanac");
  const closed = readdirSync(project.path("results"), { recursive: true, encoding: "utf8" })
    .map((name) => project.path("results", name))
    .filter((name) => statSync(name).isDirectory());
  for (const folder of [...closed, project.path("results")]) chmodSync(folder, 0o555);
  try {
    for (const words of [["reingest", ...rids], ["ingest"], ["ingest", ...rids]]) {
      const { status, stderr } = project.runAsNobody("executions", ...words);
      assert.equal(status, 0, `${words.join(" ")}: ${stderr}`);
      assert.equal(valueTable(project), values, words.join(" "));
    }
  } finally {
    for (const folder of [project.path("results"), ...closed.sort()]) chmodSync(folder, 0o755);
  }
  assert.deepEqual(tree(project.path("results")), before);
});

test("a results tree copied to an empty folder gives an empty catalog the same value table, byte for byte", (t) => {
  const project = solved(t);
  const other = new CommandLineProject(t);
  other.write("almanac.config.ts", probeConfig());
  other.succeed("init");
  cpSync(project.path("results"), other.path("results"), { recursive: true });
  assert.match(other.succeed("executions", "ingest"), /2 executions ingested, 0 failed/);
  assert.equal(valueTable(other), valueTable(project));
  const use = (of: CommandLineProject) =>
    of
      .json("executions", "list", "--state", "published")
      .items.map(({ fragment, resources }) => [fragment, resources]);
  assert.deepEqual(new Map(use(other) as [string, unknown][]), new Map(use(project) as [string, unknown][]));
  assert.match(other.succeed("executions", "ingest"), /2 executions ingested, 0 failed/);
  assert.equal(valueTable(other), valueTable(project), "twice gives the same rows");
});

test("reingest says that results are missing, and not that a vocabulary refuses them", (t) => {
  const project = solved(t);
  const [rid = ""] = published(project);
  rmSync(project.path("results"), { recursive: true });
  const { status, stderr } = project.run("executions", "reingest", rid);
  assert.equal(status, 4, stderr);
  assert.match(stderr, /error\[FILE_MISSING\][\s\S]*to do: .*executions verify --mark/);
  assert.doesNotMatch(stderr, /vocabulary/);
});

test("reingest of one whose results are damaged changes neither its values nor its state", (t) => {
  const project = solved(t);
  const [rid = ""] = published(project);
  const values = valueTable(project);
  const bundle = readdirSync(project.path("results"), { recursive: true, encoding: "utf8" }).find((name) =>
    name.endsWith(`/${rid}/diagnostic.json`),
  );
  const file = project.path("results", String(bundle));
  const text = readFileSync(file, "utf8");
  rmSync(file);
  project.write(`results/${bundle}`, text.slice(0, text.length / 2));
  const { status, stderr } = project.run("executions", "reingest", rid);
  assert.equal(status, 4, stderr);
  assert.match(stderr, /error\[BUNDLE_INVALID\][\s\S]*^ *diagnostic\.json: no JSON/m);
  assert.equal(valueTable(project), values);
  assert.ok(published(project).includes(rid));
});
