import type { Reference } from "./declarations.ts";
import type { SourceModule } from "./source-module.ts";
import { childOf, nodesBelow, type SyntaxNode } from "./syntax.ts";

/** Globals whose value, or what they compute, depends on their arguments alone. */
const pureGlobals: ReadonlySet<string> = new Set(
  (
    "undefined NaN Infinity Object Array String Number Boolean BigInt Symbol Math JSON Map Set RegExp Error TypeError RangeError " +
    "Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float32Array " +
    "Float64Array ArrayBuffer DataView Buffer URL TextEncoder TextDecoder Intl parseInt parseFloat isNaN isFinite structuredClone " +
    "encodeURIComponent decodeURIComponent encodeURI decodeURI Promise console"
  ).split(" "),
);

/** Node's modules that tell of files, time, chance or the machine. */
const worldly =
  /^(node:)?(fs|fs\/promises|child_process|os|net|http|https|dgram|dns|crypto|perf_hooks|process|timers|worker_threads|readline|inspector|v8|vm|cluster|tty)(\/|$)/;

/**
 * Why the value of a variable cannot be told from the source: its initialiser waits for something, or asks for files, time, chance
 * or the environment. A function's body does not count here: see `callsAtOnce`.
 * @param declarator the declarator, or the class or function declared
 * @returns undefined when source and what it refers to decide the value
 */
export function problemOfInitialiser(declarator: SyntaxNode, module: SourceModule): string | undefined {
  const { problems } = module;
  if (!problems.has(declarator)) problems.set(declarator, foundProblem(declarator, module));
  return problems.get(declarator);
}

function foundProblem(declarator: SyntaxNode, module: SourceModule): string | undefined {
  const init = childOf(declarator, "init");
  if (init === undefined)
    return declarator.type === "VariableDeclarator" ? "it has no initial value" : undefined;
  const ranges: SyntaxNode[] = [];
  const problem = walkInitialiser(init, ranges);
  if (problem !== undefined) return problem;
  const isInside = (start: number, { start: from, end }: SyntaxNode): boolean => start >= from && start < end;
  const foreign = module.references
    .filter(({ start }) => isInside(start, init) && !ranges.some((each) => isInside(start, each)))
    .map(foreignName)
    .find((name) => name !== undefined);
  return foreign === undefined ? undefined : `its initial value depends on ${foreign}`;
}

/** What a reference asks that the source does not decide; undefined when it does. */
export function foreignName({ name, member, declaration }: Reference): string | undefined {
  if (declaration !== undefined)
    return declaration.kind === "import" && worldly.test(declaration.from) ? declaration.from : undefined;
  if (name === "Math" && member === "random") return "Math.random";
  return pureGlobals.has(name) ? undefined : name;
}

/** Gathers the functions in an initialiser; looks for what waits. */
function walkInitialiser(init: SyntaxNode, functions: SyntaxNode[]): string | undefined {
  const open = [init];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (/Function(Expression|Declaration)$/.test(node.type)) {
      functions.push(node);
      continue;
    }
    if (node.type === "AwaitExpression" || node.type === "YieldExpression")
      return "its initial value is waited for";
    if (node.type === "ImportExpression") return "its initial value is a module that is loaded then";
    for (const [, child] of nodesBelow(node)) open.push(child);
  }
  return undefined;
}

/** True if an initialiser calls something, so that bodies of functions count for its value. */
export function callsAtOnce(declarator: SyntaxNode): boolean {
  const open = [childOf(declarator, "init")];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (/^(Call|New|TaggedTemplate)Expression$/.test(node.type)) return true;
    if (!/Function(Expression|Declaration)$/.test(node.type))
      for (const [, child] of nodesBelow(node)) open.push(child);
  }
  return false;
}

/** True for a module of Node's that tells of files, time, chance or the machine. */
export function isWorldly(specifier: string): boolean {
  return worldly.test(specifier);
}
