import type { Alterable } from "./alterations.ts";
import type { SyntaxNode } from "./syntax.ts";

/** A name that a module declares; changed when something in the project assigns to it, or changes what is in it. */
export interface Declaration extends Alterable {
  readonly name: string;
  readonly kind: "import" | "function" | "class" | "const" | "let" | "var" | "parameter" | "catch";
  /** What is declared: the function, class, declarator, import specifier, or the pattern of a parameter. */
  readonly node: SyntaxNode;
  /** For an import: the specifier of the module it comes from. */
  readonly from: string;
  readonly scope: Scope;
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

/** Looks a name up from inside out. */
export function lookUp(name: string, scope: Scope): Declaration | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Declares a name, `var` in the function around. */
// allow-parameters: where, and what
export function declare(
  scope: Scope,
  parts: Pick<Declaration, "name" | "kind" | "node"> & { readonly from?: string },
): void {
  let at = scope;
  while (parts.kind === "var" && !at.isFunction && at.parent !== undefined) at = at.parent;
  const known = at.names.get(parts.name);
  // `var x = 1; var x = 2;` is an assignment, and so is a second function of one name.
  if (known !== undefined) known.changed = true;
  else {
    const members = parts.kind === "import" ? { members: new Map<string, number>() } : {};
    at.names.set(parts.name, { from: "", ...parts, scope: at, changed: false, altered: 0, ...members });
  }
}
