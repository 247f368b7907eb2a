import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { DeclarationPath } from "../../core/diagnostic/problem.ts";
import type { Position, SourceText, SyntaxProblem } from "./positions.ts";

type Read = SourceText | { readonly problems: readonly SyntaxProblem[] };

/** Reads YAML 1.2. */
export function readYaml(text: string): Read {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const at = (offset: number): Position => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const wrong = wrongIn(document);
  if (wrong !== undefined) return { problems: [{ message: wrong.message, position: at(wrong.offset) }] };
  const offsetOf = (path: DeclarationPath): number => offsetIn(document, path);
  const value = valueOf(document);
  return "message" in value
    ? { problems: [{ message: value.message, position: at(value.offset) }] }
    : { value: value.value, positionOf: (path) => at(offsetOf(path)) };
}

interface Wrong {
  readonly message: string;
  readonly offset: number;
}

/** The first thing wrong: of what does not parse, the rest mostly follows from it. */
function wrongIn(document: Document.Parsed): Wrong | undefined {
  // A tag that is not known, such as `!!js/function`, is only a warning to the library.
  const [first] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (first !== undefined) {
    const message =
      first.code === "MULTIPLE_DOCS" ? "the file holds several documents; one is allowed" : first.message;
    return { message, offset: first.pos[0] };
  }
  return endlessAlias(document);
}

/** An alias within what it stands for. */
function endlessAlias(document: Document): Wrong | undefined {
  let found: Wrong | undefined;
  visit(document, {
    Alias: (_, alias, path) => {
      const target = alias.resolve(document);
      if (target === undefined || !path.includes(target)) return undefined;
      found = { message: `*${alias.source} stands within what it stands for`, offset: alias.range?.[0] ?? 0 };
      return visit.BREAK;
    },
  });
  return found;
}

/** The document's value; aliases of aliases may stand for more than memory can hold. */
function valueOf(document: Document): Wrong | { readonly value: unknown } {
  try {
    return { value: document.toJS() };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return { message: "aliases (*name) stand for too much; write it out", offset: 0 };
  }
}

/** Reads JSON: every JSON text is YAML, which tells the positions. */
export function readJson(text: string): Read {
  try {
    JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const [, line = "1", column = "1"] = /line (\d+) column (\d+)/.exec(error.message) ?? [];
    return {
      problems: [{ message: error.message, position: { line: Number(line), column: Number(column) } }],
    };
  }
  return readYaml(text);
}

/** Offset of a path's key, or of its item in a list; of the nearest part above when it is not there. */
function offsetIn(document: Document, path: DeclarationPath): number {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const segment of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      if (pair === undefined) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value as Node | null;
    } else if (isSeq(node)) {
      node = node.items[Number(segment)] as Node | undefined;
      if (node === undefined) return offset;
      offset = node.range?.[0] ?? offset;
    } else return offset;
  }
  return offset;
}
