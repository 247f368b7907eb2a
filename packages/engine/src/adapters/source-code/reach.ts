import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { digestOf } from "../../core/identity/digest.ts";
import type { CodeFacts, ImportedPackage, ReachedFunction, Unfollowed } from "../../core/steps/code-facts.ts";
import type { Declaration, Reference } from "./declarations.ts";
import { callsAtOnce, foreignName, isWorldly, problemOfInitialiser } from "./initialiser.ts";
import type { Exported, PieceText, SourceModule } from "./source-module.ts";
import { childOf, nodesBelow, normalized, type SyntaxNode, textIn } from "./syntax.ts";

/** Modules of the project by path, each read once. */
export type ModuleReader = (path: string) => SourceModule;

/** Where following begins. */
export interface Start {
  readonly module: SourceModule;
  readonly node: SyntaxNode;
  /** Names of captured variables whose values are given. */
  readonly captures: ReadonlySet<string>;
}

/** A piece of code that was reached, with what each of its free names stands for. */
interface Unit {
  text: string;
  /** What it asks that the source does not decide: the time, a file, the environment. */
  foreign: string | undefined;
  readonly bindings: [name: string, target: string][];
}

interface Walk extends Pick<Start, "captures"> {
  readonly read: ModuleReader;
  /** Units in the order in which they were reached: their numbers stand for them. */
  readonly units: Unit[];
  readonly numbers: Map<string, number>;
  readonly functions: ReachedFunction[];
  readonly packages: Map<string, ImportedPackage>;
  readonly unfollowed: Map<string, Unfollowed>;
  /** Variables whose initial values come from calls, with what stands for them. */
  readonly computed: { readonly name: string; readonly target: string }[];
}

/**
 * Follows a function through everything of the project that it refers to. Each piece of code counts by its text without comments
 * and layout, and by what its names stand for; where it lies does not count.
 */
export function followCode(start: Start, read: ModuleReader): CodeFacts {
  const walk: Walk = {
    read,
    captures: start.captures,
    units: [],
    numbers: new Map(),
    functions: [],
    packages: new Map(),
    unfollowed: new Map(),
    computed: [],
  };
  if (readsThisAround(start.node) && !start.captures.has("this"))
    note(walk, "this", "it is an object around the step");
  reachNode(walk, start.module, { node: start.node, name: "(step)" });
  for (const { name, target } of walk.computed) {
    const foreign = foreignBelow(walk, target);
    if (foreign !== undefined) note(walk, name, `its initial value is computed, and asks ${foreign}`);
  }
  const packages = [...walk.packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const unfollowed = [...walk.unfollowed.values()];
  const digest = digestOf([
    "code/1",
    walk.units.map(({ text, bindings }) => [text, bindings]),
    packages.map(({ name, version }) => [name, version]),
    unfollowed.map(({ name }) => name),
  ]);
  return { digest, functions: walk.functions, packages, unfollowed };
}

/** True for an arrow function that asks for the object around it: of a class, it reads what an instance has. */
function readsThisAround(start: SyntaxNode): boolean {
  if (start.type !== "ArrowFunctionExpression") return false;
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === "ThisExpression" || node.type === "Super") return true;
    if (!/^(Function|Class)(Expression|Declaration)$/.test(node.type))
      for (const [, child] of nodesBelow(node)) open.push(child);
  }
  return false;
}

interface Piece {
  readonly node: SyntaxNode;
  readonly name: string;
}

/** Takes a piece of code in, once. @returns what stands for it */
function reachNode(walk: Walk, module: SourceModule, { node, name }: Piece): string {
  const key = `${module.path}:${node.start}:${node.end}`;
  const known = walk.numbers.get(key);
  if (known !== undefined) return `unit ${known}`;
  const number = walk.units.length;
  walk.numbers.set(key, number);
  const { text, digest } = textOf(module, node);
  const unit: Unit = { text, foreign: undefined, bindings: [] };
  walk.units.push(unit);
  walk.functions.push({ name, file: module.place, digest });
  const seen = new Set<string>();
  for (const reference of referencesIn(module, node)) {
    const label = reference.member === undefined ? reference.name : `${reference.name}.${reference.member}`;
    if (seen.has(label)) continue;
    seen.add(label);
    unit.foreign ??= foreignName(reference);
    const target = targetOf(walk, module, reference);
    if (target !== undefined) unit.bindings.push([label, target]);
  }
  followDynamicImports(walk, module, { node, unit });
  return `unit ${number}`;
}

