import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { RunReport } from "../../src/app/records/run-once.ts";
import type { RunContext } from "../../src/core/execution/run-context.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import { composeProject } from "../../src/entry/compose.ts";
import { runModel, startExecution, withExecution } from "../../src/entry/library/run.ts";
import type { Project } from "../../src/entry/project.ts";
import { type DurableObserver, unobserved } from "../../src/ports/durable.ts";
import { CommandLineProject } from "../support/command-line.ts";

// Programs that record executions have lost or mixed up what they were given in each of these ways: one test for each.

interface Lab {
  readonly project: Project;
  readonly code: string;
  readonly run: (model: (execution: RunContext) => unknown, more?: object) => Promise<RunReport>;
  /** Text of a file that a run left, from results. */
  readonly left: (report: RunReport, path: string) => string;
}

async function lab(
  t: TestContext,
  {
    observer = unobserved,
    environment = {},
  }: { readonly observer?: DurableObserver; readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-defects-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await composeProject({ cwd: folder, access: "create", environment }, { observer });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    project,
    code,
    run: (model, more = {}) =>
      runModel({ project, code, model: ({ execution }) => model(execution), ...more }),
    left: ({ definition }, path) =>
      readFileSync(join(project.results.folder(definition.fragment), path), "utf8"),
  };
}

function requirePublished(report: RunReport): void {
  assert.equal(report.state, "published", report.failure?.message);
}

async function outputs({ project }: Lab, report: RunReport) {
  const { items } = await project.catalog.assets.list({ execution: report.rid, role: "Output" });
  return items.filter(({ kind }) => kind !== "execution-metadata");
}

test("a second file of one name does not overwrite the first, nor the user's own file through a link to it", async (t) => {
  const here = await lab(t);
  const own = join(here.project.folder, "own.txt");
  writeFileSync(own, "mine");
  const report = await here.run((execution) => {
    execution.registerFile(own, "own.txt", { mode: "link" });
    for (const again of [
      () => execution.outputPath("own.txt"),
      () => execution.registerFile(here.code, "own.txt", { mode: "copy" }),
    ])
      assert.throws(again, { code: "ARTIFACT_INVALID" });
    writeFileSync(execution.outputPath("a/x.txt"), "first");
    writeFileSync(execution.outputPath("b/x.txt"), "second");
  });
  requirePublished(report);
  assert.equal(readFileSync(own, "utf8"), "mine");
  assert.deepEqual(
    [here.left(report, "a/x.txt"), here.left(report, "b/x.txt"), here.left(report, "own.txt")],
    ["first", "second", "mine"],
  );
});

test("no file is left out for its name: spaces, two dots, no extension, other scripts", async (t) => {
  const here = await lab(t);
  const names = [
    "with space.txt",
    "two.dots.txt",
    "noextension",
    ".hidden",
    "ünï ☃.csv",
    "a,b;c'd\"e.txt",
    "-dash",
  ];
  const report = await here.run((execution) => {
    for (const name of names) writeFileSync(execution.outputPath(name), name);
  });
  requirePublished(report);
  const stored = await outputs(here, report);
  assert.deepEqual(stored.map(({ fileName }) => fileName).sort(), [...names].sort());
  for (const name of names) assert.equal(here.left(report, name), name);
  const missing = await here.run((execution) => execution.outputPath("never written.txt"));
  assert.match(missing.failure?.message ?? "", /never written\.txt/, "what is not there is no success");
});

