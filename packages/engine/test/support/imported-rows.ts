import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalogFileReader } from "../../src/adapters/catalog-file/catalog-file-reader.ts";
import { type OpenCatalog, openCatalog } from "../../src/adapters/sqlite/open.ts";
import { type ImportReport, importCatalog } from "../../src/app/import-catalog.ts";
import { builtInSourceTypes, requireSourceType } from "../../src/core/catalog/source-types.ts";
import type { CatalogForm } from "../../src/ports/catalog-file.ts";

const sourceTypes = Object.values(builtInSourceTypes);
const noSignal = new AbortController().signal;

/** A row of a catalog as a test writes it. */
export type Row = Readonly<Record<string, unknown>>;

/** A row of one CMIP6 file. */
export function row(more: Row = {}): Row {
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

/** Does something with a new catalog in memory. */
export async function inCatalog(body: (catalog: OpenCatalog) => Promise<void>): Promise<void> {
  const catalog = await openCatalog({ file: ":memory:" });
  try {
    await body(catalog);
  } finally {
    await catalog.close();
  }
}

/** Imports rows from an NDJSON file. @param options.type empty: the rows say it */
export async function importRows(
  rows: readonly Row[],
  { catalog, type = "cmip6" }: { readonly catalog: OpenCatalog; readonly type?: string | undefined },
): Promise<ImportReport> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-rows-"));
  try {
    const file = join(folder, "rows.ndjson");
    writeFileSync(file, rows.map((each) => `${JSON.stringify(each)}\n`).join(""));
    return await importFile(file, { form: "ndjson", catalog, type });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Imports a file. */
export async function importFile(
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
