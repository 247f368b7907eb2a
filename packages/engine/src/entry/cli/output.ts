import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import type { Terminal } from "./terminal.ts";
import { textTable } from "./text-table.ts";

/** Forms a listing can be written in. */
export const outputFormats = ["table", "json", "ndjson", "csv", "md"] as const;

/** One of them. */
export type OutputFormat = (typeof outputFormats)[number];

/** One column of a listing: its heading and how a cell's text is made. */
export interface Column<T> {
  readonly heading: string;
  readonly text: (item: T) => string;
}

/** A listing: the same rows in every format. */
export interface Listing<T> {
  /** Name of the envelope's format: `almanac.<kind>/1`. */
  readonly kind: string;
  readonly items: readonly T[];
  /** What the footer calls them; default: the kind. */
  readonly noun?: string;
  /** How many there are in all; more than `items` when limited. */
  readonly total: number;
  readonly columns: readonly Column<T>[];
  /** Further members of the JSON envelope. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Options that every listing takes. */
export interface ListingFlags {
  readonly format?: OutputFormat;
  readonly json?: boolean;
}

/** Adds `--format` and `--json`. */
export function withFormat(command: Command): Command {
  return command
    .option("--format <format>", `how to write it: ${outputFormats.join(", ")}`, requireFormat)
    .option("--json", "the same as --format json");
}

function requireFormat(text: string): OutputFormat {
  const found = outputFormats.find((each) => each === text);
  if (found !== undefined) return found;
  throw new AlmanacError("USAGE", `unknown format "${text}"`, {
    hint: `formats: ${outputFormats.join(", ")}`,
  });
}

/** The format that the flags ask for. */
export function formatOf(flags: ListingFlags): OutputFormat {
  return flags.json === true ? "json" : (flags.format ?? "table");
}

/** Writes a listing to stdout in the format asked; a table's footer says how many of how many, on stderr. */
export async function writeListing<T>(
  listing: Listing<T>,
  { terminal, flags }: { terminal: Terminal; flags: ListingFlags },
): Promise<void> {
  const format = formatOf(flags);
  if (format === "table") {
    if (listing.items.length > 0) terminal.out(await table(listing, terminal));
    terminal.err(`${footer(listing)}\n`);
  } else terminal.out(render(listing, format));
}

function footer({
  items,
  total,
  kind,
  noun: nouns = kind,
}: Pick<Listing<unknown>, "items" | "total" | "kind" | "noun">): string {
  const noun = total === 1 ? nouns.replace(/s$/, "") : nouns;
  return items.length === total
    ? `${total} ${noun}`
    : `${items.length} of ${total} ${noun}; --limit and --offset show others`;
}

function render<T>(listing: Listing<T>, format: Exclude<OutputFormat, "table">): string {
  const headings = listing.columns.map((column) => column.heading);
  const rows = listing.items.map((item) => listing.columns.map((column) => column.text(item)));
  switch (format) {
    case "json":
      return `${JSON.stringify(envelope(listing), null, 2)}\n`;
    case "ndjson":
      return listing.items.map((item) => `${JSON.stringify(item)}\n`).join("");
    case "csv":
      return [headings, ...rows].map((row) => `${row.map(csvCell).join(",")}\n`).join("");
    case "md":
      return [headings, headings.map(() => "---"), ...rows]
        .map((row) => `| ${row.map(mdCell).join(" | ")} |\n`)
        .join("");
  }
}

function envelope<T>({ kind, items, total, extra }: Listing<T>): object {
  return { format: `almanac.${kind}/1`, items, total, ...extra };
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function mdCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function table<T>({ columns, items }: Listing<T>, terminal: Terminal): Promise<string> {
  return textTable({
    headings: columns.map((column) => column.heading),
    rows: items.map((item) => columns.map((column) => column.text(item))),
    bold: terminal.colour,
  });
}

/** Writes one document: as JSON in an envelope, else as the text given. */
export function writeDocument(
  document: { readonly kind: string; readonly value: object; readonly text: string },
  { terminal, flags }: { terminal: Terminal; flags: ListingFlags },
): void {
  const format = formatOf(flags);
  if (format === "json")
    terminal.out(`${JSON.stringify({ format: `almanac.${document.kind}/1`, ...document.value }, null, 2)}\n`);
  else if (format === "ndjson") terminal.out(`${JSON.stringify(document.value)}\n`);
  else terminal.out(document.text.endsWith("\n") ? document.text : `${document.text}\n`);
}
