import { changedByCall, changedByStatement } from "./changing-calls.ts";
import { childOf, childrenOf, nodesBelow, runtimeNode, type SyntaxNode, textIn } from "./syntax.ts";

/** A name that a module declares. */
export interface Declaration {
  readonly name: string;
  readonly kind: "import" | "function" | "class" | "const" | "let" | "var" | "parameter" | "catch";
  /** What is declared: the function, class, declarator, import specifier, or the pattern of a parameter. */
  readonly node: SyntaxNode;
  /** For an import: the specifier of the module it comes from. */
  readonly from: string;
  readonly scope: Scope;
  /** True when something in the module assigns to it, or changes what is in it. */
  changed: boolean;
}

/** A piece of source in which names are declared. */
export interface Scope {
  readonly parent: Scope | undefined;
  /** A function's or the module's, where `var` belongs. */
  readonly isFunction: boolean;
  readonly names: Map<string, Declaration>;
}

/** A name where it is used. */
export interface Reference {
  readonly name: string;
  readonly start: number;
  /** Undefined for a global. */
  readonly declaration: Declaration | undefined;
  /** The member taken of it, when that is plain: `m.x` gives `x`. */
  readonly member: string | undefined;
}

/** Every reference of a module in the order of the source, and its top-level declarations. */
export interface ScopeAnalysis {
  readonly references: readonly Reference[];
  readonly top: ReadonlyMap<string, Declaration>;
}

interface Use {
  readonly name: string;
  readonly start: number;
  readonly scope: Scope;
  readonly member: string | undefined;
  readonly changes: boolean;
}

interface Analysis {
  readonly uses: Use[];
  /** Declarators whose initial value is another variable, or in it. */
  readonly aliases: { readonly node: SyntaxNode; readonly of: string; readonly scope: Scope }[];
}

/** Finds what each name of a module refers to. */
export function analyseScopes(program: SyntaxNode): ScopeAnalysis {
  const top: Scope = { parent: undefined, isFunction: true, names: new Map() };
  const analysis: Analysis = { uses: [], aliases: [] };
  for (const statement of childrenOf(program, "body")) {
    visit(statement, top, analysis);
    changeByStatement(statement, top, analysis);
  }
  const references = analysis.uses.map(({ name, start, scope, member, changes }): Reference => {
    const declaration = lookUp(name, scope);
    if (declaration !== undefined && changes) declaration.changed = true;
    return { name, start, declaration, member };
  });
  // The last alias first: one of an alias changes what that is an alias of.
  for (const { node, of, scope } of analysis.aliases.reverse()) {
    const original = lookUp(of, scope);
    if (original !== undefined && namesDeclaredBy(node, scope).some(({ changed }) => changed))
      original.changed = true;
  }
  return { references: references.sort((a, b) => a.start - b.start), top: top.names };
}

function namesDeclaredBy(node: SyntaxNode, scope: Scope): readonly Declaration[] {
  return [...scope.names.values()].filter((each) => each.node === node);
}

function lookUp(name: string, scope: Scope): Declaration | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function declare(
  scope: Scope,
  parts: Omit<Declaration, "scope" | "changed" | "from"> & { readonly from?: string },
): void {
  let at = scope;
  while (parts.kind === "var" && !at.isFunction && at.parent !== undefined) at = at.parent;
  const known = at.names.get(parts.name);
  // `var x = 1; var x = 2;` is an assignment, and so is a second function of one name.
  if (known !== undefined) known.changed = true;
  else at.names.set(parts.name, { from: "", ...parts, scope: at, changed: false });
}

type Visit = (node: SyntaxNode, scope: Scope, analysis: Analysis) => void;

const inner = (scope: Scope, isFunction: boolean): Scope => ({ parent: scope, isFunction, names: new Map() });

// allow-parameters: a node, the names around it, and what is gathered
function visitBelow(node: SyntaxNode, scope: Scope, analysis: Analysis): void {
  for (const [, child] of nodesBelow(node)) visit(child, scope, analysis);
}

const visitFunction: Visit = (node, scope, analysis) => {
  const id = childOf(node, "id");
  const own = inner(scope, true);
  if (id !== undefined && node.type === "FunctionDeclaration")
    declare(scope, { name: textIn(id, "name"), kind: "function", node });
  else if (id !== undefined) declare(own, { name: textIn(id, "name"), kind: "function", node });
  const parameters = node["params"];
  for (const parameter of Array.isArray(parameters)
    ? (parameters as SyntaxNode[])
    : childrenOf(node, "params"))
    bind(parameter, { kind: "parameter", node: parameter, scope: own }, analysis);
  const body = childOf(node, "body");
  if (body === undefined) return;
  if (body.type === "BlockStatement" || body.type === "FunctionBody") visitBelow(body, own, analysis);
  else visit(body, own, analysis);
};

