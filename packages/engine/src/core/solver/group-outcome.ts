import type { Constraint } from "../diagnostic/constraint.ts";
import { applyConstraint, constraintStep } from "./constraints/apply.ts";
import { type Lookup, looksBeyond, lookupsMade } from "./lookups.ts";
import type { SelectedGroup } from "./select.ts";
import { noRows, type TableIndex } from "./table-index.ts";

/** A group after its constraints: what is left of it, or the step that removed it. */
export interface GroupOutcome extends SelectedGroup {
  /** The constraint that removed it; then it has no datasets. */
  readonly step?: string;
  /** What it depends on beside its own datasets. */
  readonly lookups: readonly Lookup[];
  /** Its place in the memory of an earlier solve, if it was taken from there. */
  readonly place?: number;
}

/** Applies the constraints of a requirement to a group, in order. */
export function constrainGroup(
  { selector, datasets: selected }: SelectedGroup,
  { constraints, index }: { readonly constraints: readonly Constraint[]; readonly index: TableIndex },
): GroupOutcome {
  const lookups: Lookup[] = [];
  let datasets = selected;
  for (const [at, constraint] of constraints.entries()) {
    if (looksBeyond(constraint)) lookups.push(...lookupsMade(datasets, constraint, { index, at }));
    datasets = applyConstraint(datasets, constraint, { index });
    if (datasets.length === 0)
      return { selector, datasets: noRows, step: constraintStep(constraint), lookups };
  }
  return { selector, datasets, lookups };
}
