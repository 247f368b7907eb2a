import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { importFile, importRows, inCatalog, row } from "../../test/support/imported-rows.ts";
import { catalogFileReader } from "../adapters/catalog-file/catalog-file-reader.ts";
import { builtInSourceTypes, requireSourceType } from "../core/catalog/source-types.ts";
import { type ImportReport, importCatalog } from "./import-catalog.ts";

const root = mkdtempSync(join(tmpdir(), "almanac-import-"));
after(() => rmSync(root, { recursive: true }));

const sourceTypes = Object.values(builtInSourceTypes);
const noSignal = new AbortController().signal;

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
        [3, 'its start_time "yesterday" is no YYYY-MM-DD HH:MM:SS'],
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
    writeFileSync(file, "instance_id;path\nx;y\n");
    await assert.rejects(importFile(file, { form: "csv", catalog, type: "cmip6" }), {
      hint: "cells are separated by commas; its heading is instance_id;path",
    });
    writeFileSync(file, "instance_id,path\n");
    const { warnings } = await importFile(file, { form: "csv", catalog, type: "cmip6" });
    assert.deepEqual(warnings, [{ id: file, message: "holds no rows" }]);
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
