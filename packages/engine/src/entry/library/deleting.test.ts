import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { type RunModelOptions, runModel } from "./run.ts";

interface Shop {
  readonly project: Project;
  readonly run: (
    model: (execution: RunContext) => unknown,
    more?: Partial<RunModelOptions>,
  ) => ReturnType<typeof runModel>;
}

async function shop(t: TestContext): Promise<Shop> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-deleting-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const run: Shop["run"] = (model, more = {}) =>
    runModel({ project, code, model: ({ execution }) => model(execution), ...more });
  return { project, run };
}

/** Rows of every table. */
function counts({ catalogFile }: Project): ReadonlyMap<string, number> {
  using database = new DatabaseSync(catalogFile, { readOnly: true });
  const tables = database.prepare("select name from sqlite_schema where type = 'table'").all();
  return new Map(
    tables.map(({ name }) => [
      String(name),
      Number(database.prepare(`select count(*) as n from "${name}"`).get()?.["n"]),
    ]),
  );
}

const refused = (pattern: RegExp) => ({ code: "IN_USE", message: pattern });

test("deleting takes everything that is of an execution alone, in catalog and folders, and nothing else", async (t) => {
  const { project, run } = await shop(t);
  const { features, typedRecords } = project.catalog;
  await typedRecords.define({
    ...{ name: "Site", description: "" },
    columns: [{ name: "name", holds: "value", type: "text", required: true }],
  });
  await features.define({
    ...{ target: { kind: "asset", name: "execution-asset" }, name: "good", description: "", columns: [] },
  });
  const work = (execution: RunContext): void => {
    writeFileSync(execution.outputPath("a.txt"), "a");
    execution.scalar({ dimensions: { metric: "m" }, value: 1 });
    execution.series({
      dimensions: { metric: "s" },
      values: [1, 2],
      index: [execution.rid.length, 9],
      indexName: "step",
    });
    execution.addFeatures([{ feature: "execution-asset/good", target: "a.txt" }]);
    writeFileSync(execution.recordTable("Site"), "name\nBern\n");
  };
  const stays = await run(work);
  const before = counts(project);
  const files = readdirSync(project.results.folder("runs"), { recursive: true });
  const goes = await run(work, { config: { other: true } });
  assert.equal(goes.state, "published", goes.failure?.message);
  assert.deepEqual((await project.deletion({ rids: [goes.rid] })).uses, []);
  assert.deepEqual(await project.deleteExecutions({ rids: [goes.rid] }), [goes.rid]);
  assert.deepEqual(counts(project), before, "nothing is orphaned");
  assert.deepEqual(readdirSync(project.results.folder("runs"), { recursive: true }), files);
  assert.equal(existsSync(project.scratch.folder(goes.definition.fragment)), false);
  assert.equal(await project.catalog.executions.execution(goes.rid), undefined);
  assert.equal((await project.catalog.executions.execution(stays.rid))?.state, "published");
  const next = await run(() => {});
  assert.notEqual(next.rid, goes.rid, "a RID is never given twice");
  await assert.rejects(project.deleteExecutions({ rids: [goes.rid] }), { code: "UNKNOWN_NAME" });
});

