import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

/** One file of a catalog: column → value. */
export type CatalogRow = Readonly<Record<string, unknown>>;

const forms = ["parquet", "ndjson.gz", "ndjson", "csv.gz", "csv"];

/** The file of a source type in a folder, in whichever form it is; undefined when there is none. */
export function catalogFile(folder: string, sourceType: string): string | undefined {
  return forms.map((form) => path.join(folder, `${sourceType}.${form}`)).find((file) => existsSync(file));
}

/** Reads a catalog: Parquet, NDJSON or CSV, the last two perhaps gzipped. In CSV the empty text is a missing value. */
export async function readCatalogRows(file: string): Promise<readonly CatalogRow[]> {
  const bytes = readFileSync(file);
  if (file.endsWith(".parquet")) return readParquet(bytes);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  if (/\.csv(\.gz)?$/.test(file)) return readCsv(text);
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => JSON.parse(line) as CatalogRow);
}

async function readParquet(bytes: Buffer): Promise<readonly CatalogRow[]> {
  const { parquetReadObjects } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  return parquetReadObjects({ file: buffer, compressors });
}

async function readCsv(text: string): Promise<readonly CatalogRow[]> {
  const { parse } = await import("csv-parse/sync");
  return parse<CatalogRow>(text, {
    columns: true,
    cast: (value) => (value === "" ? undefined : value),
  });
}
