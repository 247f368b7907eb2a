import { compareCodeUnits } from "../identity/compare.ts";
import type { StepGraph } from "./graph.ts";

/** The method that JavaScript kernels of Jupyter call to show a value. @source Deno, Jupyter kernel documentation */
const notebookDisplay: unique symbol = Symbol.for("Jupyter.display");

/** One row: a step with one of its products. */
export interface DagRow {
  readonly step: string;
  /** `—` for a step without product. */
  readonly product: string;
  readonly requires: readonly string[];
  /** `(no product)` where there is none. */
  readonly status: string;
}

/** A pipeline as a table: text for people, HTML for notebooks. */
export interface DagTable {
  readonly name: string;
  readonly rows: readonly DagRow[];
  toString(): string;
  /** HTML, everything escaped. */
  toHtml(): string;
  /** What notebooks show. */
  [notebookDisplay](): Readonly<Record<string, string>>;
}

/** Rows of steps in order of their names. @param statusOf by product */
export function dagTable(graph: StepGraph, statusOf: (product: string) => string): DagTable {
  const rows = [...graph.steps]
    .sort((a, b) => compareCodeUnits(a.id, b.id))
    .flatMap(({ id, produces, requires }): readonly DagRow[] =>
      produces.length === 0
        ? [{ step: id, product: "—", requires, status: "(no product)" }]
        : produces.map((product) => ({ step: id, product, requires, status: statusOf(product) })),
    );
  return {
    name: graph.name,
    rows,
    toString: () => textOf(graph.name, rows),
    toHtml: () => htmlOf(graph.name, rows),
    [notebookDisplay]: () => ({
      "text/plain": textOf(graph.name, rows),
      "text/html": htmlOf(graph.name, rows),
    }),
  };
}

const headings = ["Step", "Produces", "Requires", "Status"] as const;

function cellsOf({ step, product, requires, status }: DagRow): readonly string[] {
  return [step, product, requires.length === 0 ? "—" : requires.join(", "), status];
}

function textOf(name: string, rows: readonly DagRow[]): string {
  const cells = [headings, ...rows.map(cellsOf)];
  const widths = headings.map((_, column) =>
    cells.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [name, ...lines].join("\n");
}

function htmlOf(name: string, rows: readonly DagRow[]): string {
  const line = (tag: string, cells: readonly string[]): string =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeXml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table><caption>${escapeXml(name)}</caption>${line("th", headings)}${rows.map((row) => line("td", cellsOf(row))).join("")}</table>`;
}

/** A text for XML or HTML, also inside of quotes; characters that XML forbids are shown as U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
