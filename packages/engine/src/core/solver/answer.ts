import type { Snapshot } from "../catalog/snapshot.ts";
import type { Constraint } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import { applyConstraint, constraintStep } from "./constraints/apply.ts";
import type { IgnoreList } from "./options.ts";
import { filterSteps, groupDatasets, type SelectedGroup, selectDatasets } from "./select.ts";
import { indexTable, type TableIndex } from "./table-index.ts";

/** What one requirement yields from one source type. */
export interface RequirementAnswer {
  readonly sourceType: string;
  /** Undefined when the catalog has no such source type. */
  readonly index: TableIndex | undefined;
  /** Groups that survived all constraints, in key order. */
  readonly groups: readonly SelectedGroup[];
  /** Step → number of groups it removed (1 for a step that left no row at all). */
  readonly removed: ReadonlyMap<string, number>;
}

/** What one solve derives on the way and uses again: indexes and answers of equal requirements. */
export interface Workspace {
  readonly snapshot: Snapshot;
  readonly indexes: Map<string, TableIndex>;
  readonly answers: Map<string, RequirementAnswer>;
  /** Identities of functions inside requirements, which have no text to compare. */
  readonly functions: Map<unknown, number>;
}

/** An empty workspace over a snapshot. */
export function openWorkspace(snapshot: Snapshot): Workspace {
  return { snapshot, indexes: new Map(), answers: new Map(), functions: new Map() };
}

/** The index of a source type, undefined when the catalog has none of it. */
export function indexOf(workspace: Workspace, sourceType: string): TableIndex | undefined {
  const table = workspace.snapshot.tables.get(sourceType);
  if (table === undefined) return undefined;
  const known = workspace.indexes.get(sourceType) ?? indexTable(table);
  workspace.indexes.set(sourceType, known);
  return known;
}

/** Source types of a requirement, in order of preference. */
export function sourceTypesOf(requirement: Requirement): readonly string[] {
  return typeof requirement.sourceType === "string" ? [requirement.sourceType] : requirement.sourceType;
}

/** What a diagnostic is told to ignore, per source type. */
export type IgnoredFacets = IgnoreList[string][string];

/** A requirement's constraints on one source type, the ignore list first. */
export function constraintsOn(
  requirement: Requirement,
  sourceType: string,
  { ignored = {} }: { readonly ignored?: IgnoredFacets | undefined } = {},
): readonly Constraint[] {
  const maps = ignored[sourceType] ?? [];
  if (maps.length === 0) return requirement.constraints;
  const prepended = maps.map((map): Constraint => {
    const facets = Object.entries(map).map(([facet, value]) => [
      facet,
      typeof value === "string" ? [value] : value,
    ]);
    return { kind: "ignoreFacets", facets: Object.fromEntries(facets) };
  });
  return [...prepended, ...requirement.constraints];
}

/**
 * Answers a requirement: of its source types the first that has any group, else the first one's empty answer. Equal
 * requirements are computed once per workspace.
 * @throws PROVIDER_INVALID when a user's own constraint fails
 */
export function answerRequirement(
  workspace: Workspace,
  requirement: Requirement,
  { ignored }: { readonly ignored?: IgnoredFacets | undefined } = {},
): RequirementAnswer {
  let first: RequirementAnswer | undefined;
  for (const sourceType of sourceTypesOf(requirement)) {
    const constraints = constraintsOn(requirement, sourceType, { ignored });
    const { filters, groupBy } = requirement;
    const key = keyOf(workspace, [sourceType, filters, groupBy, constraints]);
    const answer =
      workspace.answers.get(key) ??
      computeAnswer(indexOf(workspace, sourceType), { sourceType, requirement, constraints });
    workspace.answers.set(key, answer);
    if (answer.groups.length > 0) return answer;
    first ??= answer;
  }
  return first ?? { sourceType: "", index: undefined, groups: [], removed: new Map([["source type", 1]]) };
}

function keyOf(workspace: Workspace, parts: readonly unknown[]): string {
  return JSON.stringify(parts, (_, value: unknown) => {
    if (typeof value !== "function") return value;
    const id = workspace.functions.get(value) ?? workspace.functions.size;
    workspace.functions.set(value, id);
    return { function: id };
  });
}

function computeAnswer(
  index: TableIndex | undefined,
  {
    sourceType,
    requirement,
    constraints,
  }: {
    readonly sourceType: string;
    readonly requirement: Requirement;
    readonly constraints: readonly Constraint[];
  },
): RequirementAnswer {
  const nothing = (step: string): RequirementAnswer => {
    return { sourceType, index, groups: [], removed: new Map([[step, 1]]) };
  };
  if (index === undefined || index.latest.length === 0) return nothing("source type");
  const rows = selectDatasets(index, requirement.filters);
  if (rows.length === 0) return nothing(emptyingFilter(index, requirement));
  const selected = groupDatasets(index, rows, requirement);
  if (selected.length === 0) return nothing("group-by");
  const removed = new Map<string, number>();
  const groups: SelectedGroup[] = [];
  for (const group of selected) {
    const { datasets, step } = constrain(group.datasets, constraints, index);
    if (step === undefined) groups.push({ selector: group.selector, datasets });
    else removed.set(step, (removed.get(step) ?? 0) + 1);
  }
  return { sourceType, index, groups, removed };
}

/** The filter facet that left no row; of several filters, the one of the filter that got furthest. */
export function emptyingFilter(index: TableIndex, requirement: Requirement): string {
  const reached = requirement.filters.map((filter) => {
    const steps = filterSteps(index, filter);
    const at = steps.findIndex(({ rows }) => rows.length === 0);
    return { at, facet: steps[at]?.facet ?? "" };
  });
  const furthest = reached.reduce<(typeof reached)[number] | undefined>(
    (best, each) => (best === undefined || each.at > best.at ? each : best),
    undefined,
  );
  return `filter ${furthest?.facet ?? ""}`;
}

function constrain(
  group: Int32Array,
  constraints: readonly Constraint[],
  index: TableIndex,
): { readonly datasets: Int32Array; readonly step?: string } {
  let datasets = group;
  for (const constraint of constraints) {
    datasets = applyConstraint(datasets, constraint, { index });
    if (datasets.length === 0) return { datasets, step: constraintStep(constraint) };
  }
  return { datasets };
}