test("metadata is stored as it was given: never missing, never a word for nothing", async (t) => {
  const here = await lab(t);
  await here.project.catalog.assets.declareKind({
    ...{ name: "Model", description: "" },
    columns: [
      { name: "epochs", type: "number", required: true },
      { name: "note", type: "text", required: false },
    ],
  });
  const report = await here.run((execution) => {
    for (const metadata of [{}, { epochs: "None" }, { epochs: null }])
      assert.throws(() => execution.outputPath("m", { kind: "Model", metadata }), {
        code: "ARTIFACT_INVALID",
      });
    writeFileSync(execution.outputPath("m", { kind: "Model", metadata: { epochs: 0, note: "" } }), "m");
    writeFileSync(execution.outputPath("n", { kind: "Model", metadata: { epochs: 3 } }), "n");
  });
  requirePublished(report);
  const metadata = (await outputs(here, report)).map((asset) => asset.metadata);
  assert.deepEqual(metadata, [{ epochs: 0, note: "" }, { epochs: 3 }]);
});

test("types that are changed later are those that are stored", async (t) => {
  const here = await lab(t);
  const report = await here.run((execution) => {
    writeFileSync(execution.outputPath("m.bin", { types: ["table"] }), "m");
    execution.changeFile("m.bin", { types: ["model"], description: "A model after all" });
  });
  requirePublished(report);
  const [asset] = await outputs(here, report);
  assert.deepEqual([asset?.types, asset?.description], [["model"], "A model after all"]);
});

/** A feature of files with a column for another file, and one for a term. */
async function withFeature(here: Lab): Promise<void> {
  const { vocabularies, features } = here.project.catalog;
  await vocabularies.create({ name: "Grade", description: "" });
  await vocabularies.add("Grade", { name: "good", description: "", synonyms: [] });
  await features.define({
    ...{ target: { kind: "asset", name: "execution-asset" }, name: "seen", description: "" },
    columns: [
      { name: "grade", holds: "term", vocabulary: "Grade", required: true },
      { name: "picture", holds: "asset", required: false },
    ],
  });
}

test("a feature with a column for files works: by path, by RID, and with none", async (t) => {
  const here = await lab(t);
  await withFeature(here);
  const first = await here.run((execution) => writeFileSync(execution.outputPath("old.png"), "o"));
  const [old] = await outputs(here, first);
  const report = await here.run((execution) => {
    const pictures = ["two words.v1.png", "b.png", "c.png"].map((name) => execution.outputPath(name));
    for (const picture of pictures) writeFileSync(picture, "p");
    const [target = "", other = "", third = ""] = pictures;
    const feature = "execution-asset/seen";
    execution.addFeatures([
      { feature, target, values: { grade: "good", picture: other } },
      { feature, target: other, values: { grade: "good", picture: old?.rid ?? "" } },
      { feature, target: third, values: { grade: "good", picture: null } },
    ]);
  });
  requirePublished(report);
  const values = await here.project.catalog.features.values({ feature: "execution-asset/seen", limit: 10 });
  const rid = (name: string) => report.stored.find(({ fileName }) => fileName === name)?.rid;
  const held = new Map(values.map((value) => [value.target, value.values["picture"]]));
  assert.deepEqual(
    ["two words.v1.png", "b.png", "c.png"].map((name) => held.get(rid(name) as Rid)),
    [rid("b.png"), old?.rid, null],
  );
});

test("features that could not be stored are not dropped when it is tried again, and are stored once", async (t) => {
  const here = await lab(t);
  await withFeature(here);
  const { vocabularies, features } = here.project.catalog;
  const failed = await here.run(async (execution) => {
    writeFileSync(execution.outputPath("a.png"), "a");
    execution.addFeatures([{ feature: "execution-asset/seen", target: "a.png", values: { grade: "good" } }]);
    await vocabularies.remove({ vocabulary: "Grade", term: "good" });
  });
  assert.equal(failed.state, "failed");
  await assert.rejects(here.project.reingest(failed.rid), /"good" is not a term/);
  await vocabularies.add("Grade", { name: "good", description: "", synonyms: [] });
  for (let time = 0; time < 2; time += 1) {
    await here.project.reingest(failed.rid);
    assert.deepEqual(await features.count("execution-asset/seen"), { values: 1, targets: 1 });
  }
});

