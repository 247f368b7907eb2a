import assert from "node:assert/strict";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { open } from "../../src/entry/library/open.ts";
import { resumeExecution } from "../../src/entry/library/run.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { cmip6Bytes, cmip6Id, cmip6Path } from "../support/cmip6-file.ts";
import { CommandLineProject } from "../support/command-line.ts";

registerSelfResolve();

const module = `
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Leaves a checkpoint, stages rows, and would take forever; resumed, it goes on from its checkpoint. */
export async function train({ config, execution }) {
  const { resumed } = execution;
  if (resumed === undefined) {
    const checkpoint = execution.outputPath("check point.1.json", { description: "At step 3", types: ["model"], name: "check point" });
    writeFileSync(checkpoint, JSON.stringify({ step: 3, rate: config.rate }));
    execution.addFeatures([{ feature: "execution-asset/good", target: "check point.1.json", values: { score: 7 } }]);
    appendFileSync(execution.recordTable("Site"), "Bern\\nZürich\\nhalf a li");
    execution.scalar({ dimensions: { metric: "first" }, value: 1 });
    execution.scalar({ dimensions: { metric: "second" }, value: 2 });
    execution.series({ dimensions: { metric: "loss" }, values: [3, 2], index: [1, 2], indexName: "step" });
    writeFileSync(execution.plot("loss.svg", { longName: "Loss" }), "<svg/>");
    writeFileSync("ready", "");
    for (;;) await sleep(1000);
  }
  const taken = config.ignore === true ? undefined : resumed.takeOver();
  const inputs = [...execution.assets.map(({ fileName }) => fileName), ...execution.inputs.map(({ id }) => id)];
  execution.scalar({ dimensions: { metric: "second" }, value: 22 });
  const { step } = taken === undefined ? { step: 0 } : JSON.parse(readFileSync(resumed.files[0].localPath, "utf8"));
  writeFileSync(execution.outputPath("model.json"), JSON.stringify({ step: step + 1, config, inputs, taken, from: resumed.rid }));
}
`;

type Row = Readonly<Record<string, unknown>>;

async function prepared(t: TestContext): Promise<CommandLineProject> {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("train.mjs", module);
  project.write("numbers.txt", "1\n2\n");
  const data = project.write(`archive/${cmip6Path()}`, "");
  writeFileSync(data, cmip6Bytes({}));
  project.succeed("ingest", "--type", "cmip6", "archive");
  project.succeed("records", "define", "Site", "--value", "name:text");
  project.succeed("features", "define", "execution-asset/good", "--value", "score:number");
  return project;
}

/** A run that was killed in the middle of its computation. */
async function killed(project: CommandLineProject, ...words: readonly string[]): Promise<string> {
  const run = project.start(
    ...["run", "train.mjs#train", "--input", "numbers.txt", "--dataset", cmip6Id(), "-p", "rate=0.5"],
    ...["--description", "long", "--name", "long training", "--type", "Training", ...words],
  );
  const latest = () => project.json("executions", "list").items[0];
  // The computation does not wait until the catalog knows of its start.
  for (
    let waited = 0;
    !existsSync(project.path("ready")) || latest()?.["state"] !== "running";
    waited += 20
  ) {
    assert.ok(waited < 60_000, "the run did not begin");
    await sleep(20);
  }
  run.signal("SIGKILL");
  await run.ended;
  return String(latest()?.["rid"]);
}

function resultsOf(project: CommandLineProject, report: Row, file: string): string {
  return readFileSync(project.path("results", String(report["fragment"]), file), "utf8");
}

