import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { unobserved } from "../../ports/durable.ts";
import { openCatalog } from "./open.ts";
import { folderSnapshots, snapshotsFolder } from "./snapshots.ts";

test("snapshots that one process makes at the same time are all whole, and no two have one name", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-snapshots-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const catalogFile = join(folder, "catalog.sqlite");
  const catalog = await openCatalog({ file: catalogFile, create: true });
  t.after(() => catalog.close());
  const now = () => "2026-01-01T00:00:00.000Z";
  const parts = { catalogFile, now, observer: unobserved, admin: () => catalog.admin };
  const snapshots = [folderSnapshots(parts), folderSnapshots(parts)] as const;
  const made = await Promise.allSettled(
    [undefined, undefined, "one", "one", "one"].map((name, at) =>
      snapshots[at % 2 === 0 ? 0 : 1].create({ ...(name === undefined ? {} : { name }), description: "" }),
    ),
  );
  const codes = made.flatMap((each) => (each.status === "rejected" ? [each.reason.code] : []));
  assert.deepEqual(codes, ["CONFLICT", "CONFLICT"], "the name is given once");
  const listed = await snapshots[0].list();
  assert.equal(listed.length, 3);
  for (const { id } of listed) assert.equal(await snapshots[1].verify(id), true);
  assert.deepEqual(
    readdirSync(snapshotsFolder(catalogFile)).filter((name) => name.startsWith(".")),
    [],
  );
});
