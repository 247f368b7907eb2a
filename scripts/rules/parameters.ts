import { isProgram, type SourceRule } from "./rule.ts";
import { type AstNode, child, children, isAllowed, type Source, textOf, walk } from "./source.ts";

/**
 * Exported functions and the methods of exported classes take at most two positional parameters. One more may follow
 * that names its parts or stands for itself: an options object (called `options`, `context` or `ports`, taken apart in place, an object type or a
 * type named `…Options`, `…Context` or `…Ports`), an `AbortSignal`, a function. The way out is `// allow-parameters: <reason>`.
 */
export const parameters: SourceRule = {
  name: "parameters",
  appliesTo: (path) => isProgram(path),
  check: (source) =>
    exportedFunctions(source)
      .filter(({ node, params }) => isTooMany(params) && !isAllowed(source, node.start, "parameters"))
      .map(({ node, params }) => ({
        offset: node.start,
        message: `${params.length} positional parameters: keep two and put the rest into one options object`,
      })),
};

function exportedFunctions(source: Source): { node: AstNode; params: readonly AstNode[] }[] {
  const found: { node: AstNode; params: readonly AstNode[] }[] = [];
  for (const statement of children(source.program, "body")) {
    const declaration = child(statement, "declaration");
    if (!statement.type.startsWith("Export") || declaration === undefined) continue;
    if (declaration.type === "ClassDeclaration") found.push(...methods(declaration));
    else if (declaration.type === "FunctionDeclaration")
      found.push({ node: statement, params: children(declaration, "params") });
    for (const one of children(declaration, "declarations")) {
      const init = child(one, "init");
      if (init !== undefined && /Function/.test(init.type))
        found.push({ node: statement, params: children(init, "params") });
    }
  }
  return found;
}

function methods(declaration: AstNode): { node: AstNode; params: readonly AstNode[] }[] {
  const found: { node: AstNode; params: readonly AstNode[] }[] = [];
  walk(declaration, (node) => {
    if (node.type !== "MethodDefinition") return;
    const isPrivate =
      child(node, "key")?.type === "PrivateIdentifier" || textOf(node, "accessibility") === "private";
    if (!isPrivate) found.push({ node, params: children(child(node, "value"), "params") });
  });
  return found;
}

function isTooMany(params: readonly AstNode[]): boolean {
  const last = params[2];
  return params.length > 3 || (last !== undefined && !standsForItself(last));
}

function standsForItself(parameter: AstNode): boolean {
  const named = parameter.type === "AssignmentPattern" ? child(parameter, "left") : parameter;
  if (named === undefined || named.type === "ObjectPattern" || named.type === "RestElement") return true;
  const type = child(child(named, "typeAnnotation"), "typeAnnotation");
  const typeName = textOf(child(type, "typeName"), "name");
  return (
    /(options|context|ports)$/i.test(textOf(named, "name")) ||
    type?.type === "TSTypeLiteral" ||
    type?.type === "TSFunctionType" ||
    /Options$|Context$|Ports$|^AbortSignal$/.test(typeName)
  );
}
