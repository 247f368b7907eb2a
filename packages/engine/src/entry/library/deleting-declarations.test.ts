import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Column } from "../../core/records/column.ts";
import type { Project } from "../project.ts";
import { open } from "./open.ts";
import { runModel } from "./run.ts";

async function shop(t: TestContext): Promise<{ readonly project: Project; readonly code: string }> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-declarations-"));
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const code = join(folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  const project = await open({ folder, access: "create" });
  t.after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  return { project, code };
}

const refused = (pattern: RegExp) => ({ code: "IN_USE", message: pattern });
const label: Column = { name: "label", holds: "term", vocabulary: "Label", required: false };

test("a vocabulary goes with its terms once no column holds them", async (t) => {
  const { catalog } = (await shop(t)).project;
  const { vocabularies, typedRecords, features, removal } = catalog;
  const { rid } = await vocabularies.create({ name: "Label", description: "" });
  await vocabularies.add("Label", { name: "good", description: "", synonyms: ["fine"] });
  await typedRecords.define({ name: "Site", description: "", columns: [label] });
  const target = { kind: "record", name: "Site" } as const;
  await features.define({ target, name: "seen", description: "", columns: [label] });
  await assert.rejects(
    removal.vocabulary("Label"),
    refused(/column label of feature Site\/seen; .*column label of record type Site$/),
  );
  assert.equal((await vocabularies.terms("Label")).length, 1, "nothing was deleted");
  await removal.feature("Site/seen");
  await assert.rejects(removal.vocabulary("Label"), refused(/of record type Site$/));
  await removal.recordType("Site");
  await removal.vocabulary("Label");
  await assert.rejects(vocabularies.terms("Label"), { code: "UNKNOWN_NAME" });
  await assert.rejects(removal.vocabulary("Label"), { code: "UNKNOWN_NAME" });
  const again = await vocabularies.create({ name: "Label", description: "other" });
  assert.deepEqual([again.terms, again.rid === rid], [0, false], "a RID is never given twice");
});

test("vocabularies that every catalog has stay", async (t) => {
  const { catalog } = (await shop(t)).project;
  const all = await catalog.vocabularies.vocabularies();
  assert.ok(all.length > 0);
  for (const { name } of all)
    await assert.rejects(catalog.removal.vocabulary(name), { code: "USAGE", message: /cannot be deleted/ });
  assert.deepEqual(await catalog.vocabularies.vocabularies(), all);
});

test("a record type goes once it has no records and no column or feature names it", async (t) => {
  const { project, code } = await shop(t);
  const { typedRecords, features, removal } = project.catalog;
  const name: Column = { name: "name", holds: "value", type: "text", required: true };
  const beside: Column = { name: "beside", holds: "record", recordType: "Site", required: false };
  await typedRecords.define({ name: "Site", description: "", columns: [name, beside] });
  await typedRecords.define({ name: "Route", description: "", columns: [{ ...beside, name: "start" }] });
  const target = { kind: "record", name: "Site" } as const;
  await features.define({ target, name: "seen", description: "", columns: [] });
  const made = await runModel({
    ...{ project, code },
    model: ({ execution }) => writeFileSync(execution.recordTable("Site"), "name,beside\nBern,\n"),
  });
  assert.equal(made.state, "published", made.failure?.message);
  const users = new RegExp(
    `Site has records of execution ${made.rid}; .*column start holds, of record type Route; .*feature Site/seen$`,
  );
  await assert.rejects(removal.recordType("Site"), refused(users));
  assert.equal((await typedRecords.list({ type: "Site" })).total, 1);
  await removal.feature("Site/seen");
  await removal.recordType("Route");
  await project.deleteExecutions({ rids: [made.rid] });
  await removal.recordType("Site");
  assert.deepEqual(await typedRecords.types(), []);
  await assert.rejects(removal.recordType("Site"), { code: "UNKNOWN_NAME" });
});
