import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { type TestContext, test } from "node:test";
import { requireSolverDefinition, type SolverDefinition } from "../../src/core/execution/definition.ts";
import { parseMetricBundle, parseOutputBundle } from "../../src/documents/bundles.ts";
import { parseDefinition, writeDefinition } from "../../src/documents/definition.ts";
import { localExecutor } from "../../src/entry/executors.ts";
import { loadProviders } from "../../src/entry/load-providers.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { type Ended, Follower, Workshop } from "../../src/ports/executor.harness.ts";

const examples = join(import.meta.dirname, "../../../../docs/examples");
registerSelfResolve();
const python = {
  skip: spawnSync("python3", ["--version"]).status === 0 ? false : "python3 is not installed",
};

const facets = { source_id: "MODEL-1", experiment_id: "historical", variable_id: "tas", instance_id: "d" };

/** Runs an example's only diagnostic on two files in a pool of one worker. */
async function runExample(t: TestContext, name: string): Promise<{ ended: Ended; folder: string }> {
  const workshop = new Workshop(t);
  const executor = localExecutor({ jobs: 1 });
  t.after(() => executor.close());
  const files = [1850, 1860].map((year) => ({
    path: `archive/tas ${year}.nc`,
    contentId: "none",
    start: `${year}-01-16 12:00:00`,
    end: `${year + 9}-12-16 12:00:00`,
  }));
  mkdirSync(join(workshop.folder, "archive"));
  for (const { path } of files) writeFileSync(join(workshop.folder, path), "twelve bytes");
  const module = relative(workshop.folder, join(examples, name, "provider.ts"));
  const [loaded] = await loadProviders([module], { folder: workshop.folder });
  const diagnostic = loaded?.provider.diagnostics[0];
  assert.ok(diagnostic?.computation.kind === "command");
  const dataset = { requirement: "cmip6", sourceType: "cmip6", id: "d", version: "v1", facets, files };
  const job = workshop.prepare({ script: "" }, { datasets: [dataset], limits: diagnostic.limits });
  const definitionFile = join(job.folder, "execution.json");
  const frame = requireSolverDefinition(parseDefinition(readFileSync(definitionFile, "utf8")));
  const argv = diagnostic.computation.command(frame);
  const definition: SolverDefinition = { ...frame, computation: { kind: "command", argv } };
  writeFileSync(definitionFile, writeDefinition(definition));
  return { ended: await new Follower(executor).runOne(job), folder: job.folder };
}

function results(folder: string): unknown {
  const { value, problems } = parseMetricBundle(readFileSync(join(folder, "diagnostic.json"), "utf8"));
  assert.deepEqual(problems, []);
  return value?.results;
}

test("the Python example computes, names its table and prints into the log", python, async (t) => {
  const { ended, folder } = await runExample(t, "python-diagnostic");
  assert.equal(ended.outcome?.result, "ok", ended.log);
  assert.deepEqual(results(folder), {
    "MODEL-1": { historical: { "years-covered": 20, attributes: { units: "year" } } },
  });
  const output = parseOutputBundle(readFileSync(join(folder, "output.json"), "utf8"));
  assert.deepEqual(
    output.value?.files.map(({ filename }) => filename),
    ["tables/coverage.csv"],
  );
  assert.deepEqual(
    ended.artifacts.map(({ path }) => path),
    ["tables/coverage.csv"],
  );
  assert.equal(
    readFileSync(join(folder, "tables/coverage.csv"), "utf8"),
    "experiment_id,first,last,years\r\nhistorical,1850,1869,20\r\n",
  );
  assert.match(ended.log, /tas 1860\.nc: 1860 to 1869, 12 bytes/);
});

test("the shell example adds up the bytes of its files", async (t) => {
  const { ended, folder } = await runExample(t, "shell-diagnostic");
  assert.equal(ended.outcome?.result, "ok", ended.log);
  assert.deepEqual(results(folder), { "MODEL-1": { "file-size": 24, attributes: { units: "byte" } } });
  assert.deepEqual(
    ended.artifacts.map(({ path }) => path),
    ["paths.txt"],
  );
});
