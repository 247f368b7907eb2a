import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { readFeatureValues } from "../../app/records/read-features.ts";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import type { RunContext } from "../../core/execution/run-context.ts";
import type { FeatureDefinition, FeatureValue } from "../../core/records/feature.ts";
import type { RecordType } from "../../core/records/record-type.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import { composeProject } from "../compose.ts";
import type { Project } from "../project.ts";
import { runModel } from "./run.ts";

const subject: RecordType = {
  name: "Subject",
  description: "Somebody",
  columns: [
    { name: "age", holds: "value", type: "number", units: "year", required: true },
    { name: "scan", holds: "asset", required: false },
  ],
};
const diagnosis: FeatureDefinition = {
  target: { kind: "record", name: "Subject" },
  name: "diagnosis",
  description: "",
  columns: [
    { name: "finding", holds: "term", vocabulary: "Finding", required: true },
    { name: "confidence", holds: "value", type: "number", required: false },
    { name: "picture", holds: "asset", assetKind: "execution-asset", required: false },
  ],
};
const good: FeatureDefinition = {
  ...{ target: { kind: "asset", name: "execution-asset" }, name: "good", description: "", columns: [] },
};

async function collected(values: AsyncIterable<FeatureValue>): Promise<readonly FeatureValue[]> {
  const all: FeatureValue[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** A project with a vocabulary, a record type, two features and two subjects. */
async function clinic(
  t: TestContext,
  observer = unobserved,
): Promise<{
  project: Project;
  run: (model: (execution: RunContext) => unknown) => ReturnType<typeof runModel>;
  subjects: readonly [string, string];
}> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-features-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await composeProject({ cwd: folder, access: "create" }, { observer });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const { vocabularies, typedRecords, features } = project.catalog;
  await vocabularies.create({ name: "Finding", description: "" });
  await vocabularies.add("Finding", { name: "benign", description: "", synonyms: ["ok"] });
  await vocabularies.add("Finding", { name: "malignant", description: "", synonyms: [] });
  await typedRecords.define(subject);
  for (const feature of [diagnosis, good]) await features.define(feature);
  const run = (model: (execution: RunContext) => unknown) =>
    runModel({ project, code, model: ({ execution }) => model(execution) });
  const made = await run((execution) => {
    writeFileSync(execution.outputPath("scan, 1.png"), "pixels");
    appendFileSync(execution.recordTable("Subject"), '40,"scan, 1.png"\n');
    appendFileSync(execution.recordTable("Subject"), "50,\n");
  });
  assert.equal(made.state, "published", made.failure?.message);
  const { items } = await typedRecords.list({ type: "Subject" });
  const [first, second] = items;
  assert.ok(first !== undefined && second !== undefined && items.length === 2);
  const scan = made.stored.find(({ fileName }) => fileName === "scan, 1.png")?.rid;
  assert.deepEqual(
    [first.values, second.values],
    [
      { age: 40, scan },
      { age: 50, scan: null },
    ],
  );
  return { project, run, subjects: [first.rid, second.rid] };
}

test("features with files, RIDs and nothing in an asset column are published with their run", async (t) => {
  const { project, run, subjects } = await clinic(t);
  let count = 0;
  const report = await run((execution) => {
    const picture = execution.outputPath("two words.v1.png");
    writeFileSync(picture, "pixels");
    count = execution.addFeatures([
      { feature: "Subject/diagnosis", target: subjects[0], values: { finding: "ok", picture } },
      { feature: "Subject/diagnosis", target: subjects[1], values: { finding: "malignant", picture: null } },
      { feature: "execution-asset/good", target: "two words.v1.png" },
    ]);
    count += execution.addFeatures([{ feature: "execution-asset/good", target: "two words.v1.png" }]);
  });
  assert.equal(report.state, "published", report.failure?.message);
  assert.equal(count, 3);
  const picture = report.stored.find(({ fileName }) => fileName === "two words.v1.png")?.rid;
  const values = await collected(
    readFeatureValues({ feature: "Subject/diagnosis" }, project.catalog.features),
  );
  assert.deepEqual(
    values.map(({ target, execution, values: held }) => ({ target, execution, ...held })),
    [
      { target: subjects[0], execution: report.rid, finding: "benign", confidence: null, picture },
      {
        ...{ target: subjects[1], execution: report.rid, finding: "malignant" },
        ...{ confidence: null, picture: null },
      },
    ],
  );
  const again = await run((execution) => {
    execution.addFeatures([
      {
        ...{ feature: "Subject/diagnosis", target: subjects[0] },
        values: { finding: "malignant", picture: picture ?? null, confidence: 0.5 },
      },
    ]);
  });
  assert.equal(again.state, "published", again.failure?.message);
  const newest = await collected(
    readFeatureValues({ feature: "Subject/diagnosis", selector: { by: "newest" } }, project.catalog.features),
  );
  assert.deepEqual(
    newest.map(({ values: held }) => held["finding"]),
    ["malignant", "malignant"],
  );
  assert.equal(newest[0]?.values["picture"], picture);
});

test("what a run adds wrongly fails it with all that is wrong; nothing of it is in the catalog", async (t) => {
  const { project, run, subjects } = await clinic(t);
  const report = await run((execution) => {
    execution.addFeatures([
      { feature: "Subject/diagnosis", target: subjects[0], values: { finding: "benign" } },
      { feature: "Subject/diagnosis", target: subjects[1], execution: "3JSE", values: { finding: "bad" } },
    ]);
  });
  assert.equal(report.state, "failed");
  assert.match(report.failure?.message ?? "", /names the execution 3JSE.*"finding" is "bad", not a term/);
  assert.deepEqual(await project.catalog.features.count("Subject/diagnosis"), { values: 0, targets: 0 });
});

test("features that could not be stored are kept, and stored once when that is mended", async (t) => {
  const { project, run, subjects } = await clinic(t);
  const { vocabularies, features } = project.catalog;
  const report = await run(async (execution) => {
    execution.addFeatures(
      subjects.map((target) => ({
        ...{ feature: "Subject/diagnosis", target },
        values: { finding: "malignant" },
      })),
    );
    await vocabularies.remove({ vocabulary: "Finding", term: "malignant" });
  });
  assert.equal(report.state, "failed");
  assert.match(report.failure?.message ?? "", /"malignant" is not a term of Finding/);
  assert.deepEqual(await features.count("Subject/diagnosis"), { values: 0, targets: 0 });
  await assert.rejects(project.reingest(report.rid), /"malignant" is not a term of Finding/);
  assert.equal((await project.catalog.executions.execution(report.rid))?.state, "failed");
  await vocabularies.add("Finding", { name: "malignant", description: "", synonyms: [] });
  for (let time = 0; time < 2; time += 1) {
    await project.reingest(report.rid);
    assert.deepEqual(await features.count("Subject/diagnosis"), { values: 2, targets: 2 });
  }
  assert.equal((await project.catalog.executions.execution(report.rid))?.state, "published");
});

test("features survive a disk that is full at the moment of publication, and are stored once", async (t) => {
  let full = false;
  const observer: DurableObserver = {
    before: (point) => {
      if (full && point === "catalog.publish") throw new AlmanacError("DISK_FULL", "there is no space left");
    },
    after: () => {},
  };
  const { project, run, subjects } = await clinic(t, observer);
  const report = await run((execution) => {
    execution.addFeatures(
      subjects.map((target) => ({
        ...{ feature: "Subject/diagnosis", target },
        values: { finding: "benign" },
      })),
    );
    full = true;
  });
  assert.equal(report.state, "publishing");
  assert.deepEqual(await project.catalog.features.count("Subject/diagnosis"), { values: 0, targets: 0 });
  full = false;
  for (let time = 0; time < 2; time += 1) {
    await project.reingest(report.rid);
    assert.equal((await project.catalog.executions.execution(report.rid))?.state, "published");
    assert.deepEqual(await project.catalog.features.count("Subject/diagnosis"), { values: 2, targets: 2 });
  }
});

test("rows that do not fit fail the run and name the file, the row and the column", async (t) => {
  const { project, run } = await clinic(t);
  const report = await run((execution) => {
    appendFileSync(execution.recordTable("Subject"), "old,\n1,none.png\n");
  });
  assert.equal(report.state, "failed");
  assert.match(
    report.failure?.message ?? "",
    /records\/Subject.csv row 1: "age" is "old", not a number.*row 2: "scan" is "none.png", neither/,
  );
  assert.equal((await project.catalog.typedRecords.list({ type: "Subject" })).total, 2);
  const unknown = await run((execution) => execution.recordTable("Subjct"));
  assert.match(unknown.failure?.message ?? "", /no record type "Subjct"; did you mean "Subject"/);
});

test("a column to vote in must be there", async (t) => {
  const { project } = await clinic(t);
  const selector = { by: "majority", column: "confidnce" } as const;
  await assert.rejects(
    collected(readFeatureValues({ feature: "Subject/diagnosis", selector }, project.catalog.features)),
    (error) => isAlmanacError(error, "UNKNOWN_NAME") && /confidnce/.test(error.message),
  );
});