test("inputs are never taken for outputs, nor outputs for inputs", async (t) => {
  const here = await lab(t);
  const data = join(here.project.folder, "data.csv");
  writeFileSync(data, "1,2");
  const report = await here.run(
    (execution) => {
      assert.throws(() => execution.outputPath("inputs/mine.csv"), { code: "ARTIFACT_INVALID" });
      writeFileSync(execution.outputPath("data.csv"), "made");
    },
    { inputs: [data] },
  );
  requirePublished(report);
  const { assets } = here.project.catalog;
  const list = async (role: "Input" | "Output") =>
    (await assets.list({ execution: report.rid, role, kind: ["file", "execution-asset"] })).items;
  const [input, output] = [await list("Input"), await list("Output")];
  assert.deepEqual(
    [input.map(({ kind }) => kind), output.map(({ kind }) => kind)],
    [["file"], ["execution-asset"]],
  );
  assert.equal(existsSync(join(here.project.results.folder(report.definition.fragment), "inputs")), false);
  assert.equal(readFileSync(data, "utf8"), "1,2");
});

test("the sequence of parts is kept, also in what is rebuilt from results", async (t) => {
  const here = await lab(t);
  const report = await here.run(async (execution) => {
    for (const sequence of [3, 1, 0])
      await execution.nested({ sequence, description: `part ${sequence}`, run: () => {} });
  });
  requirePublished(report);
  const sequences = async (project: Project) =>
    (await project.catalog.runs.children(report.rid, false)).map(({ sequence, description }) => [
      sequence,
      description,
    ]);
  const expected = [0, 1, 3].map((sequence) => [sequence, `part ${sequence}`]);
  assert.deepEqual(await sequences(here.project), expected);
  const other = await composeProject(
    { cwd: here.project.folder, access: "create", settings: { "catalog.url": "sqlite:other.sqlite" } },
    {},
  );
  try {
    await other.ingestResults([]);
    assert.deepEqual(await sequences(other), expected);
  } finally {
    await other[Symbol.asyncDispose]();
  }
});

test("an execution is not shown as published before its files are in place", async (t) => {
  const seen: string[] = [];
  let catalogFile = "";
  const watch =
    (when: string) =>
    (point: string): void => {
      if (catalogFile === "") return;
      using database = new DatabaseSync(catalogFile, { readOnly: true });
      for (const { state, fragment } of database.prepare("select state, fragment from execution").all()) {
        const folder = join(catalogFile, "../../results", String(fragment));
        const there = existsSync(join(folder, "big.bin")) && statSync(join(folder, "big.bin")).size === 1e6;
        seen.push(`${when} ${point}: ${String(state)} ${there}`);
      }
    };
  const here = await lab(t, { observer: { before: watch("before"), after: watch("after") } });
  catalogFile = here.project.catalogFile;
  const report = await here.run((execution) =>
    writeFileSync(execution.outputPath("big.bin"), Buffer.alloc(1e6)),
  );
  catalogFile = "";
  requirePublished(report);
  assert.ok(
    seen.some((line) => line.endsWith("publishing false")),
    "it is looked at before the files are there",
  );
  assert.ok(
    seen.some((line) => line.endsWith("published true")),
    "and afterwards",
  );
  assert.deepEqual(
    seen.filter((line) => line.endsWith("published false")),
    [],
  );
});

test("leaving a failed execution does not make it aborted", async (t) => {
  const here = await lab(t);
  let rid: Rid | undefined;
  {
    await using open = await startExecution({ project: here.project, code: here.code });
    rid = open.execution.rid;
    assert.equal((await open.fail(new Error("no"))).state, "failed");
    assert.equal((await open.abort("too late")).state, "failed");
  }
  const state = async () => (await here.project.catalog.executions.execution(rid as Rid))?.state;
  assert.equal(await state(), "failed");
  const block = withExecution({ project: here.project, code: here.code }, async (execution) => {
    rid = execution.rid;
    throw new RangeError("mine");
  });
  await assert.rejects(block, RangeError);
  assert.equal(await state(), "failed");
});

