import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { ErrorCode } from "../../core/errors.ts";
import { isAlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { DatasetSpec } from "../../core/records/dataset-version.ts";
import { composeProject } from "../compose.ts";
import type { Project } from "../project.ts";
import { runModel } from "./run.ts";

interface Given {
  readonly project: Project;
  readonly files: readonly Rid[];
  readonly records: readonly Rid[];
  /** A released dataset of all files. */
  readonly dataset: DatasetSpec;
}

const refused =
  (code: ErrorCode, message: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(isAlmanacError(error, code), String(error));
    assert.match(error.message, message);
    return true;
  };

const halves = [
  { name: "train", fraction: 0.5 },
  { name: "test", fraction: 0.5 },
];

/** Twelve files of four models with a feature, and six records, in a released dataset of files. */
async function given(t: TestContext): Promise<Given> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-split-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await composeProject({ cwd: folder, access: "create" }, {});
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const { typedRecords, features, authored } = project.catalog;
  await typedRecords.define({
    ...{ name: "Site", description: "" },
    columns: [{ name: "country", holds: "value", type: "text", required: true }],
  });
  await features.define({
    ...{ target: { kind: "asset", name: "file" }, name: "climate.zone", description: "" },
    columns: [{ name: "zone.code", holds: "value", type: "text", required: false }],
  });
  const made = await runModel({
    project,
    code,
    model: ({ execution }) => {
      for (let at = 0; at < 12; at += 1) {
        const metadata = { model: `model ${at % 4}`, member: at };
        writeFileSync(execution.outputPath(`${at}.txt`, { kind: "file", metadata }), String(at));
        const values = { "zone.code": at < 6 ? "polar" : "tropical" };
        execution.addFeatures([{ feature: "file/climate.zone", target: { path: `${at}.txt` }, values }]);
      }
      for (let at = 0; at < 6; at += 1)
        appendFileSync(execution.recordTable("Site"), `${at < 4 ? "Switzerland" : "Austria"}\n`);
    },
  });
  assert.equal(made.state, "published", made.failure?.message);
  const files = made.stored.filter(({ kind }) => kind === "file").map(({ rid }) => rid);
  const records = (await typedRecords.list({ type: "Site" })).items.map(({ rid }) => rid);
  const [dataset] = await authored.create([
    {
      ...{
        name: "samples",
        description: "",
        types: ["Complete"],
        at: made.definition.createdAt,
        release: {},
      },
      members: files.map((rid, at) => ({ rid, path: `all/${at}.txt` })),
    },
  ]);
  assert.ok(dataset !== undefined);
  return { project, files, records, dataset: { rid: dataset.rid, version: "0.1.0" } };
}

test("a split by a metadata column: released parts without a model in common, as children with their derivation", async (t) => {
  const { project, files, dataset } = await given(t);
  const { authored, assets } = project.catalog;
  const split = await project.splitDataset({ dataset, parts: halves, seed: 5, disjointBy: "model" });
  assert.deepEqual(
    split.parts.map(({ name, types, members, keys, version }) => [name, types, members, keys, version]),
    [
      ["train", ["Training"], 6, 2, "0.1.0"],
      ["test", ["Testing"], 6, 2, "0.1.0"],
    ],
  );
  const modelsOf = async (rid: Rid): Promise<ReadonlySet<unknown>> => {
    const members = await authored.members({ dataset: rid, version: "0.1.0" });
    for (const { path } of members) assert.match(path ?? "", /^all\/\d+\.txt$/, "places are kept");
    const found = await Promise.all(members.map((member) => assets.asset(member.rid)));
    return new Set(found.map((asset) => asset?.metadata["model"]));
  };
  const [train, tested] = await Promise.all(split.parts.map(({ rid }) => modelsOf(rid as Rid)));
  for (const model of train ?? []) assert.equal(tested?.has(model), false);
  assert.equal((train?.size ?? 0) + (tested?.size ?? 0), 4);

  const parent = await authored.dataset(split.rid as Rid);
  assert.deepEqual([parent?.name, parent?.types, parent?.version], ["samples-split", ["Split"], "0.1.0"]);
  const children = await authored.children({ dataset: split.rid as Rid, version: "0.1.0" });
  assert.deepEqual(
    children.map(({ child }) => child.rid),
    split.parts.map(({ rid }) => rid),
  );
  const part = await authored.dataset(split.parts[1]?.rid as Rid);
  const [version] = await authored.versions(dataset.rid);
  assert.deepEqual(
    [part?.name, part?.derivation],
    [
      "samples-split-test",
      {
        ...{ by: "split", of: `${dataset.rid}@0.1.0`, digest: version?.digest, seed: 5 },
        ...{ parts: halves, disjointBy: "model", leftOut: 0, part: "test" },
      },
    ],
  );
  const again = await project.splitDataset({ dataset, parts: halves, seed: 5, disjointBy: "model" });
  const digests = (made: typeof split) =>
    Promise.all(
      made.parts.map(async ({ rid }) => {
        const [released] = await authored.versions(rid as Rid);
        return released?.digest;
      }),
    );
  assert.deepEqual(await digests(again), await digests(split), "the same seed, the same content");
  assert.equal(files.length, 12);
});

