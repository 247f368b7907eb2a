import { parse, TomlError } from "smol-toml";
import type { DeclarationPath } from "../../core/diagnostic/problem.ts";
import type { Position, SourceText, SyntaxProblem } from "./positions.ts";

/** Reads TOML 1.0. What stands inside an inline table or list has the position of its key. */
export function readToml(text: string): SourceText | { readonly problems: readonly SyntaxProblem[] } {
  try {
    const value = parse(text);
    const places = placesOf(text);
    return { value, positionOf: (path) => nearest(places, path) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    return { problems: [{ message: message.split("\n")[0] ?? message, position: { line, column } }] };
  }
}

function nearest(places: ReadonlyMap<string, Position>, path: DeclarationPath): Position {
  for (let length = path.length; length > 0; length--) {
    const found = places.get(nameOf(path.slice(0, length)));
    if (found !== undefined) return found;
  }
  return { line: 1, column: 1 };
}

function nameOf(path: DeclarationPath): string {
  return path.map(String).join("\0");
}

/** Where each table and each key of a line of its own stands. */
function placesOf(text: string): ReadonlyMap<string, Position> {
  const places = new Map<string, Position>();
  const counts = new Map<string, number>();
  let table: DeclarationPath = [];
  for (const [at, line] of text.split("\n").entries()) {
    const header = /^(\s*\[\[?\s*)([^\]#]+?)\s*\]/.exec(line);
    const key = /^(\s*)([\w"'.\s-]+?)\s*=/.exec(line);
    const [, indent = "", dotted = ""] = header ?? key ?? [];
    if (dotted === "") continue;
    const names = keysOf(dotted);
    if (header !== null) table = tableOf(names, { counts, starts: indent.includes("[[") });
    const path = header === null ? [...table, ...names] : table;
    const position = { line: at + 1, column: indent.length + 1 };
    const place = nameOf(path);
    if (!places.has(place)) places.set(place, position);
  }
  return places;
}

function keysOf(dotted: string): readonly string[] {
  return [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

/** The path of a table: below lists of tables, the last item of each. @param starts whether it starts a new item */
function tableOf(
  names: readonly string[],
  { counts, starts }: { readonly counts: Map<string, number>; readonly starts: boolean },
): DeclarationPath {
  let path: DeclarationPath = [];
  for (const [at, name] of names.entries()) {
    path = [...path, name];
    const list = nameOf(path);
    if (starts && at === names.length - 1) counts.set(list, (counts.get(list) ?? -1) + 1);
    const item = counts.get(list);
    if (item !== undefined) path = [...path, item];
  }
  return path;
}
