import { findPackageJSON } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { AlmanacError } from "../../core/errors.ts";
import type { Alterable } from "./alterations.ts";
import { readCode } from "./read-code.ts";
import { type ImportTarget, resolveImport } from "./resolve-import.ts";
import { analyseScopes, type ScopeAnalysis } from "./scopes.ts";
import {
  childOf,
  childrenOf,
  isNode,
  nodesBelow,
  operandOf,
  runtimeFields,
  type SyntaxNode,
  textIn,
} from "./syntax.ts";

/** A file of the project, parsed. */
export interface SourceModule extends ScopeAnalysis {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly program: SyntaxNode;
  /** Functions by the length of their text. */
  readonly functions: ReadonlyMap<number, readonly FoundFunction[]>;
  /** What it exports by name; `default` too. */
  readonly exports: ReadonlyMap<string, Exported>;
  /** Modules of which it exports everything. */
  readonly stars: readonly string[];
  /** Specifiers that it imports or exports from. */
  readonly imports: readonly string[];
  /** Path below the folder of the nearest package.json, with `/`. */
  readonly place: string;
  /** What a specifier leads to; looked up once. */
  readonly resolve: (specifier: string) => ImportTarget;
  /** Texts without layout of the pieces of code that were asked for. */
  readonly texts: Map<SyntaxNode, PieceText>;
  /** Why initial values that were asked for cannot be told. */
  readonly problems: Map<SyntaxNode, string | undefined>;
  /** The arguments of `import(…)`. */
  readonly dynamicImports: readonly SyntaxNode[];
}

/** A piece of code without comments and layout. */
export interface PieceText {
  readonly text: string;
  /** SHA-256 of the text, in hex. */
  readonly digest: string;
}

/** A function, with where its text begins and ends as the running program shows it. */
export interface FoundFunction {
  readonly node: SyntaxNode;
  readonly start: number;
  readonly end: number;
}

/** What stands behind an exported name. */
export type Exported =
  /** A name of the module itself. */
  | { readonly kind: "local"; readonly name: string }
  /** A value without a name: `export default …`. */
  | { readonly kind: "value"; readonly node: SyntaxNode; readonly mark: Alterable }
  /** A name of another module; `*` is all of it. */
  | { readonly kind: "from"; readonly source: string; readonly name: string };

/** The parser, loaded when it is first needed. */
export type Parse = (path: string, text: string) => SyntaxNode;

/** Loads oxc-parser. */
export async function loadParser(): Promise<Parse> {
  const { parseSync } = await import("oxc-parser");
  return (file, text) => {
    const { program, errors } = parseSync(file, text, { preserveParens: false });
    const [problem] = errors;
    if (problem === undefined) return program as unknown as SyntaxNode;
    throw new AlmanacError("CODE_UNFOLLOWED", `${file} cannot be parsed: ${problem.message}`);
  };
}

/** Reads and analyses a file. @throws FILE_UNREADABLE, CODE_UNFOLLOWED when it cannot be parsed */
export function readSourceModule(file: string, parse: Parse): SourceModule {
  const text = readCode(file);
  const program = parse(file, text);
  const { exports, stars } = exportsOf(program);
  const targets = new Map<string, ImportTarget>();
  const resolve = (specifier: string): ImportTarget => {
    const target = targets.get(specifier) ?? resolveImport(specifier, file);
    targets.set(specifier, target);
    return target;
  };
  return {
    path: file,
    place: projectPath(file),
    resolve,
    texts: new Map(),
    problems: new Map(),
    text,
    program,
    functions: functionsOf(program, text),
    exports,
    stars,
    imports: importsOf(program),
    dynamicImports: dynamicImportsOf(program),
    ...analyseScopes(program),
  };
}

function functionsOf(program: SyntaxNode, text: string): ReadonlyMap<number, readonly FoundFunction[]> {
  const found = new Map<number, FoundFunction[]>();
  const add = (each: FoundFunction): void => {
    const list = found.get(each.end - each.start);
    if (list === undefined) found.set(each.end - each.start, [each]);
    else list.push(each);
  };
  const open: SyntaxNode[] = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const value = childOf(node, "value");
    // A method's text begins at its name.
    if ((node.type === "Property" && node["method"] === true) || node.type === "MethodDefinition") {
      const start = node["static"] === true ? (childOf(node, "key")?.start ?? node.start) : node.start;
      if (value !== undefined) add({ node: value, start, end: node.end });
    } else if (/^(Function|ArrowFunction)/.test(node.type))
      add({ node, start: runtimeStart(node), end: runtimeEnd(node, text) });
    for (const [, child] of nodesBelow(node)) open.push(child);
  }
  return found;
}