function textOf({ texts }: SourceModule, node: SyntaxNode): PieceText {
  const known = texts.get(node);
  if (known !== undefined) return known;
  const text = normalized(node);
  const made = { text, digest: createHash("sha256").update(text).digest("hex") };
  texts.set(node, made);
  return made;
}

/** References inside of a piece of code to names from outside of it. */
function* referencesIn({ references }: SourceModule, { start, end }: SyntaxNode): Generator<Reference> {
  let [low, high] = [0, references.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle]?.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  for (let at = low; at < references.length; at++) {
    const reference = references[at];
    if (reference === undefined || reference.start >= end) return;
    const declared = reference.declaration?.node;
    const isOwn = declared !== undefined && declared.start >= start && declared.end <= end;
    if (!isOwn) yield reference;
  }
}

/** What a free name stands for; undefined for a global, which counts by its name alone. */
// allow-parameters: the walk, where the name stands, and the name
function targetOf(walk: Walk, module: SourceModule, reference: Reference): string | undefined {
  const { declaration, name, member } = reference;
  if (declaration === undefined) {
    if (name === "eval" || name === "require") return note(walk, name, "what it runs cannot be seen");
    return undefined;
  }
  const isTop = declaration.scope.parent === undefined;
  if (!isTop && walk.captures.has(name)) return "capture";
  if (isTop && walk.captures.has(name) && declaration.kind !== "function" && declaration.kind !== "import")
    return "capture";
  return declaredTarget(walk, module, { declaration, member });
}

// allow-parameters: the walk, where the name stands, and what declares it
function declaredTarget(
  walk: Walk,
  module: SourceModule,
  { declaration, member }: { readonly declaration: Declaration; readonly member: string | undefined },
): string {
  const { kind, name, node } = declaration;
  switch (kind) {
    case "import":
      return importTarget(walk, module, { declaration, member });
    case "function":
    case "class":
      if (declaration.changed) return note(walk, name, "it is changed after its declaration");
      return reachNode(walk, module, { node, name });
    case "const":
    case "let":
    case "var": {
      if (declaration.changed) return note(walk, name, "it is changed after its declaration");
      const problem = problemOfInitialiser(node, module);
      if (problem !== undefined) return note(walk, name, problem);
      const target = reachNode(walk, module, { node, name });
      if (callsAtOnce(node)) walk.computed.push({ name, target });
      return target;
    }
    case "parameter":
      return note(walk, name, "it is a parameter of a function around the step");
    case "catch":
      return note(walk, name, "it is a caught error");
  }
}

/** What a piece of code, or anything that it reaches, asks that the sources do not decide. */
function foreignBelow({ units }: Walk, first: string): string | undefined {
  const seen = new Set<string>();
  const open = [first];
  for (let target = open.pop(); target !== undefined; target = open.pop()) {
    if (seen.has(target)) continue;
    seen.add(target);
    const [kind, what = ""] = target.split(" ");
    if (kind === "package" && isWorldly(what)) return what;
    const unit = kind === "unit" ? units[Number(what)] : undefined;
    if (unit?.foreign !== undefined) return unit.foreign;
    for (const [, next] of unit?.bindings ?? []) open.push(next);
  }
  return undefined;
}

/** Records what cannot be followed. allow-parameters: the walk, what, and why */
function note({ unfollowed }: Walk, name: string, reason: string): string {
  if (!unfollowed.has(name)) unfollowed.set(name, { name, reason });
  return `unfollowed ${name}`;
}

// allow-parameters: the walk, the importing module, and what is imported
function importTarget(
  walk: Walk,
  module: SourceModule,
  { declaration, member }: { readonly declaration: Declaration; readonly member: string | undefined },
): string {
  const { node, from } = declaration;
  const imported = childOf(node, "imported");
  const wanted =
    node.type === "ImportNamespaceSpecifier"
      ? (member ?? "*")
      : node.type === "ImportDefaultSpecifier"
        ? "default"
        : textIn(imported, "name") || textIn(imported, "value");
  return specifierTarget(walk, module, { specifier: from, wanted });
}

interface Wanted {
  readonly specifier: string;
  /** Exported name; `*` for the whole module. */
  readonly wanted: string;
}

