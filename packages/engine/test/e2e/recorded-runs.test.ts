import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
import { readFileSync, writeFileSync } from "node:fs";

export function train({ config, execution: { asset, outputPath, scalar } }) {
  const numbers = readFileSync(asset("numbers.txt").localPath, "utf8").trim().split("\\n").map(Number);
  const mean = numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
  console.log("training at", config.rate);
  writeFileSync(outputPath("model v1.2.json", { description: "The model", types: ["model"] }), JSON.stringify({ mean }));
  scalar({ dimensions: { metric: "loss" }, value: mean });
}

export function names({ execution: { outputPath, registerFile, changeFile, fail } }) {
  for (const name of ["with space.txt", "two.dots.txt", "noextension", "ünïcode ☃.txt", "a/x.txt", "b/x.txt"])
    writeFileSync(outputPath(name), name);
  registerFile("numbers.txt", "linked.txt", { mode: "link" });
  for (const again of [() => outputPath("linked.txt"), () => registerFile("train.mjs", "linked.txt", { mode: "copy" }),
    () => outputPath("inputs/mine.txt"), () => outputPath("../out.txt"), () => outputPath("k", { kind: "none" })]) {
    try { again(); } catch (error) { if (error.code === "ARTIFACT_INVALID") continue; throw error; }
    fail("that was to be refused");
  }
  changeFile("two.dots.txt", { types: ["plot"], metadata: { page: 3 }, description: "told later" });
}

export function breaks({ execution: { outputPath } }) {
  writeFileSync(outputPath("partial.txt", { keepOnFailure: true }), "half");
  throw new Error("no such luck");
}
`;

function trained(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("train.mjs", module);
  project.write("numbers.txt", "1\n2\n6\n");
  return project;
}

type Row = Readonly<Record<string, unknown>>;

function assets(project: CommandLineProject, execution: string, role: string): readonly Row[] {
  return project.json("assets", "list", "--execution", execution, "--role", role).items;
}

/** The report of a command line that runs. */
function runs(project: CommandLineProject, ...words: readonly string[]): Row {
  return JSON.parse(project.succeed("run", "--json", ...words)) as Row;
}

/** Files below a folder with their times: what a command that writes nothing leaves as it was. */
function tree(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter(
      (name) =>
        statSync(join(folder, name)).isFile() &&
        !name.endsWith("almanac.log") &&
        !/sqlite-(shm|wal)$/.test(name),
    )
    .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
    .sort();
}

test("a function runs as a recorded execution: inputs in, files and values out, each found again", (t) => {
  const project = trained(t);
  const report = project.json(
    ...["run", "train.mjs#train", "--input", "numbers.txt", "-p", "rate=0.5", "--description", "**first**"],
  ) as unknown as Row;
  assert.equal(report["state"], "published");
  const rid = String(report["rid"]);
  const shown = project.json("executions", "show", rid) as unknown as Row;
  assert.equal(shown["origin"], "run");
  assert.equal(shown["description"], "**first**");
  assert.deepEqual(shown["parameters"], { rate: 0.5 });
  assert.deepEqual(
    (shown["history"] as Row[]).map(({ to }) => to),
    ["created", "initializing", "pending", "running", "completed", "publishing", "published"],
  );
  const durations = shown["durations"] as Row;
  assert.deepEqual(Object.keys(durations), ["download", "compute", "publish"]);
  assert.match(String((shown["workflow"] as Row)["url"]), /train\.mjs$/);
  assert.deepEqual(
    assets(project, rid, "Input").map(({ fileName, kind }) => [fileName, kind]),
    [["numbers.txt", "file"]],
  );
  const [environment, model] = assets(project, rid, "Output").filter(({ fileName }) =>
    ["environment.json", "model v1.2.json"].includes(String(fileName)),
  );
  assert.equal(environment?.["kind"], "execution-metadata");
  assert.deepEqual(
    [model?.["types"], model?.["description"], model?.["madeBy"]],
    [["model"], "The model", rid],
  );
  assert.equal(
    readFileSync(project.path("results/runs/train", rid, "model v1.2.json"), "utf8"),
    '{"mean":3}',
  );
  assert.equal(existsSync(project.path("results/runs/train", rid, "inputs")), false, "inputs are no outputs");
  assert.match(project.succeed("logs", rid), /training at 0\.5/);
  const [value] = project.json("values", "list", "metric=loss").items;
  assert.deepEqual([value?.["provider"], value?.["diagnostic"], value?.["value"]], ["runs", "train", 3]);
  const [listed] = project.json("executions", "list", "--provider", "runs", "--diagnostic", "train").items;
  assert.equal(listed?.["rid"], rid);
});

test("a command line gets inputs and configuration as files and leaves files; a model of one run is input of another", (t) => {
  const project = trained(t);
  const first = project.json("run", "train.mjs#train", "--input", "numbers.txt") as unknown as Row;
  const model = (first["stored"] as Row[]).find(({ fileName }) => fileName === "model v1.2.json");
  project.write(
    "evaluate.sh",
    `set -e
