import type { SelectionInput } from "../core/catalog/selection.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import { compareCodeUnits } from "../core/identity/compare.ts";
import {
  datasetCells,
  exportColumns,
  numberColumnNames,
  truthColumnNames,
} from "../documents/dataset-row.ts";
import type { CatalogFileWriter, CatalogForm, CellBatches } from "../ports/catalog-file.ts";
import type { DatasetCatalog, DatasetSummary } from "../ports/dataset-catalog.ts";

/** What to export and where. */
export interface ExportInput {
  /** Absolute path. */
  readonly file: string;
  readonly form: CatalogForm;
  /** Only datasets of this type; without one, of all. */
  readonly sourceType?: SourceType | undefined;
  /** All that there are. */
  readonly sourceTypes: readonly SourceType[];
  readonly selection: SelectionInput;
}

/** What exporting needs of the outside. */
export interface ExportPorts {
  readonly catalog: Pick<DatasetCatalog, "list">;
  readonly writer: CatalogFileWriter;
}

/** What an export wrote. */
export interface ExportReport {
  /** Paths of the files written. */
  readonly written: readonly string[];
  readonly datasets: number;
  /** Rows, one for each file of a dataset. */
  readonly rows: number;
  /** Selected datasets left out because they are retracted, and because they cannot be used. */
  readonly retracted: number;
  readonly invalid: number;
  /** Selected datasets left out because nobody declares their source type any more. */
  readonly undeclared: number;
}

/** Datasets read at a time. */
const datasetsPerPage = 1000;

/** Rows handed on together. */
const rowsPerBatch = 5000;

/**
 * Writes the selected datasets as rows, one per file: by source type, then in catalog order, so that equal catalogs give equal
 * bytes. Importing the file into an empty catalog gives the same datasets. Retracted and invalid ones are left out, as are
 * files that are missing.
 * @throws what the writer throws; then no file is left
 */
export async function exportCatalog(
  input: ExportInput,
  { catalog, writer }: ExportPorts,
): Promise<ExportReport> {
  const { types, undeclared } = await occurring(input, catalog);
  const columns = exportColumns(types);
  const tally = { datasets: 0, rows: 0, retracted: 0, invalid: 0 };
  const written = await writer.write(input.file, {
    form: input.form,
    columns,
    numbers: numberColumnNames,
    truths: truthColumnNames,
    pathColumn: "path",
    rows: rowsOf({ ...input, sourceTypes: types }, { catalog, columns, tally }),
  });
  return { written, ...tally, undeclared };
}

/** Types that the selection has datasets of, in code-unit order, and how many datasets are of none of all. */
async function occurring(
  { sourceType, sourceTypes, selection }: ExportInput,
  catalog: ExportPorts["catalog"],
): Promise<{ readonly types: readonly SourceType[]; readonly undeclared: number }> {
  const types: SourceType[] = [];
  const all =
    sourceType === undefined ? await catalog.list({ selection, origin: "ingested", limit: 1 }) : undefined;
  let undeclared = all?.total ?? 0;
  const asked = sourceType === undefined ? sourceTypes : [sourceType];
  for (const type of asked.toSorted((a, b) => compareCodeUnits(a.name, b.name))) {
    const { total } = await catalog.list({ sourceType: type.name, selection, limit: 1 });
    if (total > 0) types.push(type);
    undeclared -= total;
  }
  return { types, undeclared: Math.max(undeclared, 0) };
}

interface Counts {
  datasets: number;
  rows: number;
  retracted: number;
  invalid: number;
}

async function* rowsOf(
  { sourceTypes, selection }: ExportInput,
  {
    catalog,
    columns,
    tally,
  }: {
    readonly catalog: ExportPorts["catalog"];
    readonly columns: readonly string[];
    readonly tally: Counts;
  },
): CellBatches {
  for (const { name } of sourceTypes)
    for (let offset = 0; ; offset += datasetsPerPage) {
      const page = await catalog.list({ sourceType: name, selection, offset, limit: datasetsPerPage });
      const usable = page.items.filter((dataset) => isUsable(dataset, tally));
      const rows = usable.flatMap((dataset) => datasetCells(dataset, columns));
      tally.datasets += usable.length;
      tally.rows += rows.length;
      for (let from = 0; from < rows.length; from += rowsPerBatch)
        yield rows.slice(from, from + rowsPerBatch);
      if (offset + datasetsPerPage >= page.total) break;
    }
}

function isUsable({ retracted, invalid }: DatasetSummary, tally: Counts): boolean {
  if (retracted) tally.retracted += 1;
  else if (invalid !== undefined) tally.invalid += 1;
  return !retracted && invalid === undefined;
}
