import { type Bound, boundBy, parametersOf } from "./aliases.ts";
import type { Flow } from "./alterations.ts";
import { type Declaration, lookUp, type Scope } from "./declarations.ts";
import { childOf, childrenOf, runtimeNode, type SyntaxNode, textIn } from "./syntax.ts";

/** A call of something that has a name: `fill(list)`, `ways.fill(list)`, `new Filler(list)`. */
export interface NamedCall {
  readonly callee: Declaration;
  readonly member: string | undefined;
  readonly arguments: readonly SyntaxNode[];
  readonly scope: Scope;
}

/** What is changed of a variable is changed of what it stands for. */
// allow-parameters: a variable and what it is of, where that is looked up, and where the variable is
export function flowsOf({ name, of }: Bound, scope: Scope, own: Scope | undefined): readonly Flow[] {
  const from = own === undefined ? undefined : lookUp(name, own);
  if (from === undefined) return [];
  return of.flatMap((alias): readonly Flow[] => {
    const to = lookUp(alias.name, scope);
    return to === undefined ? [] : [{ from, to, member: alias.member, up: alias.up, least: alias.least }];
  });
}

/** What a function changes of its parameters is changed of the arguments. */
// allow-parameters: the call, what is called, and where parameters are declared
export function flowsOfCall(
  call: NamedCall,
  { node }: Pick<Declaration, "node">,
  scopes: ReadonlyMap<SyntaxNode, Scope>,
): readonly Flow[] {
  const called = functionOf(node);
  if (called === undefined) return [];
  const parameters = parametersOf(called);
  return call.arguments.flatMap((argument, at) => {
    const parameter = parameters[at];
    return parameter === undefined
      ? []
      : boundBy(parameter, argument).flatMap((bound) => flowsOf(bound, call.scope, scopes.get(called)));
  });
}

/** The function that runs when what is declared is called, or made. */
function functionOf(declared: SyntaxNode): SyntaxNode | undefined {
  const init = declared.type === "VariableDeclarator" ? childOf(declared, "init") : declared;
  const node = init === undefined ? undefined : runtimeNode(init);
  if (node === undefined || /Function/.test(node.type)) return node;
  const body = childOf(node, "body");
  const members = body === undefined ? [] : childrenOf(body, "body");
  const made = members.find((each) => textIn(each, "kind") === "constructor");
  return made === undefined ? undefined : childOf(made, "value");
}