test("what depends on an execution is named, and nothing is deleted; together they go", async (t) => {
  const { project, run } = await shop(t);
  const { catalog } = project;
  const made = await run(({ outputPath, recordTable }) => {
    writeFileSync(outputPath("model.bin"), "m");
    assert.ok(recordTable);
  });
  const asset = made.stored.find(({ fileName }) => fileName === "model.bin")?.rid as Rid;
  const user = await run(() => {}, { assets: [asset] });
  await assert.rejects(
    project.deleteExecutions({ rids: [made.rid] }),
    refused(new RegExp(`${made.rid} made an input of execution ${user.rid}`)),
  );
  await assert.rejects(catalog.removal.asset(asset), refused(/is a file of execution/));
  const [use] = (await project.deletion({ rids: [made.rid] })).uses;
  assert.deepEqual([use?.of, use?.by], [made.rid, user.rid]);
  await catalog.features.define({
    ...{ target: { kind: "asset", name: "execution-asset" }, name: "seen", description: "" },
    columns: [{ name: "beside", holds: "asset", required: false }],
  });
  const judge = await run(({ outputPath, addFeatures }) => {
    writeFileSync(outputPath("own.txt"), "o");
    addFeatures([
      { feature: "execution-asset/seen", target: asset },
      { feature: "execution-asset/seen", target: "own.txt", values: { beside: asset } },
    ]);
  });
  assert.equal(judge.state, "published", judge.failure?.message);
  await project.deleteExecutions({ rids: [user.rid] });
  await assert.rejects(
    project.deleteExecutions({ rids: [made.rid] }),
    refused(new RegExp(`target of features of execution ${judge.rid}.*column beside of seen.*${judge.rid}`)),
  );
  await assert.rejects(catalog.removal.feature("execution-asset/seen"), refused(new RegExp(judge.rid)));
  await project.deleteExecutions({ rids: [made.rid, judge.rid] });
  await catalog.removal.feature("execution-asset/seen");
  assert.equal((await catalog.features.features()).length, 0);
  assert.equal((await catalog.executions.list({})).total, 0);
});

test("wholes and parts go together or not at all", async (t) => {
  const { project, run } = await shop(t);
  const whole = await run((execution) => execution.nested({ run: (part) => part.nested({ run: () => {} }) }));
  const [part] = await project.catalog.runs.children(whole.rid, false);
  assert.ok(part !== undefined);
  await assert.rejects(
    project.deleteExecutions({ rids: [whole.rid] }),
    refused(new RegExp(`has a part, execution ${part.rid}`)),
  );
  await assert.rejects(
    project.deleteExecutions({ rids: [part.rid] }),
    refused(new RegExp(`is part of execution ${whole.rid}`)),
  );
  assert.equal((await project.deleteExecutions({ rids: [whole.rid], recursive: true })).length, 3);
  assert.equal((await project.catalog.executions.list({})).total, 0);
});

test("files from elsewhere, workflows and datasets go when nothing uses them", async (t) => {
  const { project, run } = await shop(t);
  const { catalog, folder } = project;
  writeFileSync(join(folder, "in.txt"), "in");
  const user = await run(() => {}, { inputs: [join(folder, "in.txt")] });
  const input = user.definition.assets[0]?.rid as Rid;
  const workflow = user.definition.workflow.rid;
  await assert.rejects(catalog.removal.asset(input), refused(new RegExp(`input of execution ${user.rid}`)));
  await assert.rejects(
    catalog.removal.workflow(workflow),
    refused(new RegExp(`workflow of execution ${user.rid}`)),
  );
  await project.deleteExecutions({ rids: [user.rid] });
  const at = "2026-01-01T00:00:00.000Z";
  const [whole, part] = await catalog.authored.create(
    ["whole", "part"].map((name) => ({
      name,
      description: "",
      types: ["Complete"],
      facets: {},
      members: [],
      at,
    })),
  );
  assert.ok(whole !== undefined && part !== undefined);
  await catalog.authored.change(part.rid, { add: [{ rid: input }] });
  await catalog.authored.change(whole.rid, { add: [{ rid: part.rid }] });
  await assert.rejects(catalog.removal.asset(input), refused(new RegExp(`member of dataset ${part.rid}`)));
  await assert.rejects(
    catalog.removal.dataset(part.rid),
    refused(new RegExp(`member of dataset ${whole.rid}`)),
  );
  for (const { rid } of [part, whole]) await catalog.authored.release(rid, { at });
  const reader = await run(() => {}, { datasets: [`${whole.rid}@0.1.0`] });
  assert.equal(reader.state, "published", reader.failure?.message);
  await assert.rejects(
    catalog.removal.dataset(whole.rid),
    refused(new RegExp(`${whole.rid} is an input of execution ${reader.rid}`)),
  );
  await project.deleteExecutions({ rids: [reader.rid] });
  for (const rid of [whole.rid, part.rid]) await catalog.removal.dataset(rid);
  await catalog.removal.asset(input);
  await catalog.removal.workflow(workflow);
  for (const [remove, rid] of [
    [catalog.removal.asset, input],
    [catalog.removal.workflow, workflow],
    [catalog.removal.dataset, whole.rid],
  ] as const)
    await assert.rejects(remove.call(catalog.removal, rid), { code: "UNKNOWN_NAME" });
});