test("a killed run is resumed with configuration, datasets, assets, files, features and rows intact", async (t) => {
  const project = await prepared(t);
  const rid = await killed(project);
  const report = project.json("run", "--resume", rid) as unknown as Row;
  assert.equal(report["state"], "published", JSON.stringify(report["failure"]));
  assert.notEqual(report["rid"], rid, "an interrupted execution stays what it is");
  const model = JSON.parse(resultsOf(project, report, "model.json"));
  assert.deepEqual(model, {
    ...{ step: 4, config: { rate: 0.5 }, inputs: ["numbers.txt", cmip6Id()], from: rid },
    taken: { files: ["check point.1.json", "loss.svg"], features: 1, rows: 2, values: 3 },
  });
  assert.doesNotMatch(String(report["remarks"]), /taken over/);
  const { items: stored } = project.json(
    "assets",
    "list",
    "--execution",
    String(report["rid"]),
    "--role",
    "Output",
  );
  const values = project.json("values", "list", "--execution", String(report["rid"])).items;
  assert.deepEqual(
    values.map(({ dimensions, value }) => `${(dimensions as Row)["metric"]}=${value}`).sort(),
    ["first=1", "second=22"],
    "values come along, and one that is given anew stands instead",
  );
  const output = JSON.parse(resultsOf(project, report, "output.json")) as Row;
  assert.deepEqual(Object.keys(output["plots"] as Row), ["loss.svg"]);
  assert.match(resultsOf(project, report, "series.json"), /"loss"/);
  assert.ok(!existsSync(project.path("results", String(report["fragment"]), "given-values.jsonl")));
  const checkpoint = stored.find(({ fileName }) => fileName === "check point.1.json");
  assert.deepEqual([checkpoint?.["types"], checkpoint?.["description"]], [["model"], "At step 3"]);
  const [value] = project.json("features", "values", "execution-asset/good").items;
  assert.deepEqual([value?.["target"], value?.["values"]], [checkpoint?.["rid"], { score: 7 }]);
  assert.deepEqual(
    project.json("records", "list", "Site").items.map(({ values }) => (values as Row)["name"]),
    ["Bern", "Zürich"],
    "a line that was torn is dropped",
  );
  const shown = project.json("executions", "show", String(report["rid"])) as unknown as Row;
  assert.deepEqual(
    [shown["resumes"], shown["description"], (shown["workflow"] as Row)["name"]],
    [rid, "long", "long training"],
  );
  const old = project.json("executions", "show", rid) as unknown as Row;
  assert.deepEqual([old["state"], (old["failure"] as Row)["code"]], ["failed", "EXECUTION_LOST"]);
  assert.match(
    project.succeed("run", "--resume", String(report["rid"])),
    /published/,
    "what is published is not run again",
  );
});

test("what a resumed run does not take over is told; datasets that changed since are refused", async (t) => {
  const project = await prepared(t);
  const rid = await killed(project, "-p", "ignore=true");
  const ended = project.run("run", "--resume", rid, "--json");
  assert.equal(ended.status, 0, ended.stderr);
  const told = new RegExp(
    `${rid} had registered 2 files, staged 1 feature record and 1 record table, and given 3 values: nothing of it`,
  );
  assert.match(ended.stderr, told);
  assert.equal(project.json("features", "values", "execution-asset/good").total, 0);
  const command = JSON.parse(project.succeed("run", "--json", "--dataset", cmip6Id(), "--", "true")) as Row;
  writeFileSync(
    project.path("archive", cmip6Path()),
    cmip6Bytes({ months: "185001-185912" }, { tracking_id: "hdl:21.14100/other" }),
  );
  project.succeed("ingest", "--type", "cmip6", "archive");
  const refused = project.run("run", "--resume", rid);
  assert.equal(refused.status, 2);
  assert.match(
    refused.stderr,
    new RegExp(`RUN_INVALID.*dataset .* has other files than ${rid} had[\\s\\S]*--from ${rid}`),
  );
  const again = project.json("run", "--from", String(command["rid"])) as unknown as Row;
  assert.equal(again["state"], "published");
  assert.match(String(again["remarks"]), new RegExp(`dataset .* has other files than ${command["rid"]} had`));
});

