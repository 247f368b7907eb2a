import { parseSync } from "oxc-parser";

/** A node of the syntax tree. Its fields are read with `child`, `children` and `textOf`. */
export interface AstNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** A comment; `text` is without its marks. */
export interface Comment {
  readonly block: boolean;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A parsed TypeScript file. */
export interface Source {
  /** Relative to the repository, forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: AstNode;
  readonly comments: readonly Comment[];
}

/**
 * Parses one file.
 * @throws Error when the text is not TypeScript
 */
export function parseSource(path: string, text: string): Source {
  const parsed = parseSync(path, text);
  const problem = parsed.errors[0];
  if (problem !== undefined) throw new Error(`${path}: ${problem.message}`);
  const comments = parsed.comments.map((comment) => ({
    block: comment.type === "Block",
    text: comment.value,
    start: comment.start,
    end: comment.end,
  }));
  return { path, text, program: parsed.program as AstNode, comments };
}

function isNode(value: unknown): value is AstNode {
  return typeof value === "object" && value !== null && typeof (value as AstNode).type === "string";
}

function fieldOf(node: AstNode, name: string): unknown {
  return (node as unknown as Readonly<Record<string, unknown>>)[name];
}

/** The node in a field, or undefined. */
export function child(node: AstNode | undefined, name: string): AstNode | undefined {
  const value = node === undefined ? undefined : fieldOf(node, name);
  return isNode(value) ? value : undefined;
}

/** The nodes in a list field; holes are left out. */
export function children(node: AstNode | undefined, name: string): readonly AstNode[] {
  const value = node === undefined ? undefined : fieldOf(node, name);
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text in a field, such as the name of an identifier; empty when there is none. */
export function textOf(node: AstNode | undefined, name: string): string {
  const value = node === undefined ? undefined : fieldOf(node, name);
  return typeof value === "string" ? value : "";
}

/** True if the field holds `true`. */
export function isSet(node: AstNode, name: string): boolean {
  return fieldOf(node, name) === true;
}

/** Visits a node and everything below it, parents first; `false` from the visitor leaves out what is below. */
// allow-parameters: the third is for the recursion alone
export function walk(
  node: AstNode,
  visit: (node: AstNode, parent: AstNode | undefined) => boolean | undefined | void,
  parent?: AstNode,
): void {
  if (visit(node, parent) === false) return;
  for (const value of Object.values(node)) {
    if (isNode(value)) walk(value, visit, node);
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) walk(item, visit, node);
  }
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) line += 1;
  return line;
}

/**
 * True if the construct at an offset carries `// allow-<name>: <reason>`: at the end of its first line, or on a line of
 * its own directly above. A reason has at least ten characters.
 */
// allow-parameters: source, place and name are one question
export function isAllowed(source: Source, offset: number, name: string): boolean {
  const line = lineAt(source.text, offset);
  const form = new RegExp(`^\\s*allow-${name}: \\S.{9,}`);
  return source.comments.some((comment) => {
    const at = lineAt(source.text, comment.start);
    return !comment.block && form.test(comment.text) && (at === line || at === line - 1);
  });
}
