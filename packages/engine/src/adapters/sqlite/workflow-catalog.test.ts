import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { testWorkflowCatalog } from "../../ports/workflow-catalog.contract.ts";
import { type OpenCatalog, openCatalog } from "./open.ts";

/** Adds the terms that the suite asks for, where the catalog does not come with them. */
async function withTerms(catalog: OpenCatalog): Promise<OpenCatalog> {
  const known = (await catalog.vocabularies.terms("Workflow_Type")).flatMap(({ name, synonyms }) => [
    name,
    ...synonyms,
  ]);
  for (const { name, synonyms } of [
    { name: "notebook", synonyms: [] },
    { name: "training", synonyms: ["fit"] },
  ]) {
    if (!known.includes(name))
      await catalog.vocabularies.add("Workflow_Type", { name, description: name, synonyms });
    else
      await catalog.vocabularies.change(
        { vocabulary: "Workflow_Type", term: name },
        { addSynonyms: synonyms.filter((each) => !known.includes(each)) },
      );
  }
  return catalog;
}

testWorkflowCatalog("SQLite in memory", async () => withTerms(await openCatalog({ file: ":memory:" })));

test("a catalog that is opened read-only refuses to change a workflow", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-workflow-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "catalog.sqlite");
  const identity = { name: "a", types: [], url: "u", checksum: "c", description: "d" };
  const writable = await openCatalog({ file, create: true });
  const { rid } = (await writable.workflows.register(identity, "2026-01-01T00:00:00.000Z")).workflow;
  await writable.close();
  const { workflows, close } = await openCatalog({ file, readOnly: true });
  const refused = (error: unknown) => isAlmanacError(error, "CATALOG_READ_ONLY");
  await assert.rejects(workflows.describe(rid, "x"), refused);
  await assert.rejects(workflows.changeTypes(rid, { set: [] }), refused);
  assert.equal((await workflows.workflow(rid))?.description, "d");
  await close();
});