test("a program goes on with its own run: everything that was left is in the new one", async (t) => {
  const project = await prepared(t);
  const rid = await killed(project);
  await using opened = await open({ folder: project.folder });
  const code = project.path("train.mjs");
  const resumed = await resumeExecution({ project: opened, rid, code });
  const { execution } = resumed;
  assert.deepEqual(
    [execution.config, execution.asset("numbers.txt").fileName],
    [{ rate: 0.5 }, "numbers.txt"],
  );
  assert.equal(execution.inputs[0]?.id, cmip6Id());
  assert.throws(() => execution.outputPath("check point.1.json"), { code: "ARTIFACT_INVALID" });
  appendFileSync(execution.recordTable("Site"), "Genf\n");
  assert.equal(
    execution.addFeatures([
      { feature: "execution-asset/good", target: "check point.1.json", values: { score: 7 } },
    ]),
    0,
    "it is staged already",
  );
  const report = await resumed.complete();
  assert.equal(report.state, "published", report.failure?.message);
  assert.deepEqual(
    report.stored.map(({ fileName }) => fileName).sort(),
    ["Site.csv", "check point.1.json", "environment.json", "features.jsonl", "loss.svg"].sort(),
  );
  assert.equal((await opened.catalog.typedRecords.list({ type: "Site" })).items.length, 3);
  await assert.rejects(resumeExecution({ project: opened, rid: report.rid, code }), {
    code: "TRANSITION_REFUSED",
  });
  await assert.rejects(resumeExecution({ project: opened, rid: "ZZZ", code }), { code: "UNKNOWN_NAME" });
});

test("a dry run of resuming writes nothing; what is published says so", async (t) => {
  const project = await prepared(t);
  const rid = await killed(project);
  const dry = project.run("run", "--resume", rid, "--dry-run");
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /dry run: nothing was written/);
  assert.equal(project.json("executions", "list").items[0]?.["state"], "running");
  const { rid: now } = project.json("run", "--resume", rid) as unknown as Row;
  for (const words of [[], ["--dry-run"]])
    assert.match(
      project.succeed("run", "--resume", String(now), ...words),
      new RegExp(`${now} {2}published: there is nothing to resume; almanac run --from ${now}`),
    );
  const again = project.json("run", "--resume", String(now)) as unknown as Row;
  assert.deepEqual([again["rid"], again["state"]], [now, "published"]);
});

test("Ctrl-C twice gives up a function that heeds nothing, and nothing is said of an end that it had no part in", async (t) => {
  const project = await prepared(t);
  const run = project.start("run", "train.mjs#train", "--input", "numbers.txt");
  while (!existsSync(project.path("ready"))) await sleep(20);
  run.signal("SIGINT");
  await run.says(/Ctrl-C again/);
  run.signal("SIGINT");
  const { status, stderr } = await run.ended;
  assert.equal(status, 130, stderr);
  assert.match(stderr, /INTERRUPTED/);
  assert.doesNotMatch(stderr, /process\.exit|EXECUTION_LOST/);
});

test("publish says why a run that was killed failed, also when it is asked again", async (t) => {
  const project = await prepared(t);
  const rid = await killed(project);
  const { status, stdout, stderr } = project.run("publish");
  assert.equal(status, 4, stderr);
  assert.match(stdout, new RegExp(`^${rid} +running +failed .*its process ended while it was running`, "m"));
  const [again] = (JSON.parse(project.run("publish", rid, "--json").stdout) as { readonly items: Row[] })
    .items;
  assert.deepEqual([again?.["from"], again?.["state"]], ["failed", "failed"]);
  assert.match(String(again?.["reason"]), /its process ended while it was running/);
});

test("a run tells in its summary which of its parts failed", async (t) => {
  const project = await prepared(t);
  project.write(
    "sweep.mjs",
    `export async function sweep({ execution }) {
      for (const sequence of [1, 2, 3])
        await execution.nested({ sequence, run: (part) => { if (sequence === 2) part.fail("too few data"); } });
    }`,
  );
  const told = project.succeed("run", "sweep.mjs#sweep");
  assert.match(
    told,
    /^parts {5}2 published, 1 failed\npart {6}\S+ {2}failed {2}\(diagnostic\) DIAGNOSTIC_FAILED: too few data$/m,
  );
});
