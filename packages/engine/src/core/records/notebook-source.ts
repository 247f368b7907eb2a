import { compareCodeUnits } from "../identity/compare.ts";
import type { Json } from "../json.ts";

type JsonObject = { readonly [name: string]: Json };

/** Metadata of a cell that decides something: `parameters` and other tags. */
const cellMetadata: ReadonlySet<string> = new Set(["tags", "language"]);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function decisive(metadata: Json | undefined): JsonObject {
  if (!isObject(metadata)) return {};
  return Object.fromEntries(
    Object.entries(metadata)
      .filter(([name]) => cellMetadata.has(name))
      .toSorted(([a], [b]) => compareCodeUnits(a, b)),
  );
}

/** Text of a cell: notebooks write it as one text or as its lines. */
function sourceText(value: Json | undefined): string {
  if (Array.isArray(value)) return value.join("");
  return typeof value === "string" ? value : "";
}

function cellSource(cell: Json): Json {
  if (!isObject(cell)) return cell;
  return {
    attachments: cell["attachments"] ?? {},
    cell_type: cell["cell_type"] ?? "",
    metadata: decisive(cell["metadata"]),
    source: sourceText(cell["source"] ?? cell["input"]),
  };
}

/** The kernel that runs the cells; versions and the names it is shown by change with the machine. */
function kernelOf(metadata: Json | undefined): Json {
  const kernel = isObject(metadata) ? metadata["kernelspec"] : undefined;
  return (isObject(kernel) ? kernel["name"] : undefined) ?? "";
}

/** Cells of a notebook of form 4, or of form 3, which has worksheets. */
function cellsOf(notebook: JsonObject): readonly Json[] | undefined {
  if (Array.isArray(notebook["cells"])) return notebook["cells"];
  const sheets = notebook["worksheets"];
  if (!Array.isArray(sheets)) return undefined;
  return sheets.flatMap((sheet) =>
    isObject(sheet) && Array.isArray(sheet["cells"]) ? (sheet["cells"] as readonly Json[]) : [],
  );
}

/** True for the path of a Jupyter notebook. */
export function isNotebook(path: string): boolean {
  return path.endsWith(".ipynb");
}

/**
 * The source of a Jupyter notebook: its cells in order, each with its type, text, tags and attachments, and the kernel.
 * Outputs, execution counts, ids of cells, and metadata that changes with each session or machine are left out, and it
 * does not matter how the JSON is laid out.
 * @param text of the `.ipynb` file
 * @returns undefined when it is no notebook
 * @source nbformat 4.5, "The Notebook file format"
 */
export function notebookSource(text: string): string | undefined {
  const notebook = parse(text);
  if (!isObject(notebook)) return undefined;
  const cells = cellsOf(notebook);
  if (cells === undefined) return undefined;
  return `${JSON.stringify({ cells: cells.map(cellSource), kernel: kernelOf(notebook["metadata"]) })}\n`;
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
