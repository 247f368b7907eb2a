import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import fc from "fast-check";
import { catalogFileReader } from "../adapters/catalog-file/catalog-file-reader.ts";
import { catalogFileWriter } from "../adapters/catalog-file/catalog-file-writer.ts";
import { type OpenCatalog, openCatalog } from "../adapters/sqlite/open.ts";
import { builtInSourceTypes, requireSourceType } from "../core/catalog/source-types.ts";
import { type CatalogForm, catalogForms } from "../ports/catalog-file.ts";
import { exportCatalog } from "./export-catalog.ts";
import { type ImportReport, importCatalog } from "./import-catalog.ts";

const root = mkdtempSync(join(tmpdir(), "almanac-import-"));
after(() => rmSync(root, { recursive: true }));

const sourceTypes = Object.values(builtInSourceTypes);
const noSignal = new AbortController().signal;

type Row = Readonly<Record<string, unknown>>;

/** A row of one CMIP6 file. */
function row(more: Row = {}): Row {
  return {
    instance_id: "CMIP6.CMIP.INST.MODEL-A.historical.r1i1p1f1.Amon.tas.gn.v20200101",
    activity_id: "CMIP",
    institution_id: "INST",
    source_id: "MODEL-A",
    experiment_id: "historical",
    member_id: "r1i1p1f1",
    variant_label: "r1i1p1f1",
    table_id: "Amon",
    variable_id: "tas",
    grid_label: "gn",
    frequency: "mon",
    version: "v20200101",
    start_time: "1850-01-16 12:00:00",
    end_time: "1859-12-16 12:00:00",
    calendar: "noleap",
    path: "{data}/a.nc",
    finalised: true,
    ...more,
  };
}

async function inCatalog(body: (catalog: OpenCatalog) => Promise<void>): Promise<void> {
  const catalog = await openCatalog({ file: ":memory:" });
  try {
    await body(catalog);
  } finally {
    await catalog.close();
  }
}

async function importRows(
  rows: readonly Row[],
  { catalog, type = "cmip6" }: { readonly catalog: OpenCatalog; readonly type?: string | undefined },
): Promise<ImportReport> {
  const file = join(mkdtempSync(join(root, "rows-")), "rows.ndjson");
  writeFileSync(file, rows.map((each) => `${JSON.stringify(each)}\n`).join(""));
  return importFile(file, { form: "ndjson", catalog, type });
}

async function importFile(
  file: string,
  {
    form,
    catalog,
    type,
  }: { readonly form: CatalogForm; readonly catalog: OpenCatalog; readonly type?: string | undefined },
): Promise<ImportReport> {
  const sourceType = type === undefined || type === "" ? undefined : requireSourceType(type);
  const ports = { catalog: catalog.datasets, reader: catalogFileReader, emit: () => {} };
  return importCatalog({ files: [{ file, form }], sourceType, sourceTypes }, ports, noSignal);
}

function counts({ new: added, updated, unchanged, invalid, datasets }: ImportReport): readonly number[] {
  return [added, updated, unchanged, invalid, datasets];
}

test("rows become datasets with ids as they are; the same import again changes nothing", () =>
  inCatalog(async (catalog) => {
    const rows = [row({ instance_id: "my own id" }), row({ instance_id: "my own id", path: "{data}/b.nc" })];
    assert.deepEqual(counts(await importRows(rows, { catalog })), [2, 0, 0, 0, 1]);
    const revision = await catalog.datasets.revision();
    assert.deepEqual(counts(await importRows(rows, { catalog })), [0, 0, 2, 0, 0]);
    assert.equal(await catalog.datasets.revision(), revision);
    const { items } = await catalog.datasets.list({});
    assert.equal(items.length, 1);
    assert.equal(items[0]?.id, "my own id");
    assert.equal(items[0].facets["instance_id"], "my own id");
    assert.deepEqual(
      items[0].files.map(({ path, start, calendar }) => [path, start, calendar]),
      [
        ["{data}/a.nc", "1850-01-16 12:00:00", "noleap"],
        ["{data}/b.nc", "1850-01-16 12:00:00", "noleap"],
      ],
    );
  }));

test("a changed file and a changed facet are updates; what the file does not name stays", () =>
  inCatalog(async (catalog) => {
    const other = row({ path: "{data}/b.nc" });
    await importRows([row(), other], { catalog });
    assert.deepEqual(
      counts(await importRows([row({ end_time: "1860-12-16 12:00:00" }), other], { catalog })),
      [0, 1, 1, 0, 1],
    );
    const third = row({ path: "{data}/c.nc" });
    assert.deepEqual(counts(await importRows([third], { catalog })), [1, 0, 0, 0, 1]);
    const nominal = { nominal_resolution: "100 km" };
    const all = [
      row({ ...nominal, end_time: "1860-12-16 12:00:00" }),
      { ...other, ...nominal },
      { ...third, ...nominal },
    ];
    assert.deepEqual(counts(await importRows(all, { catalog })), [0, 3, 0, 0, 1]);
    const { items } = await catalog.datasets.list({});
    assert.equal(items[0]?.files.length, 3);
    assert.equal(items[0].facets["nominal_resolution"], "100 km");
  }));

