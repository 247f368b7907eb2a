import {
  aliasesOf,
  type Bound,
  boundBy,
  boundByAssignment,
  boundByCallback,
  boundByEntering,
  boundByLoop,
  parametersOf,
} from "./aliases.ts";
import { type Alteration, alter, type Flow } from "./alterations.ts";
import { changedByCall, changedByStatement } from "./changing-calls.ts";
import { type Declaration, declare, lookUp, type Reference, type Scope } from "./declarations.ts";
import { flowsOf, flowsOfCall, type NamedCall } from "./flows.ts";
import { childOf, childrenOf, nodesBelow, runtimeNode, type SyntaxNode, textIn } from "./syntax.ts";

/** Every reference of a module in the order of the source, and its top-level declarations. */
export interface ScopeAnalysis {
  readonly references: readonly Reference[];
  readonly top: ReadonlyMap<string, Declaration>;
  /** How changes go from variable to variable. */
  readonly flows: readonly Flow[];
  /** Calls of what is imported. */
  readonly calls: readonly NamedCall[];
  /** Where the parameters of functions are declared. */
  readonly scopes: ReadonlyMap<SyntaxNode, Scope>;
}

interface Use {
  readonly name: string;
  readonly start: number;
  readonly scope: Scope;
  readonly member: string | undefined;
}

interface Analysis {
  readonly uses: Use[];
  /** What is assigned to, and, with how deep, what is changed. */
  readonly changes: { readonly name: string; readonly scope: Scope; readonly alteration?: Alteration }[];
  /** Variables that stand for others; `in`: where they are declared, or the function whose parameters they are. */
  readonly bounds: { readonly bound: Bound; readonly scope: Scope; readonly in?: SyntaxNode }[];
  readonly calls: (Omit<NamedCall, "callee"> & { readonly name: string })[];
  readonly scopes: Map<SyntaxNode, Scope>;
}

/** Finds what each name of a module refers to. */
export function analyseScopes(program: SyntaxNode): ScopeAnalysis {
  const top: Scope = { parent: undefined, isFunction: true, names: new Map() };
  const analysis: Analysis = { uses: [], changes: [], bounds: [], calls: [], scopes: new Map() };
  for (const statement of childrenOf(program, "body")) {
    visit(statement, top, analysis);
    changeByStatement(statement, top, analysis);
  }
  const references = analysis.uses.map(({ name, start, scope, member }): Reference => {
    return { name, start, declaration: lookUp(name, scope), member };
  });
  for (const { name, scope, alteration } of analysis.changes) {
    const declaration = lookUp(name, scope);
    if (declaration === undefined) continue;
    if (alteration === undefined) declaration.changed = true;
    else alter(declaration, alteration);
  }
  const { scopes } = analysis;
  const calls = analysis.calls.flatMap(({ name, ...call }): readonly NamedCall[] => {
    const callee = lookUp(name, call.scope);
    return callee === undefined ? [] : [{ callee, ...call }];
  });
  const flows = [
    ...analysis.bounds.flatMap(({ bound, scope, in: at }) =>
      flowsOf(bound, scope, at === undefined ? scope : scopes.get(at)),
    ),
    ...calls.flatMap((call) => (call.callee.kind === "import" ? [] : flowsOfCall(call, call.callee, scopes))),
  ];
  return {
    references: references.sort((a, b) => a.start - b.start),
    top: top.names,
    flows,
    calls: calls.filter(({ callee }) => callee.kind === "import"),
    scopes,
  };
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
  analysis.scopes.set(node, own);
  for (const parameter of parametersOf(node))
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
    if (init === undefined) continue;
    if (id !== undefined) bindTo(boundBy(id, init), { scope }, analysis);
    visit(init, scope, analysis);
  }
};

// allow-parameters: variables with what they are of, where that is looked up, and what is gathered
function bindTo(
  bound: readonly Bound[],
  { scope, in: at }: { readonly scope: Scope; readonly in?: SyntaxNode },
  { bounds }: Analysis,
): void {
  for (const each of bound)
    if (each.of.length > 0) bounds.push({ bound: each, scope, ...(at === undefined ? {} : { in: at }) });
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
  for (const each of changedByCall(node)) alterBelow(each, { scope, depth: 1 }, analysis);
  const handed = boundByCallback(node);
  if (handed !== undefined) bindTo(handed.bound, { scope, in: handed.callback }, analysis);
  bindTo(boundByEntering(node), { scope }, analysis);
  callByName(node, scope, analysis);
  visitBelow(node, scope, analysis);
};

const callByName: Visit = (node, scope, { calls }) => {
  const callee = childOf(node, "callee");
  const isMember = callee?.type === "MemberExpression" && callee["computed"] !== true;
  const name = textIn(isMember ? childOf(callee, "object") : callee, "name");
  const member = isMember ? textIn(childOf(callee, "property"), "name") : undefined;
  if (name !== "") calls.push({ name, member, arguments: childrenOf(node, "arguments"), scope });
};

/** A call in a statement of the module, outside of functions, is made for what it changes. Declarations are no such statements. */
const changeByStatement: Visit = (statement, scope, analysis) => {
  if (/(Declaration|Specifier)$|Function/.test(statement.type)) return;
  if (/^(Call|New)Expression$/.test(statement.type))
    for (const each of changedByStatement(statement))
      alterBelow(each, { scope, depth: Number.POSITIVE_INFINITY }, analysis);
  for (const [, child] of nodesBelow(statement)) changeByStatement(child, scope, analysis);
};

const visitAssignment: Visit = (node, scope, analysis) => {
  for (const field of ["left", "argument"]) change(childOf(node, field), scope, analysis);
  bindTo(boundByAssignment(node), { scope }, analysis);
  visitBelow(node, scope, analysis);
};

// allow-parameters: what is assigned to, the names around it, and what is gathered
function change(given: SyntaxNode | undefined, scope: Scope, analysis: Analysis): void {
  const target = given === undefined ? undefined : runtimeNode(given);
  if (target === undefined) return;
  if (target.type === "Identifier") analysis.changes.push({ name: textIn(target, "name"), scope });
  else if (target.type === "MemberExpression")
    alterBelow(childOf(target, "object"), { scope, depth: 1 }, analysis);
  else if (target.type === "ChainExpression") change(childOf(target, "expression"), scope, analysis);
  else if (target.type.endsWith("Pattern") || target.type === "Property" || target.type === "RestElement")
    for (const [, child] of nodesBelow(target)) change(child, scope, analysis);
}

// allow-parameters: a value, how deep below it something is changed, and what is gathered
function alterBelow(
  value: SyntaxNode | undefined,
  { scope, depth }: { readonly scope: Scope; readonly depth: number },
  { changes }: Analysis,
): void {
  for (const { name, member, up, least } of aliasesOf(value))
    if (depth >= least) changes.push({ name, scope, alteration: { depth: depth + up, member } });
}

const visitKeyed: Visit = (node, scope, analysis) => {
  for (const [field, child] of nodesBelow(node))
    if (field !== "key" || node["computed"] === true) visit(child, scope, analysis);
};

const visitLoop: Visit = (node, scope, analysis) => {
  const left = childOf(node, "left");
  if (left !== undefined && left.type !== "VariableDeclaration") change(left, scope, analysis);
  const own = inner(scope, false);
  if (node.type === "ForOfStatement") bindTo(boundByLoop(node), { scope: own }, analysis);
  visitBelow(node, own, analysis);
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
  NewExpression: visitCall,
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
  uses.push({ name: textIn(node, "name"), start: node.start, scope, member });
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
