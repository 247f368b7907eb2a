import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { importFile, importRows, inCatalog, type Row, row } from "../../test/support/imported-rows.ts";
import { catalogFileWriter } from "../adapters/catalog-file/catalog-file-writer.ts";
import type { OpenCatalog } from "../adapters/sqlite/open.ts";
import { builtInSourceTypes, requireSourceType } from "../core/catalog/source-types.ts";
import { type CatalogForm, catalogForms } from "../ports/catalog-file.ts";
import { exportCatalog } from "./export-catalog.ts";

const root = mkdtempSync(join(tmpdir(), "almanac-import-"));
after(() => rmSync(root, { recursive: true }));

const sourceTypes = Object.values(builtInSourceTypes);

const oddText = fc.oneof(
  fc.constantFrom("", " ", ",", '"', "\n", "\r\n", "NaN", "null", "12345678901234567890", "\u{1f30d}"),
  fc.string({ unit: "binary", maxLength: 8 }),
);
const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values, { nil: null });
const time = fc.constantFrom("2000-02-30 00:00:00", "0001-01-01 12:30:00", "9999-12-31 23:59:59");

const oddRow: fc.Arbitrary<Row> = fc
  .record({
    instance_id: fc.constantFrom("a", "b", 'ü,"c\n'),
    path: fc.oneof(fc.constantFrom("p", "q"), oddText),
    long_name: optional(oddText),
    branch_time_in_child: optional(fc.oneof(fc.double(), fc.maxSafeInteger(), oddText)),
    realm: optional(oddText),
    start_time: optional(time),
    end_time: optional(time),
    calendar: optional(fc.constantFrom("360_day", "noleap", "")),
    time_units: optional(oddText),
    tracking_id: optional(oddText),
    size_bytes: optional(fc.maxSafeNat()),
    mtime_ms: optional(fc.maxSafeNat()),
    finalised: fc.boolean(),
  })
  .map((cells) => ({ ...cells, path: `${cells.instance_id}/${cells.path}` }));

async function exported(
  file: string,
  { form, catalog }: { readonly form: CatalogForm; readonly catalog: OpenCatalog },
): Promise<readonly Buffer[]> {
  const ports = { catalog: catalog.datasets, writer: catalogFileWriter };
  const { written } = await exportCatalog({ file, form, sourceTypes, selection: [] }, ports);
  return written.map((name) => readFileSync(name));
}

for (const form of catalogForms)
  test(`${form}: export, import and export again give the same datasets and equal bytes, whatever the values`, async () => {
    const ending = { parquet: ".parquet", csv: ".csv", ndjson: ".ndjson.gz", "intake-esm": ".json" }[form];
    await fc.assert(
      fc.asyncProperty(fc.array(oddRow, { minLength: 1, maxLength: 6 }), async (rows) =>
        inCatalog(async (one) =>
          inCatalog(async (two) => {
            await importRows(rows, { catalog: one });
            // The same file name: an intake-esm catalog holds it.
            const file = join(mkdtempSync(join(root, "trip-")), `c${ending}`);
            const first = await exported(file, { form, catalog: one });
            const report = await importFile(file, { form, catalog: two });
            assert.deepEqual(report.refused, []);
            assert.deepEqual(await exported(file, { form, catalog: two }), first);
            const plain = async (catalog: OpenCatalog) =>
              (await catalog.datasets.list({})).items.map(({ rid: _rid, ...dataset }) => dataset);
            assert.deepEqual(await plain(two), await plain(one));
          }),
        ),
      ),
      { numRuns: 25 },
    );
  });

test("an export takes what is selected, by type and catalog order, without what is retracted or invalid", () =>
  inCatalog(async (catalog) => {
    await importRows([row(), row({ instance_id: "b", source_id: "MODEL-B", path: "b.nc" })], { catalog });
    await importRows([row({ instance_id: "c", source_id: "MODEL-C", path: "c.nc" })], { catalog });
    await importRows(
      [row({ instance_id: "d", path: "d.nc" }), row({ instance_id: "d", path: "e.nc", table_id: "day" })],
      {
        catalog,
      },
    );
    await catalog.datasets.setRetracted("c", true);
    const file = join(root, "selected.ndjson");
    const ports = { catalog: catalog.datasets, writer: catalogFileWriter };
    const what = { file, form: "ndjson", sourceTypes } as const;
    const all = await exportCatalog({ ...what, selection: [] }, ports);
    assert.deepEqual(
      { ...all, written: [] },
      { written: [], datasets: 2, rows: 2, retracted: 1, invalid: 1, undeclared: 0 },
    );
    const some = await exportCatalog({ ...what, selection: ["source_id=MODEL-B"] }, ports);
    assert.equal(some.datasets, 1);
    assert.equal((JSON.parse(readFileSync(file, "utf8")) as Row)["source_id"], "MODEL-B");
    const none = await exportCatalog({ ...what, selection: ["source_id=NONE"] }, ports);
    assert.deepEqual([none.rows, readFileSync(file, "utf8")], [0, ""]);
    const forgotten = await exportCatalog(
      { ...what, sourceTypes: [requireSourceType("cmip7")], selection: [] },
      ports,
    );
    assert.deepEqual([forgotten.datasets, forgotten.undeclared], [0, 4]);
    const cmip6 = requireSourceType("cmip6");
    assert.equal((await exportCatalog({ ...what, sourceType: cmip6, selection: [] }, ports)).datasets, 2);
  }));
