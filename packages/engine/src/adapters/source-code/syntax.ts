/** A node of the syntax tree, as oxc-parser gives it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** True for a node of the tree. */
export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"
  );
}

/** The node in a field. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** The nodes in a list field. */
export function childrenOf(node: SyntaxNode, field: string): readonly SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text in a field. */
export function textIn(node: SyntaxNode | undefined, field: string): string {
  const value = node?.[field];
  return typeof value === "string" ? value : "";
}

/** TypeScript's expressions that are their operand when the program runs. */
const wrappers: ReadonlySet<string> = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
]);

/** The operand of an expression that is it when the program runs: of `x as T`, `x!`. */
export function operandOf(node: SyntaxNode): SyntaxNode | undefined {
  return wrappers.has(node.type) ? childOf(node, "expression") : undefined;
}

/** Fields that say nothing about what runs. */
const silentFields: ReadonlySet<string> = new Set([
  "type",
  "start",
  "end",
  "loc",
  "range",
  "parent",
  "raw",
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "implements",
  "accessibility",
  "declare",
  "definite",
  "readonly",
  "override",
  "abstract",
]);

/** A node without TypeScript around it; undefined for what is a type alone. */
export function runtimeNode(node: SyntaxNode): SyntaxNode | undefined {
  let at: SyntaxNode | undefined = node;
  while (at !== undefined && wrappers.has(at.type)) at = childOf(at, "expression");
  if (at === undefined || (at.type.startsWith("TS") && at.type !== "TSParameterProperty")) return undefined;
  if (textIn(at, "importKind") === "type" || textIn(at, "exportKind") === "type") return undefined;
  return at;
}

/** Fields with their values that count when the program runs, nodes and lists of nodes included. */
export function runtimeFields(node: SyntaxNode): readonly (readonly [string, unknown])[] {
  return Object.entries(node).filter(([name]) => !silentFields.has(name));
}

/** The nodes directly below a node, in the order of the source. */
export function* nodesBelow(node: SyntaxNode): Generator<readonly [field: string, child: SyntaxNode]> {
  for (const [field, value] of runtimeFields(node))
    for (const each of Array.isArray(value) ? value : [value]) {
      const child = isNode(each) ? runtimeNode(each) : undefined;
      if (child !== undefined) yield [field, child];
    }
}

/**
 * A text of what a piece of code does: without comments, layout, types, quotes' kind and parentheses. Equal code gives equal
 * text.
 */
export function normalized(node: SyntaxNode): string {
  const parts: string[] = [];
  const put = (value: unknown): void => {
    if (Array.isArray(value)) {
      parts.push("[");
      for (const each of value) {
        put(each);
        parts.push(",");
      }
      parts.push("]");
    } else if (isNode(value)) putNode(value);
    else
      parts.push(
        typeof value === "bigint"
          ? `${value}n`
          : value instanceof RegExp
            ? "regex"
            : (JSON.stringify(value) ?? "undefined"),
      );
  };
  const putNode = (given: SyntaxNode): void => {
    const at = runtimeNode(given);
    if (at === undefined) return;
    parts.push("(", at.type);
    for (const [field, value] of runtimeFields(at)) {
      if (value === null || value === undefined || value === false) continue;
      parts.push(" ", field, ":");
      put(value);
    }
    parts.push(")");
  };
  putNode(node);
  return parts.join("");
}
