import assert from "node:assert/strict";
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Archive, tasFolder, tasHeader, tasId, tasPath } from "../../test/support/archive.ts";
import { diskTree } from "../adapters/files/walk.ts";
import type { FileTree } from "../ports/file-tree.ts";
import type { HeaderReader, HeaderResult } from "../ports/header-reader.ts";
import type { IngestReport } from "./ingest-report.ts";

const [first, second] = [tasPath("185001-185912"), tasPath("186001-186912")];

/** The counts of a report that are not zero or empty. */
function counts({ new: added, updated, unchanged, invalid, missing, opened }: IngestReport) {
  const all = { new: added, updated, unchanged, invalid: invalid.length, missing: missing.length, opened };
  return Object.fromEntries(Object.entries(all).filter(([, count]) => count !== 0));
}

async function twoFiles(): Promise<Archive> {
  const archive = await Archive.make();
  archive.put(first, tasHeader());
  archive.put(second, { ...tasHeader(), start: "1860-01-16 12:00:00", end: "1869-12-16 12:00:00" });
  return archive;
}

test("files of a folder become one opened dataset; nothing is opened again", async () => {
  await using archive = await twoFiles();
  assert.deepEqual(counts(await archive.ingest()), { new: 2, opened: 2 });
  const { items } = await archive.datasets();
  assert.equal(items.length, 1);
  assert.equal(items[0]?.id, tasId);
  assert.equal(items[0].finalised, true);
  assert.equal(items[0].facets["standard_name"], "air_temperature");
  assert.deepEqual(
    items[0].files.map(({ path, end }) => [path, end]),
    [
      [`data/${first}`, "1859-12-16 12:00:00"],
      [`data/${second}`, "1869-12-16 12:00:00"],
    ],
  );
  assert.deepEqual(counts(await archive.ingest()), { unchanged: 2 });
});

test("a path-only ingestion opens nothing and gives the same ids; opening later changes no content id", async () => {
  await using archive = await twoFiles();
  assert.deepEqual(counts(await archive.ingest({ mode: "fast" })), { new: 2 });
  const before = (await archive.datasets()).items;
  assert.deepEqual(
    before.map(({ id, finalised }) => [id, finalised]),
    [[tasId, false]],
  );
  assert.deepEqual(counts(await archive.ingest({ mode: "fast" })), { unchanged: 2 });
  assert.deepEqual(counts(await archive.ingest()), { updated: 2, opened: 2 });
  const [after] = (await archive.datasets()).items;
  assert.equal(after?.finalised, true);
  assert.deepEqual(
    after.files.map((file) => file.contentId),
    before[0]?.files.map((file) => file.contentId),
  );
});

test("a path-only ingestion never downgrades: new and changed files of an opened dataset are opened", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  assert.deepEqual(counts(await archive.ingest({ mode: "fast" })), { unchanged: 2 });
  archive.put(tasPath("187001-187912"), tasHeader());
  archive.put(second, tasHeader(), { mtime: 2_000_000 });
  const { opened: _opened, ...rest } = counts(await archive.ingest({ mode: "fast" }));
  assert.deepEqual(rest, { new: 1, updated: 1, unchanged: 1 });
  const [dataset] = (await archive.datasets()).items;
  assert.equal(dataset?.finalised, true);
  assert.equal(dataset.files.length, 3);
  assert.equal(dataset.facets["realm"], "atmos");
});

test("a bad file stops nothing, is reported again without being opened, and comes in once it is repaired", async () => {
  await using archive = await twoFiles();
  const third = tasPath("187001-187912");
  archive.put(third, "truncated: 5 bytes, the header says 9000");
  const report = await archive.ingest();
  assert.deepEqual(counts(report), { new: 2, invalid: 1, opened: 3 });
  assert.deepEqual(report.invalid, [
    { path: `data/${third}`, code: "FILE_INVALID", reason: "truncated: 5 bytes, the header says 9000" },
  ]);
  const again = await archive.ingest();
  assert.deepEqual(counts(again), { unchanged: 2, invalid: 1 });
  assert.deepEqual(again.invalid, report.invalid);
  archive.put(third, tasHeader(), { mtime: 2_000_000 });
  const { opened: _opened, ...repaired } = counts(await archive.ingest());
  assert.deepEqual(repaired, { unchanged: 2, updated: 1 });
  assert.equal((await archive.solverSees())[tasId]?.length, 3);
});

test("a file that goes bad leaves its dataset", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  archive.put(second, "empty file", { mtime: 2_000_000 });
  assert.equal((await archive.ingest()).invalid.length, 1);
  assert.deepEqual(await archive.solverSees(), { [tasId]: [`data/${first}`] });
});

test("an unreadable file is tried again each time", async () => {
  await using archive = await twoFiles();
  const headers: HeaderReader = {
    close: async () => {},
    read: async function* (paths) {
      for (const path of paths)
        yield { ok: false, path, code: "FILE_UNREADABLE", reason: "no permission to read it (EACCES)" };
    },
  };
  assert.deepEqual(counts(await archive.ingest({}, { headers })), { invalid: 2, opened: 2 });
  assert.deepEqual(counts(await archive.ingest()), { updated: 2, opened: 2 });
});

