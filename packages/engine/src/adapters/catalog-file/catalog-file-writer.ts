import { basename } from "node:path";
import type { CatalogFileToWrite, CatalogFileWriter, CatalogForm } from "../../ports/catalog-file.ts";

/** Writes catalogs to local files; the library of a form is loaded when a file of that form is written. */
export const catalogFileWriter: CatalogFileWriter = {
  write: (file, content) => writers[content.form](file, content),
};

type Write = CatalogFileWriter["write"];

const writers: Readonly<Record<CatalogForm, Write>> = {
  csv: async (file, content) => {
    await (await import("./write-csv.ts")).writeCsv(file, content);
    return [file];
  },
  ndjson: async (file, content) => {
    await (await import("./write-ndjson.ts")).writeNdjson(file, content);
    return [file];
  },
  parquet: async (file, content) => {
    await (await import("./write-parquet.ts")).writeParquet(file, content);
    return [file];
  },
  "intake-esm": writeIntakeEsm,
};

/**
 * The table first: a description never names one that is not there.
 * @source intake-esm ESM Catalog Specification 0.1.0
 */
async function writeIntakeEsm(file: string, content: CatalogFileToWrite): Promise<readonly string[]> {
  const { writeCsv } = await import("./write-csv.ts");
  const { writeNewText } = await import("./new-file.ts");
  const name = basename(file).replace(/\.json$/i, "");
  const table = `${file.replace(/\.json$/i, "")}.csv`;
  await writeCsv(table, content);
  const description = {
    esmcat_version: "0.1.0",
    id: name,
    description: "Datasets exported by Almanac, one row for each file",
    catalog_file: basename(table),
    attributes: content.columns
      .filter((column) => column !== content.pathColumn)
      .map((column) => ({ column_name: column, vocabulary: "" })),
    assets: { column_name: content.pathColumn, format: "netcdf" },
  };
  await writeNewText(file, pieces(`${JSON.stringify(description, null, 2)}\n`));
  return [file, table];
}

async function* pieces(text: string): AsyncIterable<string> {
  yield text;
}
