import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { testWorkflowCatalog } from "../../ports/workflow-catalog.contract.ts";
import { openCatalog } from "./open.ts";

testWorkflowCatalog("SQLite in memory", () => openCatalog({ file: ":memory:" }));

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