test("files that disagree make their dataset invalid, with facet and values, until they agree", async () => {
  await using archive = await twoFiles();
  archive.put(second, tasHeader({ frequency: "day" }));
  const report = await archive.ingest();
  assert.deepEqual(counts(report), { invalid: 2, opened: 2 });
  for (const { code, reason } of report.invalid) {
    assert.equal(code, "DATASET_INVALID");
    assert.match(reason, /disagree on frequency: "mon" .*"day"/);
  }
  assert.equal(report.allFailed, true);
  assert.deepEqual(await archive.solverSees(), {});
  assert.deepEqual(counts(await archive.ingest()), { invalid: 2 });
  archive.put(second, tasHeader(), { mtime: 2_000_000 });
  assert.deepEqual(counts(await archive.ingest()), { updated: 1, unchanged: 1, opened: 2 });
  assert.equal((await archive.solverSees())[tasId]?.length, 2);
});

test("a new file that disagrees with the opened ones is seen", async () => {
  await using archive = await Archive.make();
  archive.put(first, tasHeader({ frequency: "monC" }));
  archive.put(second, tasHeader({ frequency: "monC" }));
  assert.match((await archive.ingest()).warnings[0]?.message ?? "", /the header "monC"; the path counts/);
  archive.put(tasPath("187001-187912"), tasHeader({ frequency: "mon" }));
  assert.match((await archive.ingest()).invalid[0]?.reason ?? "", /"monC".*"mon"/);
});

test("vanished files are missing, once, and come back", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  archive.remove(second);
  assert.deepEqual(counts(await archive.ingest()), { unchanged: 1, missing: 1 });
  assert.deepEqual(await archive.solverSees(), { [tasId]: [`data/${first}`] });
  assert.deepEqual(counts(await archive.ingest()), { unchanged: 1 });
  archive.put(second, tasHeader());
  const { opened: _opened, ...back } = counts(await archive.ingest());
  assert.deepEqual(back, { unchanged: 1, updated: 1 });
  assert.equal((await archive.solverSees())[tasId]?.length, 2);
});

test("a root that does not exist changes nothing", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  const revision = await archive.catalog.datasets.revision();
  archive.put("other.txt", "", { root: join(archive.project, "more") });
  archive.remove(".");
  const folders = [join(archive.project, "more"), archive.root];
  await assert.rejects(archive.ingest({ folders }), { code: "ROOT_MISSING" });
  assert.equal(await archive.catalog.datasets.revision(), revision);
});

test("files in a folder that cannot be read have not vanished", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  const tree: FileTree = {
    ...diskTree,
    walk: () => [
      {
        path: archive.root,
        files: [],
        ignored: 0,
        problems: [
          {
            path: join(archive.root, "CMIP6"),
            code: "FILE_UNREADABLE",
            reason: "the folder cannot be read (EACCES)",
            folder: true,
          },
        ],
      },
    ],
  };
  const report = await archive.ingest({}, { tree });
  assert.deepEqual(counts(report), {});
  assert.deepEqual(report.warnings[0], { id: "data/CMIP6", message: "the folder cannot be read (EACCES)" });
});

test("only files below the roots can vanish", async () => {
  await using archive = await Archive.make();
  const inner = join(archive.root, "inner");
  archive.put(first, tasHeader());
  archive.put(second, tasHeader(), { root: inner });
  archive.put(tasPath("187001-187912"), tasHeader(), { root: join(archive.project, "data-2") });
  for (const projectFolder of [archive.project, inner, archive.root]) {
    await using other = await Archive.make();
    const run = (folders: readonly string[]) =>
      archive.ingest({ folders, projectFolder }, { catalog: other.catalog.datasets });
    assert.deepEqual(counts(await run([archive.project])), { new: 3, opened: 3 });
    for (const root of [archive.root, inner, archive.project, join(archive.root, first)])
      assert.deepEqual((await run([root])).missing, [], `${root} from ${projectFolder}`);
  }
});

test("a moved archive is the same: content ids stay, old paths are missing", async () => {
  for (const mode of ["full", "fast"] as const) {
    await using archive = await twoFiles();
    await archive.ingest({ mode });
    const before = (await archive.datasets()).items[0]?.files.map(({ contentId }) => contentId);
    const moved = join(archive.project, "moved");
    renameSync(archive.root, moved);
    for (const path of [first, second]) archive.put(path, tasHeader(), { root: moved });
    const report = await archive.ingest({ folders: [moved], mode });
    assert.deepEqual(report.missing, [`data/${first}`, `data/${second}`]);
    const [dataset] = (await archive.datasets()).items;
    assert.deepEqual(
      dataset?.files.map(({ path }) => path),
      [`moved/${first}`, `moved/${second}`],
    );
    assert.deepEqual(
      dataset.files.map(({ contentId }) => contentId),
      before,
    );
  }
});

