import { isTypeScript, type SourceRule } from "./rule.ts";
import { type AstNode, child, children, type Source, textOf } from "./source.ts";

/** Each export has a TSDoc comment directly above (line comments may stand between) whose first line says something. */
export const docstrings: SourceRule = {
  name: "docstrings",
  appliesTo: (path) => isTypeScript(path) && !path.endsWith(".test.ts"),
  check: (source) =>
    exported(source)
      .filter(({ node }) => !hasDocstring(source, node))
      .map(({ node, name }) => ({
        offset: node.start,
        message: `\`${name}\` is exported without a docstring: say in /** … */ what it is, then its rule and edge cases`,
      })),
};

function exported(source: Source): { node: AstNode; name: string }[] {
  const local = new Map<string, AstNode>();
  const found: { node: AstNode; name: string }[] = [];
  for (const statement of children(source.program, "body")) {
    for (const name of declaredNames(statement)) local.set(name, statement);
  }
  for (const statement of children(source.program, "body")) {
    const declaration = child(statement, "declaration");
    if (statement.type === "ExportDefaultDeclaration") found.push({ node: statement, name: "default" });
    else if (statement.type !== "ExportNamedDeclaration") continue;
    else if (declaration !== undefined) {
      found.push({ node: statement, name: declaredNames(declaration).join(", ") });
    } else if (child(statement, "source") === undefined) found.push(...exportedByName(statement, local));
  }
  return withoutOverloads(found);
}

function exportedByName(statement: AstNode, local: ReadonlyMap<string, AstNode>) {
  return children(statement, "specifiers").flatMap((specifier) => {
    const name = textOf(child(specifier, "local"), "name");
    const node = local.get(name);
    return node === undefined || node.type === "ImportDeclaration" ? [] : [{ node, name }];
  });
}

/** Of several declarations of one name (overloads, a type and its value) the first carries the docstring. */
function withoutOverloads(found: readonly { node: AstNode; name: string }[]) {
  return found.filter(({ name }, at) => found.findIndex((other) => other.name === name) === at);
}

function declaredNames(statement: AstNode): string[] {
  if (statement.type === "VariableDeclaration") {
    return children(statement, "declarations").map((one) => textOf(child(one, "id"), "name"));
  }
  const name = textOf(child(statement, "id"), "name");
  return name === "" ? [] : [name];
}

function hasDocstring(source: Source, node: AstNode): boolean {
  const before = source.comments.filter((comment) => comment.end <= node.start);
  const docstring = before.findLast((comment) => comment.block);
  if (docstring === undefined || !/^\*\s*\*?\s*[\p{L}\p{N}`]/u.test(docstring.text)) return false;
  const between = source.text.slice(docstring.end, node.start).replaceAll(/\/\/.*$/gm, "");
  return between.trim() === "";
}