cd "$ALMANAC_EXECUTION"
test -f execution.json
cat inputs/*/"model v1.2.json" > "sub folder.txt"
grep -c '"threshold": 7' inputs.json > noextension`,
  );
  const second = runs(
    project,
    "--asset",
    String(model?.["rid"]),
    "-p",
    "threshold=7",
    "--",
    "sh",
    "evaluate.sh",
  );
  assert.equal(second["state"], "published");
  assert.equal((second["workflow"] as Row)["name"], "evaluate");
  const folder = project.path("results/runs/evaluate", String(second["rid"]));
  assert.equal(readFileSync(join(folder, "sub folder.txt"), "utf8"), '{"mean":3}');
  assert.equal(readFileSync(join(folder, "noextension"), "utf8"), "1\n");
  const uses = (project.json("assets", "show", String(model?.["rid"])) as unknown as Row)["uses"] as Row[];
  assert.deepEqual(uses, [
    { execution: first["rid"], role: "Output" },
    { execution: second["rid"], role: "Input" },
  ]);
});

test("any file name is kept, one name is never written twice, what is told later counts", (t) => {
  const project = trained(t);
  const report = project.json("run", "train.mjs#names") as unknown as Row;
  assert.equal(report["state"], "published", JSON.stringify(report["failure"]));
  const rows = assets(project, String(report["rid"]), "Output");
  const paths = rows.map(({ url }) => String(url).split(`${report["rid"]}/`)[1]);
  for (const name of [
    ...["with space.txt", "two.dots.txt", "noextension", "ünïcode ☃.txt", "a/x.txt", "b/x.txt", "linked.txt"],
  ])
    assert.ok(paths.includes(name), name);
  const later = rows.find(({ fileName }) => fileName === "two.dots.txt");
  assert.deepEqual(
    [later?.["types"], later?.["metadata"], later?.["description"]],
    [["figure"], { page: 3 }, "told later"],
  );
  assert.equal(
    readFileSync(project.path("numbers.txt"), "utf8"),
    "1\n2\n6\n",
    "a linked file of the user's is untouched",
  );
});

test("a run that fails keeps its provenance and what it was told to keep", (t) => {
  const project = trained(t);
  const { status, stdout } = project.run("run", "train.mjs#breaks", "--json");
  assert.equal(status, 4);
  const report = JSON.parse(stdout) as Row;
  assert.equal((report["failure"] as Row)["class"], "diagnostic");
  const folder = project.path("results/runs/train", String(report["rid"]));
  assert.equal(readFileSync(join(folder, "partial.txt"), "utf8"), "half");
  for (const name of ["execution.json", "captured/environment.json", "execution.log", "outcome.json"])
    assert.ok(existsSync(join(folder, name)), name);
  const shown = project.json("executions", "show", String(report["rid"])) as unknown as Row;
  assert.equal(shown["state"], "failed");
  assert.ok(shown["workflow"]);
});

test("everything that a run names is checked first, and all problems are told at once; nothing is written", (t) => {
  const project = trained(t);
  const before = tree(project.folder);
  const wrong = ["--input", "none.txt", "--asset", "99", "abc!", "--dataset", "unheard.of"];
  const { status, stderr } = project.run("run", ...wrong, "--", "true");
  assert.equal(status, 2);
  for (const each of [/no file .*none\.txt/, /no asset 99/, /"abc!" is not a RID/, /no dataset unheard\.of/])
    assert.match(stderr, each);
  assert.equal(project.run("run", "train.mjs#nothing").status, 2);
  assert.deepEqual(tree(project.folder), before);
});

test("a dry run finds everything and writes nothing", (t) => {
  const project = trained(t);
  const before = tree(project.folder);
  const dry = project.json("run", "train.mjs#train", "--input", "numbers.txt", "--dry-run") as unknown as Row;
  const definition = dry["definition"] as Row;
  assert.deepEqual([dry["dryRun"], definition["rid"]], [true, "0000"]);
  assert.match(String((definition["assets"] as Row[])[0]?.["sha256"]), /^[0-9a-f]{64}$/);
  assert.deepEqual(tree(project.folder), before);
});

test("results alone make the same runs and assets in an empty catalog", (t) => {
  const project = trained(t);
  const first = project.json("run", "train.mjs#train", "--input", "numbers.txt") as unknown as Row;
  const model = (first["stored"] as Row[]).find(({ fileName }) => fileName === "model v1.2.json");
  runs(project, "--asset", String(model?.["rid"]), "--", "sh", "-c", 'echo x > "$ALMANAC_EXECUTION/x"');
  const listing = () => project.json("assets", "list").items;
  const before = listing();
  rmSync(project.path(".almanac"), { recursive: true });
  project.succeed("init");
  project.succeed("executions", "ingest");
  assert.deepEqual(listing(), before);
  project.succeed("executions", "ingest");
  assert.deepEqual(listing(), before);
});

test("an earlier run is run once more from what it says; one that was killed is brought to its end", (t) => {
  const project = trained(t);
  const first = project.json(
    "run",
    "train.mjs#train",
    "--input",
    "numbers.txt",
    "-p",
    "rate=1",
  ) as unknown as Row;
  const again = project.json("run", "--from", String(first["rid"]), "-p", "rate=2") as unknown as Row;
  assert.equal(again["state"], "published");
  const shown = project.json("executions", "show", String(again["rid"])) as unknown as Row;
  assert.deepEqual(shown["parameters"], { rate: 2 });
  const inputsOf = (report: Row) => (report["inputs"] as { assets: Row[] }).assets.map(({ rid }) => rid);
  assert.deepEqual(inputsOf(again), inputsOf(first), "inputs are not forgotten");
  assert.match(project.succeed("run", "--resume", String(first["rid"])), /published/);
  assert.equal(project.json("executions", "list").total, 2, "a published run is not run again");
  assert.equal(project.run("run").status, 2);
  for (const verb of [["explain"], ["executions", "retry"], ["executions", "reingest", "--new"]])
    assert.match(project.run(...verb, String(first["rid"])).stderr, /recorded run/, "of no use for a run");
  assert.equal(project.run("run", "--from", "ZZZ").status, 2);
});

test("files of assets are copied only if they are what was recorded, and checked when asked", (t) => {
  const project = trained(t);
  const report = project.json("run", "train.mjs#train", "--input", "numbers.txt") as unknown as Row;
  const model = (report["stored"] as Row[]).find(({ fileName }) => fileName === "model v1.2.json");
  const rid = String(model?.["rid"]).toLowerCase();
  project.succeed("assets", "download", rid, "copied/model.json");
  assert.equal(readFileSync(project.path("copied/model.json"), "utf8"), '{"mean":3}');
  project.succeed("assets", "verify");
  const stored = project.path("results/runs/train", String(report["rid"]), "model v1.2.json");
  rmSync(stored);
  writeFileSync(stored, '{"mean":4}');
  const { status, stderr } = project.run("assets", "download", rid, "damaged.json");
  assert.deepEqual([status, existsSync(project.path("damaged.json"))], [4, false], stderr);
  assert.equal(project.run("assets", "verify", rid).status, 9);
  const use = project.run("run", "--asset", rid, "--", "true");
  assert.equal(use.status, 4, "a damaged file is no input either");
});

test("what a number was made from, and what depends on a file, is found over several runs", (t) => {
  const project = trained(t);
  const first = project.json("run", "train.mjs#train", "--input", "numbers.txt") as unknown as Row;
  const model = (first["stored"] as Row[]).find(({ fileName }) => fileName === "model v1.2.json");
  const second = runs(
    project,
    ...["--asset", String(model?.["rid"]), "--", "sh", "-c", 'echo x > "$ALMANAC_EXECUTION/table.csv"'],
  );
  const table = (second["stored"] as Row[]).find(({ fileName }) => fileName === "table.csv");
  const numbers = (first["inputs"] as { assets: Row[] }).assets[0]?.["rid"];
  const up = project.json("lineage", String(table?.["rid"])) as unknown as { nodes: Row[]; edges: Row[] };
  assert.deepEqual(
    up.nodes.map(({ rid }) => rid),
    [table?.["rid"], second["rid"], model?.["rid"], first["rid"], numbers],
  );
  const down = project.json("impact", String(numbers)) as unknown as { nodes: Row[]; counts: Row };
  assert.ok(down.nodes.some(({ rid }) => rid === table?.["rid"]));
  assert.equal(down.counts["value"], 1);
  const [value] = project.json("values", "list", "metric=loss").items;
  assert.match(project.succeed("lineage", String(value?.["rid"])), /numbers\.txt/);
  const cut = project.json("lineage", String(table?.["rid"]), "--depth", "1") as unknown as Row;
  assert.deepEqual([(cut["nodes"] as Row[]).length, cut["cut"]], [2, true]);
  assert.match(project.succeed("lineage", String(table?.["rid"]), "--format", "dot"), /^digraph/);
  assert.match(project.succeed("lineage", String(table?.["rid"]), "--format", "mermaid"), /^flowchart/);
  assert.equal(project.run("lineage", "ZZZ").status, 2);
});

test("Ctrl-C once lets a run finish, twice gives it up; what it started is ended", async (t) => {
  const project = trained(t);
  project.write("slow.sh", 'echo $$ > started; sleep "$1"; echo done > "$ALMANAC_EXECUTION/out.txt"\n');
  const interrupted = async (seconds: string, signals: number): Promise<Row> => {
    rmSync(project.path("started"), { force: true });
    const started = project.start("run", "--json", "--", "sh", "slow.sh", seconds);
    while (!existsSync(project.path("started"))) await sleep(20);
    for (let sent = 0; sent < signals; sent += 1) {
      started.signal("SIGINT");
      await sleep(150);
    }
    const { status, stdout } = await started.ended;
    return { status, ...(JSON.parse(stdout) as Row) };
  };
  const finished = await interrupted("1", 1);
  assert.deepEqual([finished["status"], finished["state"]], [0, "published"]);
  const cancelled = await interrupted("300", 2);
  assert.deepEqual([cancelled["status"], cancelled["state"]], [130, "aborted"]);
  const pid = Number(readFileSync(project.path("started"), "utf8"));
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  const shown = project.json("executions", "show", String(cancelled["rid"])) as unknown as Row;
  assert.equal(shown["abortReason"], "interrupted");
});

test("the RIDs of a run are saved where the environment asks for them, before the run starts", (t) => {
  const project = trained(t);
  const inside = 'cp rids.json "$ALMANAC_EXECUTION/copied.json"';
  const [program = "", ...words] = project.commandLine();
  const { status, stdout } = spawnSync(program, [...words, "run", "--json", "--", "sh", "-c", inside], {
    cwd: project.folder,
    env: { ...process.env, ALMANAC_SAVE_EXECUTION_RID: "rids.json" },
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
  const { rid, workflow } = JSON.parse(stdout) as { rid: string; workflow: { rid: string } };
  const saved = JSON.parse(readFileSync(project.path("rids.json"), "utf8")) as Row;
  assert.deepEqual([saved["execution"], saved["workflow"]], [rid, workflow.rid]);
  assert.ok(existsSync(project.path("results/runs/sh", rid, "copied.json")));
});

test("types are terms: of a workflow in a dry run too, of a file before it is written, of a kind that is declared", (t) => {
  const project = trained(t);
  const dry = project.run("run", "--dry-run", "train.mjs#train", "--type", "Trainig", "--input", "none.txt");
  assert.equal(dry.status, 2);
  assert.match(
    dry.stderr,
    /RUN_INVALID[\s\S]*none\.txt[\s\S]*no workflow type "Trainig"; did you mean "Training"/,
  );
  assert.equal(
    project.run("run", "train.mjs#train", "--type", "Trainig", "--input", "numbers.txt").status,
    2,
  );
  project.write(
    "typed.mjs",
    `import { writeFileSync } from "node:fs";
    export function typed({ config, execution }) {
      writeFileSync(execution.outputPath("weights.bin", { types: config.types }), "1");
    }`,
  );
  const wrong = project.run("run", "--json", "typed.mjs#typed", "-p", 'types=["modell"]');
  assert.equal(wrong.status, 4);
  assert.match(
    wrong.stdout,
    /weights\.bin cannot be registered: there is no asset type .*modell.*did you mean .*model/,
  );
  project.succeed("assets", "declare", "Weights");
  const report = runs(project, "typed.mjs#typed", "-p", 'types=["Weights", "plot", "figure"]');
  const [file] = assets(project, String(report["rid"]), "Output").filter(
    ({ kind }) => kind === "execution-asset",
  );
  assert.deepEqual(file?.["types"], ["Weights", "figure"]);
  assert.match(project.succeed("vocab", "show", "Asset_Type"), /Weights/);
});
