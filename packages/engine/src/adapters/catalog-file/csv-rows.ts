import type { Readable } from "node:stream";
import type { CatalogRow, Cell } from "../../core/catalog/catalog-row.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { OpenCatalogFile } from "../../ports/catalog-file.ts";
import { inBatches, type ReadRow } from "./batches.ts";
import { damaged } from "./damaged.ts";
import { textStream } from "./text-stream.ts";

type Record = readonly (string | null)[];

const what = "a CSV file";

/** Opens a CSV file with a heading. An unquoted empty cell is missing, a quoted one the empty text. */
export async function openCsv(
  file: string,
  wanted: ReadonlySet<string>,
): Promise<Omit<OpenCatalogFile, "pathColumn">> {
  try {
    const records = await csvRecords(await textStream(file));
    const heading = await records.next();
    if (heading.done === true) throw new Error("it is empty");
    const columns = requireColumns(heading.value, file);
    return { columns, batches: translated(file, inBatches(rowsOf(records, { columns, wanted }))) };
  } catch (error) {
    throw damaged(error, { file, what });
  }
}

async function csvRecords(text: Readable): Promise<AsyncIterator<Record> & AsyncIterable<Record>> {
  const { parse } = await import("csv-parse");
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: true,
    cast: (value, { quoting }) => (value === "" && !quoting ? null : value),
  });
  text.on("error", (error) => parser.destroy(error));
  return text.pipe(parser)[Symbol.asyncIterator]() as AsyncIterator<Record> & AsyncIterable<Record>;
}

function requireColumns(heading: Record, file: string): readonly string[] {
  const columns = heading.map((name) => name ?? "");
  const twice = columns.find((name, index) => name !== "" && columns.indexOf(name) !== index);
  if (twice === undefined) return columns;
  throw new AlmanacError("CATALOG_FILE_INVALID", `${file} has two columns "${twice}"`, {
    hint: "give each column a name of its own",
    facts: { file, column: twice },
  });
}

async function* rowsOf(
  records: AsyncIterable<Record>,
  { columns, wanted }: { readonly columns: readonly string[]; readonly wanted: ReadonlySet<string> },
): AsyncIterable<ReadRow> {
  const kept = columns.flatMap((name, index) => (wanted.has(name) ? [{ name, index }] : []));
  // Copies of one object have one shape, which is several times faster than giving each row its columns anew.
  const empty: CatalogRow = Object.fromEntries(kept.map(({ name }) => [name, undefined]));
  for await (const record of records) {
    if (record.length === columns.length) {
      const cells: { [column: string]: Cell } = { ...empty };
      for (const { name, index } of kept) cells[name] = record[index];
      yield { cells };
    } else yield { reason: `it has ${record.length} cells, the heading has ${columns.length}` };
  }
}

async function* translated<T>(file: string, batches: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* batches;
  } catch (error) {
    throw damaged(error, { file, what });
  }
}
