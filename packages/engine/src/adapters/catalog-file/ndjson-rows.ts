import type { Readable } from "node:stream";
import type { CatalogRow, Cell } from "../../core/catalog/catalog-row.ts";
import type { OpenCatalogFile } from "../../ports/catalog-file.ts";
import { inBatches, type ReadRow } from "./batches.ts";
import { damaged } from "./damaged.ts";
import { textStream } from "./text-stream.ts";

/** Opens a file with one JSON object a line. Empty lines are no rows. */
export async function openNdjson(file: string): Promise<Omit<OpenCatalogFile, "pathColumn">> {
  const reading = { file, what: "an NDJSON file" };
  try {
    const text = await textStream(file);
    return { columns: undefined, batches: inBatches(rowsOf(text, reading)) };
  } catch (error) {
    throw damaged(error, reading);
  }
}

async function* rowsOf(
  text: Readable,
  reading: { readonly file: string; readonly what: string },
): AsyncIterable<ReadRow> {
  let first = true;
  try {
    for await (const line of linesOf(text)) {
      if (first && line.trimStart().startsWith("["))
        throw new Error("it is one JSON list; NDJSON has an object on each line");
      first = false;
      yield parseLine(line);
    }
  } catch (error) {
    throw damaged(error, reading);
  }
}

async function* linesOf(text: Readable): AsyncIterable<string> {
  let rest = "";
  for await (const chunk of text.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}

function parseLine(line: string): ReadRow {
  let value: unknown;
  try {
    // Only numbers of many digits would lose some: the reviver, which is slow, is for them.
    value = /\d{16}/.test(line) ? JSON.parse(line, exactNumber) : JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { reason: `it is not JSON: ${error.message}` };
  }
  return cellsOf(value);
}

/** Whole numbers beyond what a double holds. */
function exactNumber(
  this: unknown,
  _key: string,
  value: unknown,
  { source }: { readonly source?: string } = {},
): unknown {
  const whole = typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? "");
  return whole ? BigInt(source ?? "") : value;
}

/** The cells of a JSON object: no member may be a list or an object. */
export function cellsOf(value: unknown): ReadRow {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return { reason: "it is no JSON object" };
  for (const [name, cell] of Object.entries(value))
    if (typeof cell === "object" && cell !== null)
      return { reason: `its ${name} is ${Array.isArray(cell) ? "a list" : "an object"}, not one value` };
  return { cells: value as CatalogRow & Readonly<Record<string, Cell>> };
}