test("a copy elsewhere is a file of the same dataset and a warning", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  archive.put(first, tasHeader(), { root: join(archive.project, "copy") });
  const report = await archive.ingest({ folders: [join(archive.project, "copy")] });
  assert.match(report.warnings.map(({ message }) => message).join("\n"), /duplicate files: copy.* and data/);
  assert.equal((await archive.solverSees())[tasId]?.length, 3);
});

test("an interruption keeps whole datasets only, and the next run does the rest", async () => {
  await using archive = await Archive.make();
  const variables = ["tas", "pr", "ts"];
  for (const variable of variables)
    for (const years of ["185001-185912", "186001-186912"])
      archive.put(
        tasPath(years, tasFolder).replaceAll("tas", variable),
        tasHeader({ variable_id: variable }),
      );
  const controller = new AbortController();
  const headers: HeaderReader = {
    close: async () => {},
    read: async function* (paths, signal) {
      let read = 0;
      for await (const result of archive.reader.read(paths, signal)) {
        yield result;
        read += 1;
        if (read === 3) controller.abort();
      }
    },
  };
  const report = await archive.ingest({}, { headers, signal: controller.signal });
  assert.equal(report.interrupted, true);
  assert.equal(report.allFailed, false);
  const { items } = await archive.datasets();
  assert.deepEqual(
    items.map(({ id, files }) => [id, files.length]),
    [[tasId.replace("tas", "pr"), 2]],
  );
  assert.deepEqual(counts(await archive.ingest()), { new: 4, unchanged: 2, opened: 4 });
});

test("all files bad, and no files at all, are told", async () => {
  await using archive = await Archive.make();
  archive.put(first, "empty file");
  const bad = await archive.ingest();
  assert.equal(bad.allFailed, true);
  assert.equal((await archive.catalog.datasets.problems()).files.length, 1);
  const empty = join(archive.project, "empty");
  mkdirSync(empty);
  archive.put("readme.txt", "", { root: empty });
  const none = await archive.ingest({ folders: [empty] });
  assert.equal(none.allFailed, true);
  assert.deepEqual(none.warnings, [
    { id: "empty", message: "holds no file that ends in .nc (1 other files)" },
  ]);
});

test("a path that does not fit the template is invalid unopened and told by its header opened", async () => {
  await using archive = await Archive.make();
  archive.put("downloads/tas.nc", tasHeader());
  const fast = await archive.ingest({ mode: "fast" });
  assert.match(fast.invalid[0]?.reason ?? "", /does not match the template of cmip6/);
  assert.deepEqual(counts(await archive.ingest({ mode: "fast" })), { invalid: 1 });
  assert.deepEqual(counts(await archive.ingest()), { updated: 1, opened: 1 });
  assert.deepEqual(Object.keys(await archive.solverSees()), [tasId.replace("v20191115", "v0")]);
});

test("a directory with a file's name is recorded as invalid", async () => {
  await using archive = await twoFiles();
  mkdirSync(join(archive.root, "dir.nc"));
  assert.deepEqual(counts(await archive.ingest()), { new: 2, invalid: 1, opened: 2 });
  assert.deepEqual(counts(await archive.ingest()), { unchanged: 2, invalid: 1 });
});

test("a dataset of more files than a chunk is whole", async () => {
  await using archive = await Archive.make();
  for (let year = 1000; year < 5500; year += 1) archive.put(tasPath(`${year}01-${year}12`), tasHeader());
  assert.deepEqual(counts(await archive.ingest({ mode: "fast" })), { new: 4500 });
  assert.equal((await archive.solverSees())[tasId]?.length, 4500);
  await archive.ingest();
  assert.equal((await archive.datasets()).items[0]?.finalised, true);
  assert.deepEqual(counts(await archive.ingest()), { unchanged: 4500 });
});

test("files that were read in another order give the same RIDs and the same report", async () => {
  const models = ["C", "A", "B"];
  const taken = await Promise.all(
    [false, true].map(async (reversed) => {
      await using archive = await Archive.make();
      for (const model of models) {
        const folder = tasFolder.replaceAll("ACCESS-ESM1-5", model);
        const path = tasPath("185001-185912", folder).replaceAll("ACCESS-ESM1-5", model);
        archive.put(path, tasHeader({ source_id: model }));
        archive.put(path.replace("1850", "1840"), `bad file of ${model}`);
      }
      const headers: HeaderReader = {
        close: async () => {},
        read: async function* (paths, signal) {
          const read: HeaderResult[] = [];
          for await (const result of archive.reader.read(paths, signal)) read.push(result);
          yield* reversed ? read.reverse() : read;
        },
      };
      const { invalid } = await archive.ingest({}, { headers });
      const { items } = await archive.datasets();
      return { invalid, datasets: items.map(({ rid, id }) => `${rid} ${id}`).sort() };
    }),
  );
  assert.equal(taken[0]?.datasets.length, 3);
  assert.equal(taken[0]?.invalid.length, 3);
  assert.deepEqual(taken[1], taken[0]);
});

test("progress is told", async () => {
  await using archive = await twoFiles();
  await archive.ingest();
  assert.deepEqual(archive.events.at(-1), { kind: "ingest.progress", seen: 2, opened: 2, invalid: 0 });
});
