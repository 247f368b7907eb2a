import type { SchemaElement } from "hyparquet";
import type { Cell } from "../../core/catalog/catalog-row.ts";
import type { CatalogFileToWrite, CellBatches } from "../../ports/catalog-file.ts";
import { writeNewFile } from "./new-file.ts";

/** Rows of one row group: so many are in memory at a time, here and for who reads the file. */
const rowsPerGroup = 50_000;

/** Writes a Parquet file, text columns but for those that are said to be otherwise. */
export async function writeParquet(file: string, content: CatalogFileToWrite): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import("hyparquet-writer");
  await writeNewFile(file, async (append) => {
    const writer = new ByteWriter();
    const parquet = new ParquetWriter({ writer, schema: schemaOf(content), createdBy: "almanac" });
    const flush = async (): Promise<void> => {
      await append(writer.getBytes());
      writer.index = 0;
    };
    for await (const group of inGroups(content.rows)) {
      await parquet.write({ columnData: columnsOf(group, content), rowGroupSize: rowsPerGroup });
      await flush();
    }
    await parquet.finish();
    await flush();
  });
}

function schemaOf({ columns, numbers, truths }: CatalogFileToWrite): SchemaElement[] {
  const element = (name: string): SchemaElement => {
    const optional = { name, repetition_type: "OPTIONAL" } as const;
    if (numbers.has(name)) return { ...optional, type: "INT64" };
    if (truths.has(name)) return { ...optional, type: "BOOLEAN" };
    return { ...optional, type: "BYTE_ARRAY", converted_type: "UTF8" };
  };
  return [{ name: "catalog", num_children: columns.length }, ...columns.map(element)];
}

async function* inGroups(rows: CellBatches): AsyncIterable<readonly (readonly Cell[])[]> {
  let group: (readonly Cell[])[] = [];
  for await (const batch of rows)
    for (const row of batch) {
      group.push(row);
      if (group.length < rowsPerGroup) continue;
      yield group;
      group = [];
    }
  if (group.length > 0) yield group;
}

function columnsOf(
  group: readonly (readonly Cell[])[],
  { columns, numbers }: CatalogFileToWrite,
): { name: string; data: Cell[] }[] {
  return columns.map((name, index) => ({
    name,
    data: group.map((row) => {
      const cell = row[index];
      return numbers.has(name) && typeof cell === "number" ? BigInt(cell) : cell;
    }),
  }));
}