/** `<T>(x) => …` begins at its parenthesis when it runs. */
function runtimeStart(node: SyntaxNode): number {
  const types = childOf(node, "typeParameters");
  return types?.start === node.start ? types.end : node.start;
}

/** A function without block ends before the type at its end: `(x) => x as number`, `() => a + b!`. */
function runtimeEnd(node: SyntaxNode, text: string): number {
  let { end } = node;
  for (let last = lastChild(node, end); last !== undefined; ) {
    const operand: SyntaxNode | undefined = operandOf(last);
    if (operand === undefined) last = lastChild(last, end);
    else {
      // Parentheses around the operand belong to what runs, and to no node.
      const closing = /^(?:\s*\))*/.exec(text.slice(operand.end, end))?.[0].length ?? 0;
      end = operand.end + closing;
      last = closing > 0 ? undefined : operand;
    }
  }
  return end;
}

/** The node below that ends where its parent does. */
function lastChild(node: SyntaxNode, end: number): SyntaxNode | undefined {
  return runtimeFields(node)
    .flatMap(([, value]) => value)
    .filter(isNode)
    .find((child) => child.end === end);
}

function importsOf(program: SyntaxNode): readonly string[] {
  return childrenOf(program, "body").flatMap((statement) => {
    const isType = textIn(statement, "importKind") === "type" || textIn(statement, "exportKind") === "type";
    const source = textIn(childOf(statement, "source"), "value");
    return source === "" || isType ? [] : [source];
  });
}

function dynamicImportsOf(program: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const open: SyntaxNode[] = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const source = node.type === "ImportExpression" ? childOf(node, "source") : undefined;
    if (source !== undefined) found.push(source);
    for (const [, child] of nodesBelow(node)) open.push(child);
  }
  return found.sort((a, b) => a.start - b.start);
}

function exportsOf(program: SyntaxNode): Pick<SourceModule, "exports" | "stars"> {
  const exports = new Map<string, Exported>();
  const stars: string[] = [];
  for (const statement of childrenOf(program, "body")) {
    const source = textIn(childOf(statement, "source"), "value");
    if (statement.type === "ExportAllDeclaration") {
      const name = nameIn(childOf(statement, "exported"));
      if (name === "") stars.push(source);
      else exports.set(name, { kind: "from", source, name: "*" });
    } else if (statement.type === "ExportDefaultDeclaration") {
      const node = childOf(statement, "declaration");
      const name = nameIn(node === undefined ? undefined : childOf(node, "id"));
      if (name !== "") exports.set("default", { kind: "local", name });
      else if (node?.type === "Identifier") exports.set("default", { kind: "local", name: nameIn(node) });
      else if (node !== undefined)
        exports.set("default", { kind: "value", node, mark: { changed: false, altered: 0 } });
    } else if (statement.type === "ExportNamedDeclaration") addNamed(statement, source, exports);
  }
  return { exports, stars };
}

// allow-parameters: the statement, where it exports from, and what is gathered
function addNamed(statement: SyntaxNode, source: string, exports: Map<string, Exported>): void {
  for (const specifier of childrenOf(statement, "specifiers")) {
    const local = nameIn(childOf(specifier, "local"));
    const exported = nameIn(childOf(specifier, "exported"));
    exports.set(
      exported,
      source === "" ? { kind: "local", name: local } : { kind: "from", source, name: local },
    );
  }
  const declaration = childOf(statement, "declaration");
  if (declaration === undefined) return;
  const id = childOf(declaration, "id");
  if (id !== undefined) exports.set(nameIn(id), { kind: "local", name: nameIn(id) });
  for (const name of childrenOf(declaration, "declarations").flatMap(declaredNames))
    exports.set(name, { kind: "local", name });
}

/** The names that a declarator's pattern declares. */
function declaredNames(declarator: SyntaxNode): readonly string[] {
  const names: string[] = [];
  const open = [childOf(declarator, "id")];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at.type === "Identifier") names.push(nameIn(at));
    else open.push(...[...nodesBelow(at)].flatMap(([field, child]) => (field === "key" ? [] : [child])));
  }
  return names;
}

function nameIn(node: SyntaxNode | undefined): string {
  return textIn(node, "name") || textIn(node, "value");
}

function projectPath(file: string): string {
  const manifest = findPackageJSON(pathToFileURL(file));
  return (manifest === undefined ? path.basename(file) : path.relative(path.dirname(manifest), file))
    .split(path.sep)
    .join("/");
}
