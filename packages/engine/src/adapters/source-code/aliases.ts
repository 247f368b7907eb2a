import { childOf, childrenOf, nodesBelow, runtimeNode, type SyntaxNode, textIn } from "./syntax.ts";

/**
 * A variable whose value a given value is, lies in, or holds. What is changed so many levels below the value is changed `up` more
 * levels below the variable, if it is at least `least` levels: assigning to `x.a.b` changes `x` two levels below.
 */
export interface Alias {
  readonly name: string;
  /** The member through which the value is taken, where that is the first and plain. */
  readonly member: string | undefined;
  readonly up: number;
  readonly least: number;
}

/** A variable with what its value is of. */
export interface Bound {
  readonly name: string;
  readonly of: readonly Alias[];
}

/** Methods that give an element or a member of what they are called on. */
const taking = new Set("at find findLast get pop shift".split(" "));

/** Methods that give a new list of the same elements. */
const listing = new Set(
  "slice filter concat values entries toSorted toReversed toSpliced with flat splice".split(" "),
);

/** Functions of `Object` and `Array` that give a new list, or an object, of what is in their argument. */
const copying = new Set("values entries from assign fromEntries".split(" "));

/** Methods that hand elements to a function, and as which argument of it. */
const handing: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "forEach map filter some every find findIndex flatMap".split(" ").map((each) => [each, 0]),
  ),
  reduce: 1,
  reduceRight: 1,
};

/** The variables that a value is of: those of `a.b`, `c ? a : b`, `[a]`, `Object.values(a)`. */
export function aliasesOf(given: SyntaxNode | undefined): readonly Alias[] {
  const value = given === undefined ? undefined : runtimeNode(given);
  return value === undefined ? [] : (readers[value.type]?.(value) ?? []);
}

type Reader = (value: SyntaxNode) => readonly Alias[];

const parts =
  (...fields: readonly string[]): Reader =>
  (value) =>
    fields.flatMap((field) => aliasesOf(childOf(value, field)));

const readers: Readonly<Record<string, Reader>> = {
  Identifier: (value) => [{ name: textIn(value, "name"), member: undefined, up: 0, least: 1 }],
  MemberExpression: (value) => {
    const property = value["computed"] === true ? "" : textIn(childOf(value, "property"), "name");
    const isFirst = runtimeType(childOf(value, "object")) === "Identifier";
    return membersOf(aliasesOf(childOf(value, "object"))).map((alias) =>
      isFirst && property !== "" ? { ...alias, member: property } : alias,
    );
  },
  ChainExpression: parts("expression"),
  AwaitExpression: parts("argument"),
  ConditionalExpression: parts("consequent", "alternate"),
  LogicalExpression: parts("left", "right"),
  AssignmentExpression: parts("right"),
  ArrayExpression: (value) => childrenOf(value, "elements").flatMap(heldBy),
  ObjectExpression: (value) => childrenOf(value, "properties").flatMap(heldBy),
  CallExpression: ofCall,
};

function runtimeType(node: SyntaxNode | undefined): string | undefined {
  return node === undefined ? undefined : runtimeNode(node)?.type;
}

/** What is in a literal: an element, a property, or all of what is spread in it. */
function heldBy(part: SyntaxNode): readonly Alias[] {
  if (part.type === "SpreadElement") return copiesOf(aliasesOf(childOf(part, "argument")));
  const value = part.type === "Property" ? childOf(part, "value") : part;
  return aliasesOf(value).map((alias) => ({ ...alias, up: alias.up - 1, least: alias.least + 1 }));
}

/** Of elements or members of a value. */
export function membersOf(aliases: readonly Alias[]): readonly Alias[] {
  return aliases.map((alias) => ({ ...alias, up: alias.up + 1, least: Math.max(1, alias.least - 1) }));
}

/** Of something new with the same elements or members. */
function copiesOf(aliases: readonly Alias[]): readonly Alias[] {
  return aliases.map((alias) => ({ ...alias, least: Math.max(2, alias.least) }));
}

function ofCall(call: SyntaxNode): readonly Alias[] {
  const callee = childOf(call, "callee");
  if (callee?.type !== "MemberExpression") return [];
  const [object, method] = [childOf(callee, "object"), textIn(childOf(callee, "property"), "name")];
  const isOfGlobal = /^(Object|Array)$/.test(textIn(object, "name"));
  if (isOfGlobal)
    return copying.has(method) ? copiesOf(childrenOf(call, "arguments").flatMap(aliasesOf)) : [];
  if (taking.has(method)) return membersOf(aliasesOf(object));
  return listing.has(method) ? copiesOf(aliasesOf(object)) : [];
}