test("rows that say the file has not been opened downgrade nothing", () =>
  inCatalog(async (catalog) => {
    await importRows([row({ realm: "atmos" })], { catalog });
    const bare = row({ finalised: false, calendar: null });
    await importRows([bare], { catalog });
    const [dataset] = (await catalog.datasets.list({})).items;
    assert.equal(dataset?.finalised, true);
    assert.equal(dataset.facets["realm"], "atmos");
    assert.equal(dataset.files[0]?.calendar, "noleap");
  }));

test("rows that cannot be used are counted with number and reason and stop nothing", () =>
  inCatalog(async (catalog) => {
    const { instance_id: _id, grid_label: _grid, ...nameless } = row({ path: "c.nc" });
    const rows = [
      row(),
      row({ path: null }),
      row({ path: "x.nc", start_time: "yesterday" }),
      nameless,
      row({ path: "s.nc", size_bytes: 1.5 }),
      row({ path: "t.nc", almanac_type: "cmip7" }),
    ];
    const report = await importRows(rows, { catalog });
    assert.deepEqual(counts(report), [1, 0, 0, 5, 1]);
    assert.deepEqual(
      report.refused.map(({ row: number, reason }) => [number, reason]),
      [
        [2, "it has no path"],
        [3, 'its start_time "yesterday" is no date and time'],
        [4, "it has no instance_id, and none can be made without grid_label"],
        [5, 'its size_bytes "1.5" is no whole number'],
        [6, "it is of source type cmip7"],
      ],
    );
    assert.equal(report.allFailed, false);
    assert.equal((await importRows([row({ path: "" })], { catalog })).allFailed, true);
  }));

test("without a type each row has to tell its own", () =>
  inCatalog(async (catalog) => {
    const rows = [
      row({ almanac_type: "cmip6" }),
      row({ path: "b.nc" }),
      row({ path: "c.nc", almanac_type: "cmip9" }),
    ];
    const report = await importRows(rows, { catalog, type: "" });
    assert.deepEqual(
      report.refused.map(({ reason }) => reason),
      ["it has no almanac_type; say what the rows are with --type", 'there is no source type "cmip9"'],
    );
  }));

test("a file without the columns it needs is refused before anything is written", () =>
  inCatalog(async (catalog) => {
    const file = join(root, "lacking.csv");
    writeFileSync(file, "instance_id,uri\nx,y\n");
    await assert.rejects(importFile(file, { form: "csv", catalog, type: "cmip6" }), {
      code: "CATALOG_FILE_INVALID",
      message: `${file} has no column path`,
      hint: "each row needs the path of its file; the columns are instance_id, uri",
    });
    writeFileSync(file, "instance_id,path,mood\nx,y,good\n");
    await assert.rejects(importFile(file, { form: "csv", catalog }), {
      hint: "say what the rows are with --type",
    });
    const { unusedColumns, new: added } = await importFile(file, { form: "csv", catalog, type: "cmip6" });
    assert.deepEqual([unusedColumns, added], [["mood"], 1]);
  }));

test("a catalog without ids gets them of its columns, of the path, and of what follows from them", () =>
  inCatalog(async (catalog) => {
    const {
      instance_id: _id,
      frequency: _frequency,
      variant_label: _variant,
      ...bare
    } = row({ version: 20200101 });
    await importRows([bare], { catalog });
    const path =
      "gs://bucket/CMIP6/CMIP/INST/MODEL-B/historical/r1i1p1f1/Amon/tas/gn/v20200101/tas_Amon_MODEL-B_historical_r1i1p1f1_gn_185001-185912.nc";
    await importRows([{ path }], { catalog });
    const { items } = await catalog.datasets.list({});
    assert.deepEqual(
      items.map(({ id }) => id),
      ["A", "B"].map((model) => `CMIP6.CMIP.INST.MODEL-${model}.historical.r1i1p1f1.Amon.tas.gn.v20200101`),
    );
    assert.equal(items[0]?.facets["frequency"], "mon");
    assert.equal(items[0].facets["version"], "v20200101");
    assert.equal(items[1]?.files[0]?.end, "1859-12-30 00:00:00");
  }));

