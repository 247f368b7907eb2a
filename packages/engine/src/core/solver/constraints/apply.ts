import type { Constraint } from "../../diagnostic/constraint.ts";
import { evaluateAddParent } from "./add-parent.ts";
import { evaluateAddSupplementary } from "./add-supplementary.ts";
import type { ConstraintContext, Evaluate } from "./context.ts";
import { evaluateCustom } from "./custom.ts";
import { evaluateIgnoreFacets } from "./ignore-facets.ts";
import { evaluateRequireContiguousTimerange } from "./require-contiguous-timerange.ts";
import { evaluateRequireFacets } from "./require-facets.ts";
import { evaluateRequireOverlappingTimerange } from "./require-overlapping-timerange.ts";
import { evaluateRequireTimerange } from "./require-timerange.ts";
import { evaluateSelectFirstMember } from "./select-first-member.ts";

type Kind = Constraint["kind"];

/** How each kind of constraint is evaluated. */
const evaluators = {
  requireFacets: evaluateRequireFacets,
  ignoreFacets: evaluateIgnoreFacets,
  addSupplementary: evaluateAddSupplementary,
  addParent: evaluateAddParent,
  requireTimerange: evaluateRequireTimerange,
  requireContiguousTimerange: evaluateRequireContiguousTimerange,
  requireOverlappingTimerange: evaluateRequireOverlappingTimerange,
  selectFirstMember: evaluateSelectFirstMember,
  custom: evaluateCustom,
} as const satisfies { readonly [K in Kind]: Evaluate<Extract<Constraint, { readonly kind: K }>> };

/**
 * Applies one constraint to a group.
 * @returns the changed group; empty: it is dropped
 * @throws PROVIDER_INVALID when a user's own constraint fails
 */
export function applyConstraint(
  group: Int32Array,
  constraint: Constraint,
  context: ConstraintContext,
): Int32Array {
  // The registry is complete by kind, which TypeScript cannot follow through an indexed union.
  const evaluate = evaluators[constraint.kind] as Evaluate<Constraint>;
  return evaluate(group, constraint, context);
}

/** Name of a constraint in funnels and counts: its kind, or the name that a user's own one has. */
export function constraintStep(constraint: Constraint): string {
  return constraint.kind === "custom" ? constraint.name : constraint.kind;
}
