import { childOf, childrenOf, type SyntaxNode, textIn } from "./syntax.ts";

/** Methods that change what they are called on. */
const changing: ReadonlySet<string> = new Set(
  "push pop shift unshift splice sort reverse fill copyWithin set add delete clear".split(" "),
);

/** Functions of `Object` and `Reflect` that change their first argument. */
const changingFirst: ReadonlySet<string> = new Set(
  "assign defineProperty defineProperties setPrototypeOf set deleteProperty".split(" "),
);

/** Methods that a module calls for something else than to change what they are called on. */
const looking: ReadonlySet<string> = new Set(
  (
    "forEach map filter flatMap reduce some every find findIndex includes indexOf has get keys values entries slice concat join " +
    "toString then catch finally"
  ).split(" "),
);

/** What a call changes wherever it stands: the list of `list.push(1)`, the object of `Object.assign(object, …)`. */
export function changedByCall(call: SyntaxNode): readonly (SyntaxNode | undefined)[] {
  const { object, method } = calledMethod(call);
  if (object === undefined) return [];
  return [
    ...(changing.has(method) ? [object] : []),
    ...(changingFirst.has(method) ? [childrenOf(call, "arguments")[0]] : []),
  ];
}

/**
 * What a call changes that a statement of the module makes outside of functions: it is made for that. These are its arguments,
 * `fill(list);`, and what a method is called on: `registry.register("name", value);`.
 */
export function changedByStatement(call: SyntaxNode): readonly (SyntaxNode | undefined)[] {
  const { object, method } = calledMethod(call);
  const of = textIn(object, "name");
  // What these change is known.
  if (of === "console" || of === "Object" || changing.has(method)) return [];
  return [...childrenOf(call, "arguments"), ...(looking.has(method) ? [] : [object])];
}

function calledMethod(call: SyntaxNode): {
  readonly object: SyntaxNode | undefined;
  readonly method: string;
} {
  const callee = childOf(call, "callee");
  if (callee?.type !== "MemberExpression") return { object: undefined, method: "" };
  const property = childOf(callee, "property");
  return {
    object: childOf(callee, "object"),
    method: textIn(property, "name") || textIn(property, "value"),
  };
}
