import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import {
  type SourceTypeFile,
  sourceTypeFiles,
  writeSourceTypeFile,
} from "../../test/support/source-type-files.ts";
import { diskTree } from "../adapters/files/walk.ts";
import { InlineHeaders } from "../adapters/netcdf/inline-headers.ts";
import { openCatalog } from "../adapters/sqlite/open.ts";
import { requireSourceType } from "../core/catalog/source-types.ts";
import type { DatasetSummary } from "../ports/dataset-catalog.ts";
import { ingest } from "./ingest.ts";
import type { IngestReport } from "./ingest-report.ts";

const noSignal = new AbortController().signal;

/** Ingests a folder anew in each of the modes, one after the other. */
async function ingested(
  root: string,
  { sourceType, modes }: { readonly sourceType: string; readonly modes: readonly ("fast" | "full")[] },
): Promise<{ readonly datasets: readonly DatasetSummary[]; readonly reports: readonly IngestReport[] }> {
  const catalog = await openCatalog({ file: ":memory:" });
  const ports = { catalog: catalog.datasets, tree: diskTree, headers: new InlineHeaders(), emit: () => {} };
  const reports: IngestReport[] = [];
  for (const mode of modes) {
    const input = { sourceType: requireSourceType(sourceType), folders: [root], mode, projectFolder: root };
    reports.push(await ingest(input, ports, noSignal));
  }
  const { items } = await catalog.datasets.list({});
  await catalog.close();
  return { datasets: items, reports };
}

async function inFolder(
  files: readonly SourceTypeFile[],
  body: (root: string) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "almanac-types-"));
  try {
    for (const file of files) await writeSourceTypeFile(root, file);
    await body(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

for (const file of sourceTypeFiles) {
  const { sourceType, id, facets } = file;
  test(`${sourceType}: a real file gives the same id by its path and opened, and its facets`, () =>
    inFolder([file], async (root) => {
      const full = await ingested(root, { sourceType, modes: ["full"] });
      const [dataset] = full.datasets;
      assert.deepEqual(full.reports[0]?.invalid, []);
      assert.deepEqual(
        full.datasets.map((each) => each.id),
        [id],
      );
      assert.equal(dataset?.finalised, true);
      assert.deepEqual({ ...dataset.facets, ...facets }, dataset.facets);
      assert.equal(dataset.files[0]?.start, "1850-01-16 00:00:00");
      const { datasets: both } = await ingested(root, { sourceType, modes: ["fast", "full"] });
      assert.deepEqual([both[0]?.id, both[0]?.facets], [id, dataset.facets]);
      const fast = await ingested(root, { sourceType, modes: ["fast"] });
      assert.equal(fast.datasets[0]?.id, id);
      // What the path does not tell is opened in either mode.
      const always = requireSourceType(sourceType).opening === "always";
      assert.equal(fast.reports[0]?.opened, always ? 1 : 0);
      assert.equal(fast.datasets[0].finalised, always);
      assert.deepEqual(
        fast.reports[0].warnings.map((warning) => warning.id),
        always ? [sourceType] : [],
      );
    }));
}

test("an observation that lacks required attributes is invalid, and says which", async () => {
  const [file] = sourceTypeFiles.filter(({ sourceType }) => sourceType === "obs4mips");
  assert.ok(file !== undefined);
  const { grid: _grid, source_version_number: _version, ...attributes } = file.attributes;
  await inFolder([{ ...file, attributes }], async (root) => {
    const { reports, datasets } = await ingested(root, { sourceType: "obs4mips", modes: ["full"] });
    assert.deepEqual(datasets, []);
    assert.equal(reports[0]?.invalid[0]?.reason, "the file lacks the attributes grid, source_version_number");
  });
});