test("strata from a feature, whose names hold dots; from records; both together with keys", async (t) => {
  const { project, records, dataset } = await given(t);
  const stratifyBy = "feature:file/climate.zone.zone.code";
  const split = await project.splitDataset({ dataset, parts: halves, seed: 1, stratifyBy });
  for (const { strata } of split.parts) assert.deepEqual(strata, { polar: 3, tropical: 3 });
  const [sites] = await project.catalog.authored.create([
    {
      ...{ description: "", types: [], at: "2026-01-01T00:00:00.000Z", release: {} },
      members: records.map((rid) => ({ rid })),
    },
  ]);
  const spec = { rid: sites?.rid as Rid, version: "0.1.0" };
  const bySite = await project.splitDataset({ dataset: spec, parts: halves, seed: 1, stratifyBy: "country" });
  for (const { strata } of bySite.parts) assert.deepEqual(strata, { Austria: 1, Switzerland: 2 });
  const both = await project.splitDataset({
    dataset,
    parts: halves,
    seed: 1,
    disjointBy: "model",
    stratifyBy,
  });
  assert.deepEqual(
    both.parts.map(({ members, keys }) => [members, keys]),
    [
      [6, 2],
      [6, 2],
    ],
  );
});

test("a dry run tells the same and writes nothing", async (t) => {
  const { project, dataset } = await given(t);
  const request = { dataset, parts: halves, seed: 2, disjointBy: "model" };
  const before = (await project.catalog.authored.list({})).total;
  const dry = await project.splitDataset({ ...request, dryRun: true });
  assert.equal((await project.catalog.authored.list({})).total, before);
  assert.equal(dry.rid, undefined);
  const made = await project.splitDataset(request);
  assert.deepEqual(
    made.parts.map(({ rid: _, version: __, ...part }) => part),
    dry.parts,
  );
});

test("a sample is a released subset; parts that do not ask for everything leave members out", async (t) => {
  const { project, dataset } = await given(t);
  const sample = await project.subsampleDataset({ dataset, size: { count: 5 }, seed: 1, name: "few" });
  assert.deepEqual([sample.members, sample.from, sample.version], [5, 12, "0.1.0"]);
  const stored = await project.catalog.authored.dataset(sample.rid as Rid);
  assert.deepEqual([stored?.name, stored?.types, stored?.memberCount], ["few", ["Subset"], 5]);
  const [version] = await project.catalog.authored.versions(dataset.rid);
  assert.deepEqual(stored?.derivation, {
    ...{ by: "subsample", of: `${dataset.rid}@0.1.0`, digest: version?.digest, seed: 1, count: 5 },
  });
  const split = await project.splitDataset({ dataset, parts: [{ name: "pilot", count: 2 }], seed: 1 });
  assert.deepEqual([split.parts[0]?.types, split.leftOut], [["Subset"], 10]);
});

test("what cannot be split is refused with the reason, and nothing is made", async (t) => {
  const { project, dataset } = await given(t);
  const { authored } = project.catalog;
  const before = (await authored.list({})).total;
  const split = (changes: object) => project.splitDataset({ dataset, parts: halves, seed: 1, ...changes });
  const parts = [
    { name: "a", count: 13 },
    { name: "a", fraction: 2 },
  ];
  await assert.rejects(
    split({ parts }),
    refused("SPLIT_REFUSED", /two parts are called "a".*the fraction 2/),
  );
  await assert.rejects(split({ disjointBy: "modle" }), (error) => {
    assert.ok(isAlmanacError(error, "UNKNOWN_NAME"));
    return error.hint === "did you mean model?";
  });
  await assert.rejects(
    split({ stratifyBy: "feature:file/climate.zone.none" }),
    refused("UNKNOWN_NAME", /anything that is called/),
  );
  for (const spec of [{ rid: dataset.rid }, { rid: dataset.rid, version: "draft" }])
    await assert.rejects(split({ dataset: spec }), refused("UNKNOWN_NAME", /version/));
  await assert.rejects(split({ dataset: { rid: "ZZZZ" } }), refused("UNKNOWN_NAME", /no authored dataset/));
  assert.equal((await authored.list({})).total, before);
});

test("members without the value are named, for a column and for a feature", async (t) => {
  const { project, files, records } = await given(t);
  const [mixed] = await project.catalog.authored.create([
    {
      ...{ description: "", types: [], at: "2026-01-01T00:00:00.000Z", release: {} },
      members: [...files.slice(0, 3), ...records.slice(0, 2)].map((rid) => ({ rid })),
    },
  ]);
  const dataset = { rid: mixed?.rid as Rid, version: "0.1.0" };
  const named = new RegExp(`2 of 5 members have nothing in "model": ${records.slice(0, 2).join(", ")}`);
  const split = (disjointBy: string) => project.splitDataset({ dataset, parts: halves, seed: 1, disjointBy });
  await assert.rejects(split("model"), refused("UNKNOWN_NAME", named));
  await assert.rejects(
    split("feature:file/climate.zone.zone.code"),
    refused("UNKNOWN_NAME", /2 of 5 members have nothing/),
  );
});
