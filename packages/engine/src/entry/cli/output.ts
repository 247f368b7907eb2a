import type { Command } from "commander";
import { AlmanacError } from "../../core/errors.ts";
import type { Terminal } from "./terminal.ts";
import { textTable } from "./text-table.ts";

/** Forms a listing can be written in. */
export const outputFormats = ["table", "json", "ndjson", "csv", "md"] as const;

/** A form of listings. */
export type OutputFormat = (typeof outputFormats)[number];

/** One column of a listing: its heading and how a cell's text is made. */
export interface Column<T> {
  readonly heading: string;
  readonly text: (item: T) => string;
}

/** Forms one document can be written in: as text, or as JSON for machines. */
export const documentFormats = ["text", "json", "ndjson"] as const;

/** A form of what is about one thing. */
export type DocumentFormat = (typeof documentFormats)[number];

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
  /** Columns of CSV, which programs read: where a cell made for people would leave something out. Default: `columns`. */
  readonly fullColumns?: readonly Column<T>[];
  /** Further members of the JSON envelope. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Options that every listing takes. */
export interface ListingFlags {
  readonly format?: OutputFormat;
  readonly json?: boolean;
}

/** Options that every command takes which writes one document. */
export interface DocumentFlags {
  readonly format?: DocumentFormat;
  readonly json?: boolean;
}

/** Adds `--format` and `--json` to a listing. */
export function withFormat(command: Command): Command {
  return withFormats(command, outputFormats);
}

/** Adds `--format` and `--json` to a command that writes one document. */
export function withDocumentFormat(command: Command): Command {
  return withFormats(command, documentFormats);
}

function withFormats(command: Command, formats: readonly string[]): Command {
  const known = formats.join(", ");
  return command
    .option("--format <format>", `how to write it: ${known}`, (text: string) => {
      if (formats.includes(text)) return text;
      throw new AlmanacError("USAGE", `unknown format "${text}"`, { hint: `formats: ${known}` });
    })
    .option("--json", "the same as --format json");
}

/** The format that the flags ask for. */
export function formatOf(flags: ListingFlags): OutputFormat {
  return flags.json === true ? "json" : (flags.format ?? "table");
}

/**
 * Writes a listing to stdout in the format asked. How many of how many is said by the JSON envelope, and by a footer on
 * stderr in every other format.
 */
export async function writeListing<T>(
  listing: Listing<T>,
  { terminal, flags }: { terminal: Terminal; flags: ListingFlags },
): Promise<void> {
  const format = formatOf(flags);
  if (format !== "table") terminal.out(await render(listing, format));
  else if (listing.items.length > 0) terminal.out(await table(listing, terminal));
  if (format !== "json") terminal.err(`${footer(listing)}\n`);
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

async function render<T>(listing: Listing<T>, format: Exclude<OutputFormat, "table">): Promise<string> {
  const columns = format === "csv" ? (listing.fullColumns ?? listing.columns) : listing.columns;
  const headings = columns.map((column) => column.heading);
  const rows = () => listing.items.map((item) => columns.map((column) => column.text(item)));
  switch (format) {
    case "json":
      return `${JSON.stringify(envelope(listing), null, 2)}\n`;
    case "ndjson":
      return listing.items.map((item) => `${JSON.stringify(item)}\n`).join("");
    case "csv":
      return (await import("csv-stringify/sync")).stringify([headings, ...rows()]);
    case "md":
      return [headings, headings.map(() => "---"), ...rows()]
        .map((row) => `| ${row.map(mdCell).join(" | ")} |\n`)
        .join("");
  }
}

function envelope<T>({ kind, items, total, extra }: Listing<T>): object {
  return { format: `almanac.${kind}/1`, items, total, ...extra };
}

function mdCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function table<T>({ columns, items }: Listing<T>, terminal: Terminal): Promise<string> {
  return textTable({
    headings: columns.map((column) => column.heading),
    columns: columns.map((column) => items.map(column.text)),
    bold: terminal.colour,
  });
}

/** True if a document is written as text for people. */
export function writesText({ json, format = "text" }: DocumentFlags): boolean {
  return json !== true && format === "text";
}

/**
 * Writes one document: as JSON in an envelope, else as the text given.
 * @param document.value a function, where it is large and mostly nobody asks for it
 */
export function writeDocument(
  document: { readonly kind: string; readonly value: object | (() => object); readonly text: string },
  { terminal, flags }: { terminal: Terminal; flags: DocumentFlags },
): void {
  const format = flags.json === true ? "json" : flags.format;
  const value = (): object =>
    typeof document.value === "function" ? (document.value as () => object)() : document.value;
  if (format === "json")
    terminal.out(`${JSON.stringify({ format: `almanac.${document.kind}/1`, ...value() }, null, 2)}\n`);
  else if (format === "ndjson") terminal.out(`${JSON.stringify(value())}\n`);
  else terminal.out(document.text.endsWith("\n") ? document.text : `${document.text}\n`);
}
