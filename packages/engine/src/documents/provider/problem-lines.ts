import type { DeclarationPath, DeclarationProblem } from "../../core/diagnostic/problem.ts";
import type { Position, SourceText, SyntaxProblem } from "./positions.ts";

/** Problems of a file, one a line, in the order of their places: `file:line:column: path: message`. */
export function problemLines(
  problems: readonly DeclarationProblem[],
  { source, file }: { readonly source: SourceText; readonly file: string },
): readonly string[] {
  const placed = problems.map(({ path, message }) => ({
    position: source.positionOf(path),
    text: `${pathText(path)}: ${message}`,
  }));
  placed.sort((a, b) => a.position.line - b.position.line || a.position.column - b.position.column);
  return [...new Set(placed.map(({ position, text }) => `${placeText(file, position)}: ${text}`))];
}

/** Problems of a text that does not parse, in the same form. */
export function syntaxLines(problems: readonly SyntaxProblem[], file: string): readonly string[] {
  return problems.map(({ position, message }) => `${placeText(file, position)}: ${message}`);
}

/** A path as people write it: `diagnostics[3].slug`. */
export function pathText(path: DeclarationPath): string {
  const text = path.map((segment) => (typeof segment === "number" ? `[${segment}]` : `.${segment}`)).join("");
  return text === "" ? "the file" : text.replace(/^\./, "");
}

function placeText(file: string, { line, column }: Position): string {
  return `${file}:${line}:${column}`;
}
