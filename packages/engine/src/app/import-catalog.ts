import type { SourceType } from "../core/catalog/source-type.ts";
import { AlmanacError } from "../core/errors.ts";
import { cellText, fileColumns, timeRangeColumn, typeColumn } from "../documents/dataset-row.ts";
import { type RowReader, rowReader } from "../documents/dataset-row-reader.ts";
import type { CatalogFileReader, CatalogForm, NumberedRow, OpenCatalogFile } from "../ports/catalog-file.ts";
import type { DatasetCatalog } from "../ports/dataset-catalog.ts";
import type { EventSink } from "../ports/events.ts";
import { importDatasets, type ParsedRow } from "./import-datasets.ts";
import { type ImportReport, ImportTally } from "./import-report.ts";

export type { ImportReport } from "./import-report.ts";

/** What to import and as what. */
export interface ImportInput {
  /** Absolute paths. */
  readonly files: readonly { readonly file: string; readonly form: CatalogForm }[];
  /** Source type of every row; without one, the column `almanac_type` says it. */
  readonly sourceType: SourceType | undefined;
  /** All that there are. */
  readonly sourceTypes: readonly SourceType[];
}

/** What importing needs of the outside. */
export interface ImportPorts {
  readonly catalog: Pick<DatasetCatalog, "datasets" | "ingest">;
  readonly reader: CatalogFileReader;
  readonly emit: EventSink;
}

/** Rows gathered before datasets are written: enough that most datasets come as a whole. */
const rowsPerWrite = 20_000;

interface Run {
  readonly input: ImportInput;
  readonly ports: ImportPorts;
  readonly tally: ImportTally;
}

/**
 * Takes over datasets from catalogs in files: rows, one per file of a dataset, with ids as they are. Rows that cannot be
 * used are counted with their number and reason and stop nothing. Files and datasets that the catalog has are compared and
 * written only where they differ; what the file does not name stays. The data files themselves need not be there.
 * @throws FILE_MISSING, CATALOG_FILE_INVALID; what was written before stays
 */
export async function importCatalog(
  input: ImportInput,
  ports: ImportPorts,
  signal: AbortSignal,
): Promise<ImportReport> {
  const run: Run = { input, ports, tally: new ImportTally() };
  for (const { file, form } of input.files) {
    const opened = await ports.reader.open(file, { form, wanted: wantedColumns(input) });
    requireColumns(opened, { file, run });
    const { rows } = run.tally;
    await importFile(opened, { file, run, signal });
    if (run.tally.rows === rows && !run.tally.interrupted)
      run.tally.warn({ id: file, message: "holds no rows" });
    if (run.tally.interrupted) break;
  }
  return run.tally.report();
}

function wantedColumns({ sourceType, sourceTypes }: ImportInput): ReadonlySet<string> {
  const facets = (sourceType === undefined ? sourceTypes : [sourceType]).flatMap((each) => each.facets);
  return new Set([...facets.map(({ name }) => name), ...fileColumns, timeRangeColumn, typeColumn]);
}

/** Holds a file's columns to what its rows need, where it says them, and notes those that are of no use. */
function requireColumns(
  { columns, pathColumn }: OpenCatalogFile,
  { file, run: { input, tally } }: { readonly file: string; readonly run: Run },
): void {
  if (columns === undefined) return;
  const needed = [pathColumn, ...(input.sourceType === undefined ? [typeColumn] : [])];
  const lacking = needed.filter((name) => !columns.includes(name));
  if (lacking.length > 0)
    throw new AlmanacError(
      "CATALOG_FILE_INVALID",
      `${file} has no column ${lacking.join(" and no column ")}`,
      {
        hint: columnHint(columns, lacking),
        facts: { file, lacking, columns },
      },
    );
  const wanted = wantedColumns(input);
  for (const name of columns)
    if (!wanted.has(name) && name !== pathColumn && name !== "") tally.unusedColumns.add(name);
}

function columnHint(columns: readonly string[], lacking: readonly string[]): string {
  const [only = "", ...more] = columns;
  if (more.length === 0 && /[;|\t]/.test(only))
    return `cells are separated by commas; its heading is ${only}`;
  return lacking.includes(typeColumn)
    ? "say what the rows are with --type"
    : `each row needs the path of its file; the columns are ${columns.join(", ")}`;
}

interface FileRun {
  readonly file: string;
  readonly run: Run;
  readonly signal: AbortSignal;
}

async function importFile(opened: OpenCatalogFile, { file, run, signal }: FileRun): Promise<void> {
  const { ports, tally } = run;
  const parseRow = rowParser({ file, pathColumn: opened.pathColumn, run });
  let pending: ParsedRow[] = [];
  for await (const { rows, problems } of opened.batches) {
    if (signal.aborted) break;
    for (const { number, reason } of problems) tally.refuse({ file, row: number, reason });
    for (const row of rows) {
      const parsed = parseRow(row);
      if (parsed !== undefined) pending.push(parsed);
    }
    if (pending.length >= rowsPerWrite) pending = await writeRows(pending, { ...run, keepLast: true });
    ports.emit({ kind: "import.progress", file, rows: tally.rows + pending.length, invalid: tally.invalid });
  }
  if (signal.aborted) tally.interrupted = true;
  else await writeRows(pending, { ...run, keepLast: false });
}

/** Reads the rows of one file; those that cannot be used are counted. */
function rowParser({
  file,
  pathColumn,
  run,
}: {
  readonly file: string;
  readonly pathColumn: string;
  readonly run: Run;
}): (row: NumberedRow) => ParsedRow | undefined {
  const readers = new Map<SourceType, RowReader>();
  const readerOf = (sourceType: SourceType): RowReader => {
    const known = readers.get(sourceType) ?? rowReader({ sourceType, pathColumn });
    readers.set(sourceType, known);
    return known;
  };
  return ({ number, cells }) => {
    const refuse = (reason: string): undefined => run.tally.refuse({ file, row: number, reason });
    const sourceType = typeOfRow(cellText(cells[typeColumn]), run.input);
    if (typeof sourceType === "string") return refuse(sourceType);
    const parsed = readerOf(sourceType)(cells);
    return parsed.ok ? { file, row: number, sourceType, parsed: parsed.value } : refuse(parsed.error.message);
  };
}

/** The row's source type, or why there is none. */
function typeOfRow(told: string | undefined, { sourceType, sourceTypes }: ImportInput): SourceType | string {
  if (sourceType !== undefined)
    return told === undefined || told === sourceType.name ? sourceType : `it is of source type ${told}`;
  if (told === undefined) return `it has no ${typeColumn}; say what the rows are with --type`;
  return sourceTypes.find(({ name }) => name === told) ?? `there is no source type "${told}"`;
}

/**
 * Writes rows.
 * @returns those kept for the next time: of the last dataset, which may go on
 */
async function writeRows(
  rows: readonly ParsedRow[],
  { ports, tally, keepLast }: Run & { readonly keepLast: boolean },
): Promise<ParsedRow[]> {
  const last = rows.at(-1)?.parsed.id;
  const kept = keepLast ? rows.filter(({ parsed }) => parsed.id === last) : [];
  const complete =
    kept.length === rows.length || kept.length === 0 ? rows : rows.filter(({ parsed }) => parsed.id !== last);
  await importDatasets(complete, { catalog: ports.catalog, tally });
  return complete === rows ? [] : kept;
}
