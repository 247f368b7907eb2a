import { isProgram, type SourceRule } from "./rule.ts";
import { type AstNode, child, children, isAllowed, textOf, walk } from "./source.ts";

/**
 * No error is swallowed. A `catch` clause, or a function given to `.catch(…)`, is accepted when
 *
 * 1. it names the error, and
 * 2. it throws, or mentions the error outside of conditions: hands it on as cause, argument, field or return value.
 *    A condition alone (`if (isAlmanacError(error)) return undefined;` without a `throw` for the rest) does not count;
 * 3. each `throw new X(…)` in it mentions the error, as `cause` or in what it throws.
 *
 * A handler that is itself a name (`.catch(onError)`) is accepted. The way out is `// allow-catch: <reason>` on the line
 * of the `catch` or directly above.
 */
export const swallowedErrors: SourceRule = {
  name: "swallowed-errors",
  appliesTo: isProgram,
  check: (source) => {
    const found: { offset: number; message: string }[] = [];
    walk(source.program, (node) => {
      const handler = handlerIn(node);
      if (handler === undefined || isAllowed(source, handler.offset, "catch")) return;
      const message = complaint(handler.parameter, handler.body);
      if (message !== undefined) found.push({ offset: handler.offset, message });
    });
    return found;
  },
};

function handlerIn(
  node: AstNode,
): { offset: number; parameter: AstNode | undefined; body: AstNode } | undefined {
  if (node.type === "CatchClause") {
    const body = child(node, "body");
    return body === undefined ? undefined : { offset: node.start, parameter: child(node, "param"), body };
  }
  const callee = child(node, "callee");
  const property = child(callee, "property");
  if (node.type !== "CallExpression" || textOf(property, "name") !== "catch") return undefined;
  const handler = children(node, "arguments")[0];
  const body = child(handler, "body");
  if (handler === undefined || body === undefined || property === undefined) return undefined;
  return { offset: property.start, parameter: children(handler, "params")[0], body };
}

function complaint(parameter: AstNode | undefined, body: AstNode): string | undefined {
  if (parameter === undefined) {
    return "this catch drops its error: name it, narrow it by code and rethrow the rest, or translate it with `cause`";
  }
  const name = textOf(parameter, "name");
  let carriesOn = name === "";
  let dropsCause = false;
  walk(body, (node, parent) => {
    if (node.type === "ThrowStatement") {
      carriesOn = true;
      const thrown = child(node, "argument");
      if (thrown?.type === "NewExpression" && !mentions(thrown, name) && name !== "") dropsCause = true;
      return undefined;
    }
    if (isCondition(node, parent)) return false;
    if (node.type === "Identifier" && textOf(node, "name") === name) carriesOn = true;
    return undefined;
  });
  if (dropsCause) return "this catch throws another error without the first: hand it over as `cause`";
  return carriesOn
    ? undefined
    : "this catch swallows its error: rethrow what it does not know, or hand the error on (return, cause, argument)";
}

function mentions(node: AstNode, name: string): boolean {
  let found = false;
  walk(node, (inner) => {
    if (inner.type === "Identifier" && textOf(inner, "name") === name) found = true;
  });
  return found;
}

function isCondition(node: AstNode, parent: AstNode | undefined): boolean {
  return parent !== undefined && child(parent, "test") === node;
}
