import assert from "node:assert/strict";
import { test } from "node:test";
import { Archive, tasHeader, tasId, tasPath } from "../../test/support/archive.ts";
import { requireSourceType } from "../core/catalog/source-types.ts";
import { type Finalised, finalise } from "./finalise.ts";

const [first, second] = [tasPath("185001-185912"), tasPath("186001-186912")];

async function known(): Promise<Archive> {
  const archive = await Archive.make();
  archive.put(first, tasHeader());
  archive.put(second, tasHeader());
  await archive.ingest({ mode: "fast" });
  return archive;
}

function open(
  archive: Archive,
  { store = true, ids = [tasId], signal = new AbortController().signal } = {},
): Promise<Finalised> {
  const input = { ids: new Map([["cmip6", ids]]), requireSourceType, projectFolder: archive.project, store };
  return finalise(input, archive.ports, signal);
}

test("datasets are opened and stored", async () => {
  await using archive = await known();
  const { opened, invalid } = await open(archive);
  assert.deepEqual(invalid, []);
  assert.deepEqual(
    opened.map(({ id, finalised }) => [id, finalised]),
    [[tasId, true]],
  );
  assert.equal((await archive.datasets()).items[0]?.finalised, true);
  assert.deepEqual(archive.events.at(-1), { kind: "finalise.progress", opened: 1, total: 1 });
});

test("a dry run gives the datasets and writes nothing", async () => {
  await using archive = await known();
  const revision = await archive.catalog.datasets.revision();
  const { opened } = await open(archive, { store: false });
  assert.equal(opened[0]?.facets["realm"], "atmos");
  assert.equal(await archive.catalog.datasets.revision(), revision);
  assert.equal((await archive.datasets()).items[0]?.finalised, false);
});

test("a damaged file leaves its dataset as invalid, a vanished one as missing", async () => {
  await using archive = await known();
  archive.put(first, "truncated");
  archive.remove(second);
  archive.put(tasPath("187001-187912"), tasHeader());
  await archive.ingest({ mode: "fast", folders: [`${archive.root}/${tasPath("187001-187912")}`] });
  const { opened } = await open(archive);
  assert.deepEqual(
    opened[0]?.files.map(({ path }) => path),
    [`data/${tasPath("187001-187912")}`],
  );
  const [dataset] = (await archive.datasets()).items;
  assert.deepEqual(
    dataset?.missingFiles.map(({ path }) => path),
    [`data/${second}`],
  );
  assert.deepEqual(
    (await archive.catalog.datasets.problems()).files.map(({ path }) => path),
    [`data/${first}`],
  );
});

test("a dataset without a usable file, or with files that disagree, is invalid and not asked for again", async () => {
  await using archive = await known();
  archive.put(first, tasHeader({ frequency: "day" }));
  assert.deepEqual((await open(archive)).invalid, [tasId]);
  assert.deepEqual(await archive.solverSees(), {});
  await using other = await known();
  other.put(first, "empty file");
  other.put(second, "empty file");
  assert.deepEqual((await open(other)).invalid, [tasId]);
  assert.deepEqual(await other.solverSees(), {});
});

test("an unknown id is invalid; an interruption is an error", async () => {
  await using archive = await known();
  assert.deepEqual((await open(archive, { ids: ["CMIP6.no"] })).invalid, ["CMIP6.no"]);
  await assert.rejects(open(archive, { signal: AbortSignal.abort() }), { code: "INTERRUPTED" });
});
