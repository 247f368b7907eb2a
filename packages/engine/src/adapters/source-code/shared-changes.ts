import { type Alterable, type Alteration, alter, type Flow, spreadAlterations } from "./alterations.ts";
import type { Declaration } from "./declarations.ts";
import { flowsOfCall, type NamedCall } from "./flows.ts";
import type { SourceModule } from "./source-module.ts";
import { childOf, textIn } from "./syntax.ts";

/** How modules are read, by path. */
type Read = (path: string) => SourceModule;

/**
 * Marks what is changed by another name, in its module or in another one: `import { table } from "./table.ts"; table.a = 1;`, or
 * `fill(table)` where the function that is imported changes its parameter.
 */
export function markSharedChanges(modules: readonly SourceModule[], read: Read): void {
  const flows = modules.flatMap((module) => [
    ...module.flows,
    ...module.calls.flatMap((call) => flowsOfImported(module, call, read)),
  ]);
  const imports = modules.flatMap((module) =>
    [...module.top.values()]
      .filter(({ kind }) => kind === "import")
      .map((declaration) => ({ module, declaration })),
  );
  for (let isNew = true; isNew; ) {
    isNew = spreadAlterations(flows);
    for (const { module, declaration } of imports)
      if (declaration.changed && markOriginal(module, declaration, read)) isNew = true;
  }
}

// allow-parameters: the module, a call in it of what it imports, and how modules are read
function flowsOfImported(module: SourceModule, call: NamedCall, read: Read): readonly Flow[] {
  const wanted = wantedBy(call.callee);
  const name = wanted === "*" ? call.member : call.member === undefined ? wanted : undefined;
  if (name === undefined) return [];
  return originals({ from: module, specifier: call.callee.from, wanted: name }, read).flatMap(
    ({ module: at, node }) => (node === undefined ? [] : flowsOfCall(call, { node }, at.scopes)),
  );
}

/** Marks what an import stands for. @returns true if something new was marked */
// allow-parameters: the importing module, the import, and how modules are read
function markOriginal(module: SourceModule, declaration: Declaration, read: Read): boolean {
  const wanted = wantedBy(declaration);
  let isNew = false;
  for (const [member, depth] of declaration.members ?? []) {
    const found = originals({ from: module, specifier: declaration.from, wanted }, read);
    for (const { module: at, mark } of found) {
      const marked =
        mark === undefined
          ? markMembers(at, { depth: depth - 1, member }, read)
          : alter(mark, { depth, member });
      isNew ||= marked;
    }
  }
  return isNew;
}

/** Marks what a module exports under a name, or under any. */
// allow-parameters: the module, how deep below which member, and how modules are read
function markMembers(module: SourceModule, { depth, member = "*" }: Alteration, read: Read): boolean {
  if (depth < 1) return false;
  let isNew = false;
  for (const wanted of member === "*" ? namesOf(module, read) : [member])
    for (const { mark } of originals({ from: module, specifier: undefined, wanted }, read))
      if (mark !== undefined && alter(mark, { depth, member: undefined })) isNew = true;
  return isNew;
}

/** The exported name that an import wants; `*` for all. */
function wantedBy({ node }: Declaration): string {
  if (node.type === "ImportNamespaceSpecifier") return "*";
  if (node.type === "ImportDefaultSpecifier") return "default";
  const name = childOf(node, "imported");
  return textIn(name, "name") || textIn(name, "value");
}

interface Original {
  readonly module: SourceModule;
  /** Undefined for a module as a whole. */
  readonly mark: Alterable | undefined;
  readonly node: Declaration["node"] | undefined;
}

interface Sought {
  readonly from: SourceModule;
  /** Undefined: the module itself. */
  readonly specifier: string | undefined;
  /** Exported name, `*` for the module as a whole. */
  readonly wanted: string;
}

/** What is behind an exported name; several if it may come from one of several modules. */
function originals(sought: Sought, read: Read, seen = new Set<string>()): readonly Original[] {
  const { from, specifier, wanted } = sought;
  const module = specifier === undefined ? from : moduleBehind(from, specifier, read);
  if (module === undefined || seen.has(`${module.path} ${wanted}`)) return [];
  seen.add(`${module.path} ${wanted}`);
  if (wanted === "*") return [{ module, mark: undefined, node: undefined }];
  const exported = module.exports.get(wanted);
  switch (exported?.kind) {
    case undefined:
      return module.stars.flatMap((star) => originals({ from: module, specifier: star, wanted }, read, seen));
    case "from":
      return originals({ from: module, specifier: exported.source, wanted: exported.name }, read, seen);
    case "value":
      return [{ module, mark: exported.mark, node: exported.node }];
    case "local": {
      const mark = module.top.get(exported.name);
      return mark === undefined ? [] : [{ module, mark, node: mark.node }];
    }
  }
}

/** Names that a module exports, with those of which it exports everything. */
function namesOf(module: SourceModule, read: Read, seen = new Set<string>()): readonly string[] {
  if (seen.has(module.path)) return [];
  seen.add(module.path);
  const behind = module.stars.flatMap((star) => {
    const next = moduleBehind(module, star, read);
    return next === undefined ? [] : namesOf(next, read, seen);
  });
  return [...new Set([...module.exports.keys(), ...behind])];
}

// allow-parameters: the importing module, what it imports, and how modules are read
function moduleBehind(from: SourceModule, specifier: string, read: Read): SourceModule | undefined {
  const target = from.resolve(specifier);
  return target.kind === "file" && /\.[cm]?[jt]s$/.test(target.path) ? read(target.path) : undefined;
}