test("an intake-esm catalog as others write it: a column of its own for the path, time ranges, versions as numbers", () =>
  inCatalog(async (catalog) => {
    const columns =
      "activity_id,institution_id,source_id,experiment_id,member_id,table_id,variable_id,grid_label";
    const values = "CMIP,INST,MODEL-A,historical,s1960-r1i1p1f1,Amon,tas,gn";
    const folder = mkdtempSync(join(root, "esm-"));
    const table = `${columns},zstore,dcpp_init_year,time_range,version\n${values},gs://x/1/,1960.0,196001-196912,20200101\n`;
    writeFileSync(join(folder, "table.csv"), table);
    const description = {
      esmcat_version: "0.1.0",
      attributes: [],
      assets: { column_name: "zstore", format: "zarr" },
      catalog_file: "table.csv",
    };
    writeFileSync(join(folder, "c.json"), JSON.stringify(description));
    const report = await importFile(join(folder, "c.json"), { form: "intake-esm", catalog, type: "cmip6" });
    assert.deepEqual([report.new, report.unusedColumns], [1, ["dcpp_init_year"]]);
    const [dataset] = (await catalog.datasets.list({})).items;
    assert.equal(dataset?.id, "CMIP6.CMIP.INST.MODEL-A.historical.s1960-r1i1p1f1.Amon.tas.gn.v20200101");
    assert.equal(dataset.facets["variant_label"], "r1i1p1f1");
    assert.deepEqual(
      dataset.files.map(({ path, start, end }) => [path, start, end]),
      [["gs://x/1/", "1960-01-01 00:00:00", "1969-12-30 00:00:00"]],
    );
  }));

test("rows of a dataset that disagree on a facet usable in filters make it invalid, as files do", () =>
  inCatalog(async (catalog) => {
    const report = await importRows([row(), row({ path: "b.nc", grid_label: "gr" })], { catalog });
    assert.deepEqual(counts(report), [0, 0, 0, 2, 1]);
    assert.match(
      report.refused[0]?.reason ?? "",
      /is invalid: the files disagree on grid_label: "gr" \(b.nc\), "gn"/,
    );
    assert.equal((await catalog.datasets.snapshot()).tables.size, 0);
    const again = await importRows([row({ grid_label: "gr" }), row({ path: "b.nc", grid_label: "gr" })], {
      catalog,
    });
    assert.deepEqual(counts(again), [0, 2, 0, 0, 1]);
  }));

test("two rows with one path are one file, and said to be", () =>
  inCatalog(async (catalog) => {
    const report = await importRows([row(), row({ tracking_id: "t" })], { catalog });
    assert.deepEqual(
      report.warnings.map(({ message }) => message),
      ["two rows have the path {data}/a.nc; the last counts"],
    );
    const { items } = await catalog.datasets.list({});
    assert.deepEqual(
      items[0]?.files.map(({ trackingId }) => trackingId),
      ["t"],
    );
  }));

test("a path is of one dataset: a row that says otherwise is refused", () =>
  inCatalog(async (catalog) => {
    const report = await importRows([row(), row({ instance_id: "other" })], { catalog });
    assert.deepEqual(counts(report), [1, 0, 0, 1, 1]);
    assert.match(report.refused[0]?.reason ?? "", /^its path is that of row 1 too, which is of CMIP6\.CMIP/);
  }));

test("an interrupted import says so and keeps what was written", () =>
  inCatalog(async (catalog) => {
    const controller = new AbortController();
    const emit = (): void => controller.abort();
    const file = join(root, "interrupted.ndjson");
    const rows = Array.from({ length: 25_000 }, (_, at) => ({ instance_id: `id ${at}`, path: `${at}.nc` }));
    writeFileSync(file, rows.map((each) => `${JSON.stringify(each)}\n`).join(""));
    const ports = { catalog: catalog.datasets, reader: catalogFileReader };
    const input = {
      files: [{ file, form: "ndjson" }],
      sourceType: requireSourceType("cmip6"),
      sourceTypes,
    } as const;
    const cut = await importCatalog(input, { ...ports, emit }, controller.signal);
    assert.equal(cut.interrupted, true);
    assert.ok(cut.new < 25_000);
    const rest = await importCatalog(input, { ...ports, emit: () => {} }, noSignal);
    assert.deepEqual([rest.new + rest.unchanged, rest.unchanged, rest.interrupted], [25_000, cut.new, false]);
  }));

test("datasets whose rows are far apart come together", () =>
  inCatalog(async (catalog) => {
    const rows = Array.from({ length: 45_000 }, (_, index) => ({
      instance_id: `id ${index % 3}`,
      path: `${index}.nc`,
      start_time: null,
      long_name: `name ${index % 3}`,
    }));
    assert.deepEqual(counts(await importRows(rows, { catalog })).slice(0, 4), [45_000, 0, 0, 0]);
    const { items } = await catalog.datasets.list({});
    assert.deepEqual(
      items.map(({ files, facets }) => [files.length, facets["long_name"]]),
      [0, 1, 2].map((id) => [15_000, `name ${id}`]),
    );
    assert.deepEqual(counts(await importRows(rows, { catalog })), [0, 0, 45_000, 0, 0]);
  }));

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
