import type { Constraint } from "../diagnostic/constraint.ts";
import { applyConstraint, constraintStep } from "./constraints/apply.ts";
import type { Rejection } from "./rejection.ts";
import type { SelectedGroup } from "./select.ts";
import type { TableIndex } from "./table-index.ts";

/** A group with everything that has been removed from it so far. */
export interface FollowedGroup extends SelectedGroup {
  readonly trail: readonly Rejection[];
  /** The constraint that left nothing of it. */
  readonly step?: string;
}

/** A group that no constraint has seen yet. */
export function unfollowed({ selector, datasets }: SelectedGroup): FollowedGroup {
  return { selector, datasets, trail: [] };
}

/** The group after one more constraint, with the reasons for what that removed. */
// allow-parameters: where, which group and what is applied to it
export function followStep(index: TableIndex, group: FollowedGroup, constraint: Constraint): FollowedGroup {
  const noted: Rejection[] = [];
  const context = { index, note: (rejection: Rejection) => void noted.push(rejection) };
  const datasets = applyConstraint(group.datasets, constraint, context);
  const trail = [...group.trail, ...noted];
  const { selector } = group;
  return datasets.length > 0
    ? { selector, datasets, trail }
    : { selector, datasets, trail, step: constraintStep(constraint) };
}

/** Follows a group to its end: until nothing is left of it, or through all constraints. */
// allow-parameters: where, which group and what is applied to it
export function followGroup(
  index: TableIndex,
  group: SelectedGroup,
  constraints: readonly Constraint[],
): FollowedGroup {
  let followed = unfollowed(group);
  for (const constraint of constraints) {
    followed = followStep(index, followed, constraint);
    if (followed.step !== undefined) return followed;
  }
  return followed;
}
