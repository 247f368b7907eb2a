import type { Requirement, RequirementSet } from "../diagnostic/diagnostic.ts";
import type { Selector } from "../execution/definition.ts";
import type { RequirementAnswer } from "./answer.ts";
import { sourceTypesOf } from "./answer.ts";
import type { SelectedGroup } from "./select.ts";

/** Name of a requirement inside its set: its own, else its (first) source type. */
export function labelOf(requirement: Requirement): string {
  return requirement.name ?? (sourceTypesOf(requirement)[0] as string);
}

/**
 * One candidate before its identity: per requirement the groups it takes. Exactly one of each required requirement; of
 * an optional one all that fit, perhaps none.
 */
export type Combination = readonly (readonly SelectedGroup[])[];

/** Facets on which two requirements must agree. */
interface Join {
  readonly left: number;
  readonly right: number;
  readonly facets: readonly string[];
}

/**
 * The product of the groups of all required requirements, in order, the last varying fastest, restricted by
 * `sameFacets`; optional requirements add every group of theirs that agrees.
 */
export function combine(set: RequirementSet, answers: readonly RequirementAnswer[]): readonly Combination[] {
  const joins = joinsOf(set);
  const required = set.flatMap((requirement, at) => (requirement.optional === true ? [] : [at]));
  let partial: (readonly SelectedGroup[])[][] = [set.map(() => [])];
  for (const at of required) partial = extend(partial, at, { answers, joins, required });
  return partial.map((combination) =>
    combination.map((groups, at) => {
      if (required.includes(at)) return groups;
      const mine = joins.filter(({ left, right }) => left === at || right === at);
      return (answers[at]?.groups ?? []).filter((group) => fits(group, at, { combination, joins: mine }));
    }),
  );
}

/** Groups of each requirement that are in no combination; 0 for optional requirements. */
// allow-parameters: the set, what answers it, and what that was combined to
export function partnerlessGroups(
  set: RequirementSet,
  answers: readonly RequirementAnswer[],
  found: readonly { readonly combination: Combination }[],
): readonly number[] {
  return set.map((requirement, at) => {
    if (requirement.optional === true) return 0;
    const used = new Set(found.map(({ combination }) => combination[at]?.[0]));
    return (answers[at]?.groups.length ?? 0) - used.size;
  });
}

function joinsOf(set: RequirementSet): readonly Join[] {
  const labels = set.map(labelOf);
  return set.flatMap((requirement, left) =>
    Object.entries(requirement.sameFacets ?? {}).map(([name, facets]) => {
      return { left, right: labels.indexOf(name), facets };
    }),
  );
}

function extend(
  partial: readonly (readonly SelectedGroup[])[][],
  at: number,
  {
    answers,
    joins,
    required,
  }: {
    readonly answers: readonly RequirementAnswer[];
    readonly joins: readonly Join[];
    readonly required: readonly number[];
  },
): (readonly SelectedGroup[])[][] {
  const earlier = joins.flatMap(({ left, right, facets }) => {
    const other = left === at ? right : right === at ? left : -1;
    return other >= 0 && other < at && required.includes(other) ? [{ other, facets }] : [];
  });
  const byKey = Map.groupBy(answers[at]?.groups ?? [], (group) =>
    JSON.stringify(earlier.map(({ facets }) => valuesOf(group.selector, facets))),
  );
  return partial.flatMap((combination) => {
    const key = JSON.stringify(
      earlier.map(({ other, facets }) => valuesOf(combination[other]?.[0]?.selector ?? [], facets)),
    );
    return (byKey.get(key) ?? []).map((group) => combination.with(at, [group]));
  });
}

function fits(
  group: SelectedGroup,
  at: number,
  { combination, joins }: { readonly combination: Combination; readonly joins: readonly Join[] },
): boolean {
  return joins.every(({ left, right, facets }) => {
    const other = combination[left === at ? right : left]?.[0];
    return (
      other === undefined ||
      JSON.stringify(valuesOf(group.selector, facets)) === JSON.stringify(valuesOf(other.selector, facets))
    );
  });
}

function valuesOf(selector: Selector, facets: readonly string[]): readonly (string | undefined)[] {
  return facets.map((facet) => selector.find(([name]) => name === facet)?.[1]);
}
