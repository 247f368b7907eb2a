import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { runModel, startExecution, withExecution } from "./run.ts";

/** An empty project with one file that holds the code, and one that is an input. */
async function project(t: TestContext): Promise<{ project: Project; code: string; input: string }> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-run-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const [code, input] = [join(folder, "analysis.ts"), join(folder, "numbers.txt")];
  writeFileSync(code, "// the code of the run");
  writeFileSync(input, "1 2 3");
  const opened = await open({ folder, access: "create" });
  t.after(async () => {
    await opened[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return { project: opened, code, input };
}

async function states(opened: Project, rid: Rid): Promise<readonly string[]> {
  return (await opened.catalog.executions.execution(rid))?.history.map(({ to }) => to) ?? [];
}

/** Every file below a folder with its size and time. */
function tree(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => ({ name, stats: statSync(join(folder, name)) }))
    .filter(({ name, stats }) => stats.isFile() && !/sqlite-(shm|wal)$/.test(name))
    .map(({ name, stats }) => `${name} ${stats.size} ${stats.mtimeMs}`)
    .sort();
}

test("a block is recorded and published when it is left; its value comes back", async (t) => {
  const { project: opened, code, input } = await project(t);
  const { value, report } = await withExecution(
    { project: opened, code, inputs: [input], config: { rate: 2 }, description: "a block" },
    async (execution) => {
      writeFileSync(execution.outputPath("out.txt"), readFileSync(execution.asset("numbers.txt").localPath));
      return execution.config["rate"];
    },
  );
  assert.equal(value, 2);
  assert.equal(report.state, "published");
  assert.deepEqual(
    report.stored.map(({ fileName }) => fileName),
    ["environment.json", "out.txt"],
  );
  assert.equal((await opened.catalog.executions.execution(report.rid))?.description, "a block");
});

test("an error of the block fails the execution and is thrown as it is", async (t) => {
  const { project: opened, code } = await project(t);
  const mine = new RangeError("mine");
  const run = withExecution({ project: opened, code }, () => {
    throw mine;
  });
  await assert.rejects(run, (error) => error === mine);
  const [execution] = (await opened.catalog.executions.list({})).items;
  assert.deepEqual([execution?.state, execution?.failure?.message], ["failed", "RangeError: mine"]);
});

test("an open execution is ended by its own verbs, and by the first of them alone", async (t) => {
  const { project: opened, code } = await project(t);
  const good = await startExecution({ project: opened, code });
  writeFileSync(good.execution.outputPath("x"), "x");
  const report = await good.complete();
  assert.deepEqual((await states(opened, report.rid)).slice(-4), [
    ...["running", "completed", "publishing", "published"],
  ]);
  assert.equal(await good.fail(new Error("late")), report);
  const bad = await startExecution({ project: opened, code });
  assert.equal((await bad.fail(new Error("no"))).state, "failed");
  await bad[Symbol.asyncDispose]();
  assert.equal(
    (await states(opened, bad.execution.rid)).at(-1),
    "failed",
    "leaving does not make it aborted",
  );
});

test("an open execution that is left without an end is given up", async (t) => {
  const { project: opened, code } = await project(t);
  let rid: Rid | undefined;
  {
    await using left = await startExecution({ project: opened, code });
    rid = left.execution.rid;
  }
  const execution = await opened.catalog.executions.execution(rid);
  assert.deepEqual([execution?.state, execution?.abortReason], ["aborted", "interrupted"]);
});

test("a run whose input has vanished fails before its code begins", async (t) => {
  const { project: opened, code, input } = await project(t);
  const first = await runModel({ project: opened, code, inputs: [input], model: () => {} });
  const [asset] = first.definition.assets;
  writeFileSync(input, "9 9 9 9");
  let called = false;
  const report = await runModel({
    ...{ project: opened, code, assets: [String(asset?.rid)] },
    model: () => {
      called = true;
    },
  });
  assert.deepEqual([report.state, report.failure?.code, called], ["failed", "ARTIFACT_INVALID", false]);
  await assert.rejects(startExecution({ project: opened, code, assets: [String(asset?.rid)] }), (error) =>
    isAlmanacError(error, "FILE_MISSING"),
  );
});

test("a dry run of a block runs it and leaves no trace", async (t) => {
  const { project: opened, code, input } = await project(t);
  const before = tree(opened.folder);
  let folder = "";
  const { report } = await withExecution(
    { project: opened, code, inputs: [input], dryRun: true },
    (execution) => {
      folder = execution.folder;
      assert.equal(execution.rid, "0000");
      writeFileSync(execution.outputPath("out.txt"), "x");
    },
  );
  assert.deepEqual([report.rid, report.state, report.stored], ["0000", "completed", []]);
  assert.equal(existsSync(folder), false);
  assert.deepEqual(tree(opened.folder), before);
  assert.equal((await opened.catalog.executions.list({})).total, 0);
});

test("kinds are checked when a file is registered: columns, types, what is required", async (t) => {
  const { project: opened, code } = await project(t);
  await opened.catalog.assets.declareKind({
    name: "Model",
    description: "",
    columns: [{ name: "epochs", type: "number", required: true }],
  });
  const report = await runModel({
    ...{ project: opened, code },
    model: ({ execution }) => {
      const refused = (metadata: Record<string, string | number>) =>
        assert.throws(() => execution.outputPath("m", { kind: "Model", metadata }), {
          code: "ARTIFACT_INVALID",
        });
      refused({});
      refused({ epochs: "ten" });
      refused({ epochs: 10, rate: 1 });
      writeFileSync(execution.outputPath("m", { kind: "Model", metadata: { epochs: 10 } }), "m");
    },
  });
  const model = report.stored.find(({ fileName }) => fileName === "m");
  assert.deepEqual([model?.kind, model?.metadata, model?.types], ["Model", { epochs: 10 }, ["Model"]]);
});

test("a name taken is an error, or a further version: every version is kept and accounted for", async (t) => {
  const { project: opened, code } = await project(t);
  const report = await runModel({
    ...{ project: opened, code },
    model: ({ execution }) => {
      for (const text of ["one", "two", "three"])
        writeFileSync(execution.outputPath("a/model.json", { replace: "new-version" }), text);
      const own = { name: "model", replace: "new-version" } as const;
      writeFileSync(execution.outputPath("m1", own), "first");
      writeFileSync(execution.outputPath("m2", own), "second");
      assert.throws(() => execution.outputPath("a/model.json"), {
        code: "ARTIFACT_INVALID",
        hint: /replace: "new-version"/,
      });
    },
  });
  assert.equal(report.state, "published", report.failure?.message);
  const folder = opened.results.folder(report.definition.fragment);
  const kept = {
    "a/model.json": "one",
    "versions/2/a/model.json": "two",
    "versions/3/a/model.json": "three",
  };
  for (const [path, text] of Object.entries({ ...kept, m1: "first", "versions/2/m2": "second" })) {
    assert.equal(readFileSync(join(folder, path), "utf8"), text);
    assert.ok(
      report.stored.some(({ url }) => url.endsWith(`/${path}`)),
      path,
    );
  }
  const { artifacts } = await opened.catalog.values.outputs(report.rid);
  assert.equal(artifacts.filter(({ name }) => name === "a/model.json").length, 3);
});

test("parts of a run are executions of their own, in sequence, each failing alone", async (t) => {
  const { project: opened, code } = await project(t);
  const { report } = await withExecution({ project: opened, code, config: { a: 1 } }, async (execution) => {
    const parts = [];
    for (const sequence of [2, 1])
      parts.push(
        await execution.nested({
          sequence,
          config: { a: sequence },
          description: `part ${sequence}`,
          run: (part) => {
            if (sequence === 1) part.fail("this one fails");
            part.scalar({ dimensions: { metric: "m" }, value: sequence });
          },
        }),
      );
    assert.deepEqual(
      parts.map(({ state }) => state),
      ["published", "failed"],
    );
  });
  assert.equal(report.state, "published");
  const children = await opened.catalog.runs.children(report.rid, false);
  assert.deepEqual(
    children.map(({ sequence, description, state }) => [sequence, description, state]),
    [
      [1, "part 1", "failed"],
      [2, "part 2", "published"],
    ],
  );
  const [parent] = await opened.catalog.runs.parents(children[0]?.rid as Rid, true);
  assert.equal(parent?.rid, report.rid);
  const { runs } = opened.catalog;
  await assert.rejects(runs.nest({ parent: children[0]?.rid as Rid, child: report.rid }), {
    code: "NESTING_INVALID",
  });
  await assert.rejects(runs.nest({ parent: report.rid, child: report.rid }), { code: "NESTING_INVALID" });
});

test("a function gets a catalog that it can read and not write", async (t) => {
  const { project: opened, code, input } = await project(t);
  const report = await runModel({
    ...{ project: opened, code, inputs: [input] },
    model: async ({ catalog, execution }) => {
      const asset = await catalog.assets.asset(execution.asset("numbers.txt").rid);
      assert.equal(asset?.kind, "file");
      assert.equal("declareKind" in catalog.assets, false);
      assert.equal("transition" in catalog.executions, false);
    },
  });
  assert.equal(report.state, "published", report.failure?.message);
});