const visitClass: Visit = (node, scope, analysis) => {
  const id = childOf(node, "id");
  const own = inner(scope, false);
  if (id !== undefined)
    declare(node.type === "ClassDeclaration" ? scope : own, {
      name: textIn(id, "name"),
      kind: "class",
      node,
    });
  for (const [field, child] of nodesBelow(node)) if (field !== "id") visit(child, own, analysis);
};

const visitDeclaration: Visit = (node, scope, analysis) => {
  const written = textIn(node, "kind");
  const kind = written === "var" || written === "let" ? written : "const";
  for (const declarator of childrenOf(node, "declarations")) {
    const id = childOf(declarator, "id");
    if (id !== undefined) bind(id, { kind, node: declarator, scope }, analysis);
    const init = childOf(declarator, "init");
    for (const of of aliasedBy(init)) analysis.aliases.push({ node: declarator, of, scope });
    if (init !== undefined) visit(init, scope, analysis);
  }
};

/** Names of the variables of which an initial value is a part: of `a.b`, `c ? a : b`, `a ?? b`. */
function aliasedBy(given: SyntaxNode | undefined): readonly string[] {
  const value = given === undefined ? undefined : runtimeNode(given);
  switch (value?.type) {
    case "Identifier":
      return [textIn(value, "name")];
    case "MemberExpression":
      return aliasedBy(childOf(value, "object"));
    case "ChainExpression":
      return aliasedBy(childOf(value, "expression"));
    case "ConditionalExpression":
      return [...aliasedBy(childOf(value, "consequent")), ...aliasedBy(childOf(value, "alternate"))];
    case "LogicalExpression":
      return [...aliasedBy(childOf(value, "left")), ...aliasedBy(childOf(value, "right"))];
    default:
      return [];
  }
}

const visitImport: Visit = (node, scope) => {
  const from = textIn(childOf(node, "source"), "value");
  for (const specifier of childrenOf(node, "specifiers"))
    if (textIn(specifier, "importKind") !== "type")
      declare(scope, {
        name: textIn(childOf(specifier, "local"), "name"),
        kind: "import",
        node: specifier,
        from,
      });
};

const visitMember: Visit = (node, scope, analysis) => {
  const object = childOf(node, "object");
  const property = childOf(node, "property");
  const isPlain = node["computed"] !== true;
  if (object?.type === "Identifier")
    use(object, { scope, ...(isPlain ? { member: textIn(property, "name") } : {}) }, analysis);
  else if (object !== undefined) visit(object, scope, analysis);
  if (!isPlain && property !== undefined) visit(property, scope, analysis);
};

const visitCall: Visit = (node, scope, analysis) => {
  for (const each of changedByCall(node)) change(each, scope, analysis);
  visitBelow(node, scope, analysis);
};

/** A call in a statement of the module, outside of functions, is made for what it changes. Declarations are no such statements. */
const changeByStatement: Visit = (statement, scope, analysis) => {
  if (/(Declaration|Specifier)$|Function/.test(statement.type)) return;
  if (/^(Call|New)Expression$/.test(statement.type))
    for (const each of changedByStatement(statement)) change(each, scope, analysis);
  for (const [, child] of nodesBelow(statement)) changeByStatement(child, scope, analysis);
};

const visitAssignment: Visit = (node, scope, analysis) => {
  for (const field of ["left", "argument"]) change(childOf(node, field), scope, analysis);
  visitBelow(node, scope, analysis);
};

// allow-parameters: what is assigned to, the names around it, and what is gathered
function change(given: SyntaxNode | undefined, scope: Scope, analysis: Analysis): void {
  const target = given === undefined ? undefined : runtimeNode(given);
  if (target === undefined) return;
  if (target.type === "Identifier")
    analysis.uses.push({
      name: textIn(target, "name"),
      start: target.start,
      scope,
      member: undefined,
      changes: true,
    });
  else if (target.type === "MemberExpression") change(childOf(target, "object"), scope, analysis);
  else if (target.type === "ChainExpression") change(childOf(target, "expression"), scope, analysis);
  else if (target.type.endsWith("Pattern") || target.type === "Property" || target.type === "RestElement")
    for (const [, child] of nodesBelow(target)) change(child, scope, analysis);
}

