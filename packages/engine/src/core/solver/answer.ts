import type { Snapshot } from "../catalog/snapshot.ts";
import type { Constraint } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import { constrainGroup, type GroupOutcome } from "./group-outcome.ts";
import { requirementText } from "./memory/definition-text.ts";
import { type Outcomes, type Recollection, recollectOutcomes } from "./memory/recollection.ts";
import type { IgnoreList } from "./options.ts";
import { filterSteps, groupDatasets, selectDatasets } from "./select.ts";
import { indexTable, type TableIndex } from "./table-index.ts";

/** What one requirement yields from one source type. */
export interface RequirementAnswer {
  readonly sourceType: string;
  /** Undefined when the catalog has no such source type. */
  readonly index: TableIndex | undefined;
  /** Its requirement as text, if that says all that decides. */
  readonly text: string | undefined;
  /** All groups that were selected, in key order. */
  readonly outcomes: readonly GroupOutcome[];
  /** Those that survived all constraints, in key order. */
  readonly groups: readonly GroupOutcome[];
  /** True if an earlier solve found the same, group by group. */
  readonly untouched: boolean;
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
  /** What an earlier solve found, where it may be used. */
  readonly recollection: Recollection | undefined;
  /** Groups that were looked at, and those of them that were computed. */
  readonly tally: { groups: number; computed: number };
}

/** An empty workspace over a snapshot. */
export function openWorkspace(snapshot: Snapshot, recollection?: Recollection): Workspace {
  return {
    snapshot,
    indexes: new Map(),
    answers: new Map(),
    functions: new Map(),
    recollection,
    tally: { groups: 0, computed: 0 },
  };
}

/** The index of a source type, undefined when the catalog has none of it. */
export function indexOf(workspace: Workspace, sourceType: string): TableIndex | undefined {
  const table = workspace.snapshot.tables.get(sourceType);
  if (table === undefined) return undefined;
  const known =
    workspace.indexes.get(sourceType) ??
    workspace.recollection?.changes.get(sourceType)?.now.index ??
    indexTable(table);
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
      workspace.answers.get(key) ?? computeAnswer(workspace, { sourceType, requirement, constraints });
    workspace.answers.set(key, answer);
    if (answer.groups.length > 0) return answer;
    first ??= answer;
  }
  return first ?? { sourceType: "", index: undefined, ...nothing("source type") };
}

function keyOf(workspace: Workspace, parts: readonly unknown[]): string {
  return JSON.stringify(parts, (_, value: unknown) => {
    if (typeof value !== "function") return value;
    const id = workspace.functions.get(value) ?? workspace.functions.size;
    workspace.functions.set(value, id);
    return { function: id };
  });
}

/** An answer without any group: the step that left none counts as one. */
function nothing(step: string): Omit<RequirementAnswer, "sourceType" | "index"> {
  return { text: undefined, outcomes: [], groups: [], untouched: false, removed: new Map([[step, 1]]) };
}

/** A requirement on one of its source types. */
interface Question {
  readonly sourceType: string;
  readonly requirement: Requirement;
  readonly constraints: readonly Constraint[];
}

function computeAnswer(workspace: Workspace, question: Question): RequirementAnswer {
  const { sourceType, requirement, constraints } = question;
  const index = indexOf(workspace, sourceType);
  if (index === undefined || index.latest.length === 0)
    return { sourceType, index, ...nothing("source type") };
  const text = requirementText([sourceType, requirement.filters, requirement.groupBy, constraints]);
  const found = knownOutcomes(workspace, { ...question, text, index }) ?? allOutcomes(index, question);
  if (typeof found === "string") return { sourceType, index, ...nothing(found) };
  workspace.tally.groups += found.outcomes.length;
  workspace.tally.computed += found.computed;
  const removed = new Map<string, number>();
  for (const { step } of found.outcomes)
    if (step !== undefined) removed.set(step, (removed.get(step) ?? 0) + 1);
  const groups = found.outcomes.filter(({ step }) => step === undefined);
  return { sourceType, index, text, outcomes: found.outcomes, groups, untouched: found.untouched, removed };
}

/** What an earlier solve found, where it may be used, brought up to date. */
function knownOutcomes(
  { recollection }: Workspace,
  {
    text,
    index,
    requirement,
    constraints,
  }: Question & { readonly text: string | undefined; readonly index: TableIndex },
): Outcomes | undefined {
  if (recollection === undefined || text === undefined) return undefined;
  return recollectOutcomes(recollection, { text, index, requirement, constraints });
}

/** @returns the name of the step that left nothing, if one did */
function allOutcomes(index: TableIndex, { requirement, constraints }: Question): Outcomes | string {
  const rows = selectDatasets(index, requirement.filters);
  if (rows.length === 0) return emptyingFilter(index, requirement);
  const selected = groupDatasets(index, rows, requirement);
  if (selected.length === 0) return "group-by";
  const outcomes = selected.map((group) => constrainGroup(group, { constraints, index }));
  return { outcomes, computed: outcomes.length, untouched: false };
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
