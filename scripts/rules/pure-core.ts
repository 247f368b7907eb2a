import { isCore, type SourceRule } from "./rule.ts";
import { type AstNode, child, isSet, type Source, textOf, walk } from "./source.ts";

const forbiddenGlobals: ReadonlySet<string> = new Set([
  "Date",
  "process",
  "console",
  "fetch",
  "performance",
  "crypto",
  "globalThis",
  "navigator",
  "WebSocket",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "require",
]);

const digest = "packages/engine/src/core/identity/digest.ts";

/**
 * `core/` turns values into values: no disk, network, clock, chance, environment or log. `core/identity/digest.ts` alone
 * may import `node:crypto`. Tests of core may do as they like.
 */
export const pureCore: SourceRule = {
  name: "pure-core",
  appliesTo: (path) => isCore(path) && !path.endsWith(".test.ts"),
  check: (source) => {
    const found: { offset: number; message: string }[] = [];
    const own = declaredNames(source);
    walk(source.program, (node, parent) => {
      const what = impurity(source, node, parent);
      if (what !== undefined && !own.has(what)) {
        found.push({
          offset: node.start,
          message: `core/ may not use ${what}: take the value as an argument, or do this in app/ or an adapter`,
        });
      }
    });
    return found;
  },
};

function impurity(source: Source, node: AstNode, parent: AstNode | undefined): string | undefined {
  if (node.type === "ImportDeclaration" || node.type === "ExportNamedDeclaration") {
    const from = textOf(child(node, "source"), "value");
    const allowed = from === "node:crypto" && source.path === digest;
    return from.startsWith("node:") && !allowed ? from : undefined;
  }
  if (node.type === "ImportExpression") return "import()";
  if (node.type === "MetaProperty")
    return textOf(child(node, "property"), "name") === "meta" ? "import.meta" : undefined;
  if (node.type === "MemberExpression" && textOf(child(node, "object"), "name") === "Math") {
    return textOf(child(node, "property"), "name") === "random" ? "Math.random" : undefined;
  }
  const name = node.type === "Identifier" ? textOf(node, "name") : "";
  return forbiddenGlobals.has(name) && !isFieldName(node, parent) ? name : undefined;
}

/** `x.process`, `{ process: 1 }` and `readonly process: string` name a field, not the global. */
function isFieldName(node: AstNode, parent: AstNode | undefined): boolean {
  // What dates have in common is no clock.
  if (textOf(node, "name") === "Date" && textOf(child(parent, "property"), "name") === "prototype")
    return true;
  if (parent === undefined || isSet(parent, "computed")) return false;
  return (child(parent, "property") ?? child(parent, "key")) === node && !isSet(parent, "shorthand");
}

/** Names the file declares itself; they hide the globals of that name. */
function declaredNames(source: Source): ReadonlySet<string> {
  const names = new Set<string>();
  walk(source.program, (node) => {
    const declared = /^(VariableDeclarator|FunctionDeclaration|ClassDeclaration|TSTypeAliasDeclaration)$/;
    if (declared.test(node.type)) names.add(textOf(child(node, "id"), "name"));
    if (/^Import(Default|Namespace)?Specifier$/.test(node.type))
      names.add(textOf(child(node, "local"), "name"));
    if (/Function/.test(node.type)) {
      for (const value of Object.values(node)) {
        if (Array.isArray(value)) for (const one of value) names.add(textOf(one as AstNode, "name"));
      }
    }
  });
  return names;
}