/** The parameters of a function that a method of a list calls with its elements: `list.forEach((each) => …)`. */
export function boundByCallback(
  call: SyntaxNode,
): { readonly callback: SyntaxNode; readonly bound: readonly Bound[] } | undefined {
  const callee = childOf(call, "callee");
  const [callback] = childrenOf(call, "arguments");
  if (callee?.type !== "MemberExpression" || !/Function/.test(callback?.type ?? "")) return undefined;
  const at = handing[textIn(childOf(callee, "property"), "name")];
  const parameter = at === undefined || callback === undefined ? undefined : parametersOf(callback)[at];
  if (callback === undefined || parameter === undefined) return undefined;
  return { callback, bound: boundBy(parameter, membersOf(aliasesOf(childOf(callee, "object")))) };
}

/** Methods that take their arguments in. */
const entering = new Set("push unshift set add splice".split(" "));

/** What takes arguments of a call in: the list of `list.push(a)`. */
export function boundByEntering(call: SyntaxNode): readonly Bound[] {
  const callee = childOf(call, "callee");
  if (callee?.type !== "MemberExpression" || !entering.has(textIn(childOf(callee, "property"), "name")))
    return [];
  const held = childrenOf(call, "arguments").flatMap(heldBy);
  return held.length === 0 ? [] : holding(childOf(callee, "object"), held);
}

/** What an assignment lets stand for something else: `a = b`, `a.c = b`. */
export function boundByAssignment(assignment: SyntaxNode): readonly Bound[] {
  const [left, right] = [childOf(assignment, "left"), childOf(assignment, "right")];
  if (left === undefined || right === undefined) return [];
  const target = runtimeNode(left);
  if (target === undefined || target.type === "ChainExpression") return [];
  if (target.type !== "MemberExpression") return boundBy(target, right);
  const held = aliasesOf(right).map((alias) => ({ ...alias, up: alias.up - 1, least: alias.least + 1 }));
  return held.length === 0 ? [] : holding(childOf(target, "object"), held);
}

/** The variables of a loop over a list, as its elements. */
export function boundByLoop(loop: SyntaxNode): readonly Bound[] {
  const [left, right] = [childOf(loop, "left"), childOf(loop, "right")];
  const declarator = left?.type === "VariableDeclaration" ? childrenOf(left, "declarations")[0] : undefined;
  const pattern = declarator === undefined ? left : childOf(declarator, "id");
  return pattern === undefined || pattern.type === "MemberExpression"
    ? []
    : boundBy(pattern, membersOf(aliasesOf(right)));
}

/** The variables of a value that something is put into, so many levels below them. */
function holding(value: SyntaxNode | undefined, held: readonly Alias[]): readonly Bound[] {
  return aliasesOf(value).map(({ name, up }) => ({
    name,
    of: held.map((alias) => ({ ...alias, up: alias.up - up, least: alias.least + up })),
  }));
}

/** The patterns of a function's parameters. */
export function parametersOf(node: SyntaxNode): readonly SyntaxNode[] {
  return childrenOf(node, "params");
}

/** The variables of a pattern, with what each is of. @param value what the pattern takes apart, or what that is of */
export function boundBy(pattern: SyntaxNode, value: SyntaxNode | readonly Alias[]): readonly Bound[] {
  const aliases = (): readonly Alias[] => ("type" in value ? aliasesOf(value) : value);
  switch (pattern.type) {
    case "Identifier":
      return [{ name: textIn(pattern, "name"), of: aliases() }];
    case "AssignmentPattern": {
      const [left, right] = [childOf(pattern, "left"), childOf(pattern, "right")];
      return left === undefined ? [] : [...boundBy(left, value), ...boundBy(left, aliasesOf(right))];
    }
    case "RestElement": {
      const rest = childOf(pattern, "argument");
      return rest === undefined ? [] : boundBy(rest, copiesOf(aliases()));
    }
    case "ObjectPattern":
      return childrenOf(pattern, "properties").flatMap((each) => boundByProperty(each, value));
    default:
      return [...nodesBelow(pattern)].flatMap(([, each]) => boundBy(each, membersOf(aliases())));
  }
}

function boundByProperty(property: SyntaxNode, value: SyntaxNode | readonly Alias[]): readonly Bound[] {
  if (property.type === "RestElement") return boundBy(property, value);
  const target = childOf(property, "value");
  if (target === undefined) return [];
  if (!("type" in value)) return boundBy(target, membersOf(value));
  const key = property["computed"] === true ? "" : nameOf(childOf(property, "key"));
  const given =
    value.type === "ObjectExpression" && key !== ""
      ? childrenOf(value, "properties").find((each) => nameOf(childOf(each, "key")) === key)
      : undefined;
  const own = given === undefined ? undefined : childOf(given, "value");
  return boundBy(target, own ?? membersOf(aliasesOf(value)));
}

function nameOf(key: SyntaxNode | undefined): string {
  return textIn(key, "name") || textIn(key, "value");
}
