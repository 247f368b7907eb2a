import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import type { AsyncBuffer, FileMetaData } from "hyparquet";
import type { CatalogRow, Cell } from "../../core/catalog/catalog-row.ts";
import type { NumberedRow, OpenCatalogFile, RowBatch } from "../../ports/catalog-file.ts";
import { rowsPerBatch } from "./batches.ts";
import { damaged } from "./damaged.ts";

const what = "a Parquet file";

/** Opens a Parquet file. One row group is in memory at a time, column by column. */
export async function openParquet(
  file: string,
  wanted: ReadonlySet<string>,
): Promise<Omit<OpenCatalogFile, "pathColumn">> {
  try {
    const { parquetMetadataAsync, parquetSchema } = await import("hyparquet");
    const source = await fileBuffer(file);
    await requireWhole(source);
    const metadata = await parquetMetadataAsync(source);
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name);
    const kept = columns.filter((name) => wanted.has(name));
    return { columns, batches: batchesOf({ file, source, metadata, columns: kept }) };
  } catch (error) {
    throw damaged(error, { file, what });
  }
}

async function fileBuffer(file: string): Promise<AsyncBuffer> {
  const { size } = await stat(file);
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      if (end <= start) return new ArrayBuffer(0);
      const bytes = await buffer(createReadStream(file, { start, end: end - 1 }));
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    },
  };
}

/** The four bytes that a Parquet file begins and ends with. */
const mark = "PAR1";

async function requireWhole(source: AsyncBuffer): Promise<void> {
  const { byteLength } = source;
  if (byteLength === 0) throw new Error("it is empty");
  const ends = [await source.slice(0, 4), await source.slice(Math.max(0, byteLength - 4))];
  const [starts, isWhole] = ends.map((bytes) => Buffer.from(bytes).toString("latin1") === mark);
  if (starts !== true) throw new Error(`it does not begin with ${mark}`);
  if (isWhole !== true) throw new Error("it is truncated");
}

interface Source {
  readonly file: string;
  readonly source: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: readonly string[];
}

async function* batchesOf(source: Source): AsyncIterable<RowBatch> {
  let rowStart = 0;
  for (const group of source.metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    const columns = await readGroup(source, { rowStart, rowEnd });
    for (let from = rowStart; from < rowEnd; from += rowsPerBatch) {
      const to = Math.min(from + rowsPerBatch, rowEnd);
      yield toBatch(columns, { first: rowStart, from, to });
    }
    rowStart = rowEnd;
  }
}

type Columns = readonly (readonly [string, ArrayLike<unknown>])[];

async function readGroup(
  { file, source, metadata, columns }: Source,
  range: { readonly rowStart: number; readonly rowEnd: number },
): Promise<Columns> {
  const { parquetScan } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const read: (readonly [string, ArrayLike<unknown>])[] = [];
  try {
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const parsers = { stringFromBytes: (bytes: Uint8Array) => decoder.decode(bytes) };
    const options = { file: source, metadata, compressors, parsers, columns: [...columns], ...range };
    const scan = await parquetScan(options);
    for (const column of columns) read.push([column, await scan.readColumn({ column, ...range })]);
  } catch (error) {
    throw damaged(error, { file, what });
  }
  return read;
}

function toBatch(
  columns: Columns,
  { first, from, to }: { readonly first: number; readonly from: number; readonly to: number },
): RowBatch {
  const rows: NumberedRow[] = [];
  const problems: RowBatch["problems"][number][] = [];
  // Copies of one object have one shape, which is several times faster than giving each row its columns anew.
  const empty: CatalogRow = Object.fromEntries(columns.map(([name]) => [name, undefined]));
  for (let at = from; at < to; at += 1) {
    const cells: { [column: string]: Cell } = { ...empty };
    let nested: string | undefined;
    for (const [name, values] of columns) {
      const value = values[at - first];
      if (value instanceof Date) cells[name] = dateTimeText(value);
      else if (typeof value === "object" && value !== null) nested ??= name;
      else cells[name] = value as Cell;
    }
    if (nested === undefined) rows.push({ number: at + 1, cells });
    else problems.push({ number: at + 1, reason: `its ${nested} is a list or an object, not one value` });
  }
  return { rows, problems };
}

/** Timestamps have no time zone here: they are in the calendar of the file that they are of. */
function dateTimeText(moment: Date): string | undefined {
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString().slice(0, 19).replace("T", " ");
}
