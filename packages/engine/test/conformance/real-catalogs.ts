import { existsSync } from "node:fs";
import path from "node:path";
import { catalogFileReader } from "../../src/adapters/catalog-file/catalog-file-reader.ts";
import { assembleDataset } from "../../src/core/catalog/assemble.ts";
import type { Dataset } from "../../src/core/catalog/dataset.ts";
import type { ParsedFile } from "../../src/core/catalog/parse-file.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";
import type { SourceType } from "../../src/core/catalog/source-type.ts";
import { builtInSourceTypes } from "../../src/core/catalog/source-types.ts";
import { AlmanacError } from "../../src/core/errors.ts";
import { fileColumns } from "../../src/documents/dataset-row.ts";
import { rowReader } from "../../src/documents/dataset-row-reader.ts";
import type { CatalogForm } from "../../src/ports/catalog-file.ts";

/** Endings of the files that a catalog may be in. */
const endings: readonly (readonly [string, CatalogForm])[] = [
  ["parquet", "parquet"],
  ["ndjson.gz", "ndjson"],
  ["ndjson", "ndjson"],
  ["csv.gz", "csv"],
  ["csv", "csv"],
];

/** A catalog in a file. */
export interface CatalogFile {
  readonly sourceType: SourceType;
  readonly file: string;
  readonly form: CatalogForm;
}

/** The catalogs of a folder: of each source type the file that is named after it, in whichever form. */
export function catalogFiles(folder: string): readonly CatalogFile[] {
  const found = Object.values(builtInSourceTypes).flatMap((sourceType) =>
    endings
      .map(([ending, form]) => ({
        sourceType,
        form,
        file: path.join(folder, `${sourceType.name}.${ending}`),
      }))
      .filter(({ file }) => existsSync(file))
      .slice(0, 1),
  );
  if (found.length > 0) return found;
  const names = Object.keys(builtInSourceTypes).join(", ");
  throw new AlmanacError("ENVIRONMENT_INVALID", `${folder} has no catalog of ${names}`);
}

/**
 * The catalogs of a folder as one snapshot, read as `almanac import` reads them, with one exception: a path that stands
 * twice in a catalog is two files, as it is for the reference's dataset hash.
 * @throws ENVIRONMENT_INVALID when there is none at all, or a row cannot be used
 */
export async function loadRealCatalogs(folder: string): Promise<Snapshot> {
  const tables = new Map();
  for (const catalog of catalogFiles(folder))
    tables.set(catalog.sourceType.name, buildTable(catalog.sourceType, await datasetsOf(catalog)));
  return { revision: 1, tables };
}

async function datasetsOf({ sourceType, file, form }: CatalogFile): Promise<readonly Dataset[]> {
  const wanted = new Set([...sourceType.facets.map(({ name }) => name), ...fileColumns]);
  const { batches } = await catalogFileReader.open(file, { form, wanted });
  const readRow = rowReader({ sourceType });
  const byId = new Map<string, ParsedFile[]>();
  for await (const { rows } of batches)
    for (const { number, cells } of rows) {
      const parsed = readRow(cells);
      if (!parsed.ok)
        throw new AlmanacError("ENVIRONMENT_INVALID", `${file}, row ${number}: ${parsed.error.message}`);
      const files = byId.get(parsed.value.id);
      if (files === undefined) byId.set(parsed.value.id, [parsed.value]);
      else files.push(parsed.value);
    }
  return [...byId.values()].flatMap((files) => datasetOf(sourceType, files));
}

function datasetOf(sourceType: SourceType, files: readonly ParsedFile[]): readonly Dataset[] {
  const { dataset } = assembleDataset(sourceType, files);
  if (dataset === undefined) return [];
  const byPath = new Map(dataset.files.map((file) => [file.path, file]));
  return [{ ...dataset, files: files.flatMap(({ path: name }) => byPath.get(name) ?? []) }];
}
