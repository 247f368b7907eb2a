import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
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
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => ({ message, position: at(pos[0]) }));
    return { problems };
  }
  const offsetOf = (path: DeclarationPath): number => offsetIn(document, path);
  return { value: document.toJS(), positionOf: (path) => at(offsetOf(path)) };
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