/** A bag of a dataset with the file that a run of another project wrote. */
async function bagFromElsewhere(
  t: TestContext,
  model: Parameters<Shop["run"]>[0],
): Promise<{ readonly folder: string; readonly signal: AbortSignal }> {
  const { project, run } = await shop(t);
  const made = await run(model);
  const rid = made.stored.find(({ fileName }) => fileName === "data.bin")?.rid as Rid;
  const at = "2026-01-01T00:00:00.000Z";
  const [dataset] = await project.catalog.authored.create([
    { name: "d", description: "", types: [], facets: {}, members: [{ rid }], at, release: {} },
  ]);
  const folder = join(project.folder, "bag");
  const { signal } = new AbortController();
  const spec = { rid: dataset?.rid as Rid, version: "0.1.0" };
  await project.exportBag({ spec, folder, files: "all", signal });
  return { folder, signal };
}

const writing =
  (text: string): Parameters<Shop["run"]>[0] =>
  ({ outputPath }) =>
    writeFileSync(outputPath("data.bin"), text);

test("a file that an imported asset shares keeps the execution that holds it", async (t) => {
  const bag = await bagFromElsewhere(t, writing("the same bytes"));
  const { project, run } = await shop(t);
  for (let number = 0; number < 3; number++) await run(() => {});
  const near = await run(writing("the same bytes"));
  const { stored, root } = await project.importBag(bag);
  assert.equal(stored.files, 0);
  const [member] = await project.catalog.authored.members({ dataset: root.rid, version: root.version });
  await assert.rejects(
    project.deleteExecutions({ rids: [near.rid] }),
    refused(new RegExp(`${near.rid} holds the file of asset ${member?.rid}`)),
  );
});

test("deleting an execution that came with a bag leaves the folder of one that has the same name here", async (t) => {
  const bag = await bagFromElsewhere(t, writing("theirs"));
  const { project, run } = await shop(t);
  const { catalog } = project;
  const near = await run(writing("ours"));
  const { root } = await project.importBag(bag);
  const { items } = await catalog.executions.list({});
  const [ours, theirs] = items.toSorted((a, b) => Number(b.rid === near.rid) - Number(a.rid === near.rid));
  assert.ok(ours !== undefined && theirs !== undefined);
  const definition = await catalog.executions.definition(theirs.rid);
  assert.equal(definition?.fragment, ours.fragment, "both catalogs gave their run the same folder");
  assert.notEqual(theirs.fragment, ours.fragment);
  const file = join(project.folder, "results", ours.fragment, "data.bin");
  const brought = join(project.folder, "results", "datasets");
  await catalog.removal.dataset(root.rid);
  assert.ok(existsSync(brought));
  await project.deleteExecutions({ rids: [theirs.rid] });
  assert.ok(existsSync(file));
  assert.ok(!existsSync(brought), "nothing has the files of the bag any more");
  await project.deleteExecutions({ rids: [ours.rid] });
  assert.ok(!existsSync(file));
});

test("files of a bag go one by one when other files of it are still somebody's", async (t) => {
  const bag = await bagFromElsewhere(t, ({ outputPath }) => {
    for (const name of ["data.bin", "more.bin"]) writeFileSync(outputPath(name), name);
  });
  const { project } = await shop(t);
  const { catalog } = project;
  const { root } = await project.importBag(bag);
  const { items } = await catalog.assets.list({});
  const [first, second] = items.filter(({ url }) => url.startsWith("results:datasets/"));
  assert.ok(first !== undefined);
  assert.equal(second, undefined, "the bag has the member alone");
  // Another record of the same file, as a second import from a catalog of other RIDs makes it.
  const { madeBy: _, rid: __, ...same } = first;
  const other = await catalog.assets.add(same);
  const [run] = (await catalog.executions.list({})).items;
  await catalog.removal.dataset(root.rid);
  await project.deleteAsset(other.rid);
  const file = join(project.folder, "results", first.url.slice("results:".length));
  assert.ok(existsSync(file));
  await project.deleteExecutions({ rids: [run?.rid as Rid] });
  assert.ok(!existsSync(file));
});