const visitKeyed: Visit = (node, scope, analysis) => {
  for (const [field, child] of nodesBelow(node))
    if (field !== "key" || node["computed"] === true) visit(child, scope, analysis);
};

const visitLoop: Visit = (node, scope, analysis) => {
  const left = childOf(node, "left");
  if (left !== undefined && left.type !== "VariableDeclaration") change(left, scope, analysis);
  visitBelow(node, inner(scope, false), analysis);
};

const visitCatch: Visit = (node, scope, analysis) => {
  const own = inner(scope, false);
  const parameter = childOf(node, "param");
  if (parameter !== undefined) bind(parameter, { kind: "catch", node: parameter, scope: own }, analysis);
  const body = childOf(node, "body");
  if (body !== undefined) visit(body, own, analysis);
};

const visitExportList: Visit = (node, scope, analysis) => {
  const declaration = childOf(node, "declaration");
  if (declaration !== undefined) visit(declaration, scope, analysis);
};

const visitors: Readonly<Record<string, Visit>> = {
  FunctionDeclaration: visitFunction,
  FunctionExpression: visitFunction,
  ArrowFunctionExpression: visitFunction,
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  VariableDeclaration: visitDeclaration,
  ImportDeclaration: visitImport,
  ExportNamedDeclaration: visitExportList,
  ExportAllDeclaration: () => {},
  MemberExpression: visitMember,
  CallExpression: visitCall,
  AssignmentExpression: visitAssignment,
  UpdateExpression: visitAssignment,
  Property: visitKeyed,
  MethodDefinition: visitKeyed,
  PropertyDefinition: visitKeyed,
  AccessorProperty: visitKeyed,
  ForInStatement: visitLoop,
  ForOfStatement: visitLoop,
  ForStatement: visitLoop,
  CatchClause: visitCatch,
  BlockStatement: (node, scope, analysis) => visitBelow(node, inner(scope, false), analysis),
  StaticBlock: (node, scope, analysis) => visitBelow(node, inner(scope, true), analysis),
  SwitchStatement: (node, scope, analysis) => visitBelow(node, inner(scope, false), analysis),
  LabeledStatement: (node, scope, analysis) => {
    const body = childOf(node, "body");
    if (body !== undefined) visit(body, scope, analysis);
  },
  BreakStatement: () => {},
  ContinueStatement: () => {},
  MetaProperty: () => {},
  Identifier: (node, scope, analysis) => use(node, { scope }, analysis),
  UnaryExpression: (node, scope, analysis) => {
    if (textIn(node, "operator") === "delete") change(childOf(node, "argument"), scope, analysis);
    visitBelow(node, scope, analysis);
  },
};

function visit(node: SyntaxNode, scope: Scope, analysis: Analysis): void {
  (visitors[node.type] ?? visitBelow)(node, scope, analysis);
}

// allow-parameters: the name, where it stands, and what is gathered
function use(
  node: SyntaxNode,
  { scope, member }: { readonly scope: Scope; readonly member?: string },
  { uses }: Analysis,
): void {
  uses.push({ name: textIn(node, "name"), start: node.start, scope, member, changes: false });
}

interface Binding {
  readonly kind: Declaration["kind"];
  readonly node: SyntaxNode;
  readonly scope: Scope;
}

/** Declares the names of a pattern; defaults and computed keys in it are visited. */
// allow-parameters: the pattern, what it declares, and what is gathered
function bind(pattern: SyntaxNode, binding: Binding, analysis: Analysis): void {
  switch (pattern.type) {
    case "Identifier":
      return declare(binding.scope, {
        name: textIn(pattern, "name"),
        kind: binding.kind,
        node: binding.node,
      });
    case "AssignmentPattern": {
      const [left, right] = [childOf(pattern, "left"), childOf(pattern, "right")];
      if (left !== undefined) bind(left, binding, analysis);
      if (right !== undefined) visit(right, binding.scope, analysis);
      return;
    }
    case "Property": {
      const [key, value] = [childOf(pattern, "key"), childOf(pattern, "value")];
      if (pattern["computed"] === true && key !== undefined) visit(key, binding.scope, analysis);
      if (value !== undefined) bind(value, binding, analysis);
      return;
    }
    default:
      for (const [, child] of nodesBelow(pattern)) bind(child, binding, analysis);
  }
}