test("of the environment nothing is recorded but what is on the list", async (t) => {
  const environment = {
    TZ: "UTC",
    MY_TOKEN: "s3cret-of-mine",
    INNOCENT: "AKIAIOSFODNN7EXAMPLE",
    PLAIN: "plain-words",
  };
  const here = await lab(t, { environment: { ...environment, PATH: process.env["PATH"] ?? "" } });
  const report = await here.run(() => {});
  requirePublished(report);
  assert.deepEqual(JSON.parse(here.left(report, "captured/environment.json")).variables, { TZ: "UTC" });
  const folder = here.project.folder;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  for (const file of files)
    for (const value of ["s3cret-of-mine", "AKIAIOSFODNN7EXAMPLE", "plain-words", "INNOCENT"])
      assert.ok(!readFileSync(join(folder, file), "latin1").includes(value), `${value} is in ${file}`);
});

test("a file is given to nobody before it has been compared with its digest", async (t) => {
  const here = await lab(t);
  const made = await here.run((execution) => writeFileSync(execution.outputPath("m.bin"), "good"));
  const [asset] = await outputs(here, made);
  const stored = join(here.project.results.folder(made.definition.fragment), "m.bin");
  chmodSync(stored, 0o644);
  writeFileSync(stored, "baad");
  let called = false;
  const user = await here.run(
    () => {
      called = true;
    },
    { assets: [asset?.rid] },
  );
  assert.deepEqual([user.state, called], ["failed", false]);
  assert.match(user.failure?.message ?? "", /sha256/);
  const project = new CommandLineProject(t);
  const config = `--config=${join(here.project.folder, "almanac.config.json")}`;
  const { status } = project.run(config, "assets", "download", String(asset?.rid), "copy.bin");
  assert.deepEqual([status === 0, existsSync(project.path("copy.bin"))], [false, false]);
});

test("a dry run writes nothing, whatever the code tries", async (t) => {
  const here = await lab(t);
  const { folder } = here.project;
  const tree = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => !/sqlite-(shm|wal)$/.test(name) && statSync(join(folder, name)).isFile())
      .map((name) => `${name} ${statSync(join(folder, name)).mtimeMs}`)
      .sort();
  const before = tree();
  const { report } = await withExecution(
    { project: here.project, code: here.code, dryRun: true },
    async (execution) => {
      writeFileSync(execution.outputPath("x.txt"), "x");
      const part = await execution.nested({
        run: (inner) => writeFileSync(inner.outputPath("y.txt"), "y"),
      });
      assert.equal(part.rid, "0000");
    },
  );
  assert.deepEqual([report.rid, report.state], ["0000", "completed"]);
  assert.deepEqual(tree(), before);
  assert.equal((await here.project.catalog.executions.list({})).total, 0);
});

test("a run that is resumed has not forgotten its inputs", async (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("in.txt", "given");
  project.write(
    "slow.sh",
    'test -e again || { touch ready; sleep 300; }; cat "$ALMANAC_EXECUTION"/inputs/*/in.txt > "$ALMANAC_EXECUTION/out.txt"\n',
  );
  const run = project.start("run", "--input", "in.txt", "-p", "rate=2", "--", "sh", "slow.sh");
  for (let waited = 0; !existsSync(project.path("ready")) && waited < 60_000; waited += 20) await sleep(20);
  run.signal("SIGKILL");
  await run.ended;
  project.write("again", "");
  const { rid } = project.json("executions", "list").items[0] as { rid: string };
  const report = project.json("run", "--resume", rid) as unknown as {
    state: string;
    fragment: string;
    inputs: { assets: { fileName: string }[] };
  };
  assert.deepEqual(
    [report.state, report.inputs.assets.map(({ fileName }) => fileName)],
    ["published", ["in.txt"]],
  );
  assert.equal(readFileSync(project.path("results", report.fragment, "out.txt"), "utf8"), "given");
});