// allow-parameters: the walk, the importing module, and what is imported
function specifierTarget(walk: Walk, module: SourceModule, { specifier, wanted }: Wanted): string {
  const target = module.resolve(specifier);
  switch (target.kind) {
    case "unknown":
      return note(walk, specifier, target.reason);
    case "package":
      if (/^(node:)?module$/.test(specifier)) return note(walk, wanted, "what it loads cannot be seen");
      if (/^(node:)?worker_threads$/.test(specifier) && wanted === "Worker")
        return note(walk, wanted, "what it runs cannot be seen");
      walk.packages.set(target.name, { name: target.name, version: target.version });
      return `package ${specifier} ${wanted}`;
    case "file":
      if (!/\.[cm]?[jt]s$/.test(target.path))
        return `file ${createHash("sha256").update(readFileSync(target.path)).digest("hex")}`;
      return fileTarget(walk, walk.read(target.path), wanted);
  }
}

/** What a name of a file of the project stands for. A file that exports nothing by name, such as one of CommonJS, counts whole. */
// allow-parameters: the walk, the exporting module, and the name
function fileTarget(walk: Walk, module: SourceModule, wanted: string): string {
  if (module.exports.size === 0 && module.stars.length === 0)
    return reachNode(walk, module, { node: module.program, name: module.place });
  const target = exportTarget(walk, module, { wanted, visited: new Set() });
  return target === "absent" ? note(walk, wanted, `it is not found in ${module.place}`) : target;
}

// allow-parameters: the walk, the exporting module, and the name
function exportTarget(
  walk: Walk,
  module: SourceModule,
  { wanted, visited }: { readonly wanted: string; readonly visited: Set<string> },
): string {
  if (wanted === "*") return wholeModule(walk, module);
  const exported = module.exports.get(wanted);
  if (exported !== undefined) return exportedTarget(walk, module, exported);
  if (visited.has(module.path)) return "absent";
  visited.add(module.path);
  for (const star of module.stars) {
    const target = module.resolve(star);
    if (target.kind !== "file") {
      const found = specifierTarget(walk, module, { specifier: star, wanted });
      if (module.stars.length === 1) return found;
      continue;
    }
    const found = exportTarget(walk, walk.read(target.path), { wanted, visited });
    if (found !== "absent") return found;
  }
  return "absent";
}

/** Everything that a module exports. */
function wholeModule(walk: Walk, module: SourceModule): string {
  const key = `${module.path}:*`;
  const known = walk.numbers.get(key);
  if (known !== undefined) return `unit ${known}`;
  const number = walk.units.length;
  walk.numbers.set(key, number);
  const unit: Unit = { text: "module", foreign: undefined, bindings: [] };
  walk.units.push(unit);
  for (const [name, exported] of module.exports)
    unit.bindings.push([name, exportedTarget(walk, module, exported)]);
  for (const star of module.stars)
    unit.bindings.push(["*", specifierTarget(walk, module, { specifier: star, wanted: "*" })]);
  return `unit ${number}`;
}

// allow-parameters: the walk, the exporting module, and what stands behind the name
function exportedTarget(walk: Walk, module: SourceModule, exported: Exported): string {
  switch (exported.kind) {
    case "value":
      if (exported.mark.changed)
        return note(walk, `the default export of ${module.place}`, "it is changed after its declaration");
      return reachNode(walk, module, { node: exported.node, name: "default" });
    case "from":
      return specifierTarget(walk, module, { specifier: exported.source, wanted: exported.name });
    case "local": {
      const declaration = module.top.get(exported.name);
      return declaration === undefined
        ? "absent"
        : declaredTarget(walk, module, { declaration, member: undefined });
    }
  }
}

/** `import("./x.ts")` counts whole; where the specifier is no plain text it cannot be followed. */
// allow-parameters: the walk, the module, and the piece of code
function followDynamicImports(
  walk: Walk,
  module: SourceModule,
  { node, unit }: { node: SyntaxNode; unit: Unit },
): void {
  for (const source of module.dynamicImports) {
    if (source.start < node.start || source.end > node.end) continue;
    const specifier = textIn(source, "value");
    const target =
      specifier === ""
        ? note(walk, "import(…)", "which module it loads cannot be seen")
        : specifierTarget(walk, module, { specifier, wanted: "*" });
    unit.bindings.push([`import(${specifier})`, target]);
  }
}
