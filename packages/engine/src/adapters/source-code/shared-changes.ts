import type { Declaration } from "./scopes.ts";
import type { SourceModule } from "./source-module.ts";
import { childOf, textIn } from "./syntax.ts";

/** Marks what a module exports and another one changes: `import { table } from "./table.ts"; table.a = 1;`. */
export function markSharedChanges(
  modules: readonly SourceModule[],
  read: (path: string) => SourceModule,
): void {
  for (const module of modules)
    for (const declaration of module.top.values())
      if (declaration.kind === "import" && declaration.changed) {
        const original = imported(module, declaration, read);
        if (original !== undefined) original.changed = true;
      }
}

/** The declaration behind an import. allow-parameters: where it is imported, the import, and how modules are read */
function imported(
  module: SourceModule,
  { node, from }: Declaration,
  read: (path: string) => SourceModule,
): Declaration | undefined {
  const name = childOf(node, "imported");
  let wanted =
    node.type === "ImportDefaultSpecifier" ? "default" : textIn(name, "name") || textIn(name, "value");
  let at = module;
  let specifier = from;
  // Re-exports by name are followed; those of everything are not.
  for (const seen = new Set<string>(); ; ) {
    const target = at.resolve(specifier);
    if (target.kind !== "file" || !/\.[cm]?[jt]s$/.test(target.path) || seen.has(`${target.path} ${wanted}`))
      return undefined;
    seen.add(`${target.path} ${wanted}`);
    at = read(target.path);
    const exported = at.exports.get(wanted);
    if (exported?.kind === "local") return at.top.get(exported.name);
    if (exported?.kind !== "from") return undefined;
    specifier = exported.source;
    wanted = exported.name;
  }
}
