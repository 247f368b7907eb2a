import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import { lineageTree } from "../../core/provenance/lineage-text.ts";
import type { NewDataset } from "../../ports/dataset-authoring.ts";
import { openCatalog } from "./open.ts";

const at = "2026-01-01T00:00:00.000Z";
const empty: NewDataset = { description: "", types: [], members: [], at };

test("of two processes that release a draft at once one does, and the other is told that nothing changed", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-release-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "catalog.db");
  const catalog = await openCatalog({ file, create: true });
  const [child, parent] = await catalog.authored.create([
    { ...empty, release: {} },
    { ...empty, release: {} },
  ]);
  await catalog.authored.change(parent?.rid as Rid, { add: [{ rid: child?.rid as Rid }] });
  const code = `
    import { openCatalog } from ${JSON.stringify(new URL("./open.ts", import.meta.url).href)};
    const { authored, close } = await openCatalog({ file: ${JSON.stringify(file)} });
    console.log(await authored.release(${JSON.stringify(parent?.rid)}, { at: ${JSON.stringify(at)} }).then(
      ([released]) => released.version, (error) => error.code));
    await close();`;
  const ends = await Promise.all(
    [1, 2, 3].map(() => text(spawn(process.execPath, ["--input-type=module", "-e", code]).stdout)),
  );
  assert.deepEqual(ends.map((each) => each.trim()).sort(), ["0.2.0", "RELEASE_REFUSED", "RELEASE_REFUSED"]);
  assert.equal((await catalog.authored.versions(parent?.rid as Rid)).length, 2);
  await catalog.close();
});

test("authored datasets are in no snapshot of what was ingested, and a read-only catalog refuses to make any", async (context) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-authored-"));
  context.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "catalog.db");
  const catalog = await openCatalog({ file, create: true });
  await catalog.authored.create([empty]);
  assert.equal((await catalog.datasets.snapshot()).tables.size, 0);
  await catalog.close();
  const readOnly = await openCatalog({ file, readOnly: true });
  const refused = (error: unknown) => isAlmanacError(error, "CATALOG_READ_ONLY");
  await assert.rejects(readOnly.authored.create([empty]), refused);
  await assert.rejects(readOnly.authored.release("1" as Rid, { at }), refused);
  await readOnly.close();
});

test("thirty stacked diamonds are released, read and followed at once: nothing is walked once for each path", async (context) => {
  const catalog = await openCatalog({ file: ":memory:" });
  context.after(() => catalog.close());
  const { authored, assets, lineage } = catalog;
  const file = await assets.add({
    ...{ kind: "file", fileName: "a", sizeBytes: 1, sha256: "a".repeat(64), url: "https://example.org/a" },
    ...{ types: [], metadata: {}, description: "" },
  });
  let level = [file.rid];
  for (let depth = 0; depth < 30; depth++) {
    const members = level.map((rid) => ({ rid }));
    level = (await authored.create([0, 1].map(() => ({ ...empty, members })))).map(({ rid }) => rid);
  }
  const [top] = await authored.create([{ ...empty, members: level.map((rid) => ({ rid })) }]);
  const dataset = top?.rid as Rid;
  const released = await authored.release(dataset, { at, recursive: true });
  assert.equal(released.length, 61);
  assert.equal(new Set(released.map((each) => each.dataset)).size, 61, "each once");
  const files = await authored.files({ dataset, version: "0.1.0" });
  assert.deepEqual(
    files.map(({ asset }) => asset.rid),
    [file.rid, file.rid],
    "once for each dataset that has it",
  );
  const query = { dataset, version: "0.1.0", recursive: true };
  assert.equal((await authored.children(query)).length, 2 + 29 * 4);
  const up = await lineage.lineage({ rid: dataset, version: "0.1.0", direction: "up" });
  assert.equal(up?.nodes.length, 62);
  assert.ok(up !== undefined && lineageTree(up).split("\n").length < 1000);
  assert.equal((await lineage.lineage({ rid: file.rid, direction: "down" }))?.nodes.length, 62);
  await assert.rejects(authored.change(released[0]?.dataset as Rid, { add: [{ rid: dataset }] }), {
    code: "NESTING_INVALID",
  });
});
