import { catalogFileReader } from "../../src/adapters/catalog-file/catalog-file-reader.ts";
import { catalogFiles } from "../conformance/real-catalogs.ts";
import type { Row } from "./rows.ts";

const fileFacts: ReadonlySet<string> = new Set(["path", "start_time", "end_time", "calendar"]);

/** The rows of the peers' catalogs with some of their columns, as the files have them. */
export async function realRows(folder: string, columns: ReadonlySet<string>): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const { sourceType, file, form } of catalogFiles(folder)) {
    const { batches } = await catalogFileReader.open(file, { form, wanted: columns });
    for await (const batch of batches)
      for (const { cells } of batch.rows) rows.push(rowOf(sourceType.name, cells));
  }
  return rows;
}

function rowOf(sourceType: string, cells: Readonly<Record<string, unknown>>): Row {
  const texts = Object.entries(cells).flatMap(([name, cell]) => {
    const missing = cell === null || cell === undefined || Number.isNaN(cell);
    return missing ? [] : [[name, String(cell)] as const];
  });
  const all = Object.fromEntries(texts);
  return {
    sourceType,
    id: all["instance_id"] ?? "",
    facets: Object.fromEntries(texts.filter(([name]) => !fileFacts.has(name))),
    path: all["path"] ?? "",
    start: all["start_time"],
    end: all["end_time"],
    calendar: all["calendar"],
  };
}
