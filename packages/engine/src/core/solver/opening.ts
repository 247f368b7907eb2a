import type { Snapshot } from "../catalog/snapshot.ts";
import type { SourceType } from "../catalog/source-type.ts";
import type { Constraint } from "../diagnostic/constraint.ts";
import { facetsOfConstraint } from "../diagnostic/constraint-facets.ts";
import type { Provider, Requirement } from "../diagnostic/diagnostic.ts";
import { isAlmanacError } from "../errors.ts";
import {
  constraintsOn,
  type IgnoredFacets,
  indexOf,
  openWorkspace,
  sourceTypesOf,
  type Workspace,
} from "./answer.ts";
import { applyConstraint } from "./constraints/apply.ts";
import { idsOf } from "./constraints/context.ts";
import type { IgnoreList, SolveOptions } from "./options.ts";
import { groupDatasets, selectDatasets } from "./select.ts";
import { chosenDiagnostics } from "./solve.ts";
import type { TableIndex } from "./table-index.ts";

/** What decides which datasets have to be opened. */
export interface OpeningInput extends SolveOptions {
  readonly ignore?: IgnoreList;
  /** Tell which facets are known after opening only; without them `addParent`'s and the times are taken to be. */
  readonly sourceTypes?: readonly SourceType[];
}

/**
 * The datasets known from their path only that a plan depends on: of each group, those that are in it when the first
 * constraint comes that reads what only opening tells (times and calendars, header facets, parents). Groups that fall
 * before, and requirements whose set cannot be met anyway, open nothing. Ask again after opening: what a constraint adds
 * shows then.
 * @returns source type → dataset ids in code-unit order; empty when nothing is left to open
 */
export function datasetsToOpen(
  snapshot: Snapshot,
  providers: readonly Provider[],
  options: OpeningInput,
): ReadonlyMap<string, readonly string[]> {
  const workspace = openWorkspace(snapshot);
  const needed = new Map<string, Set<number>>();
  if (!hasUnopened(snapshot)) return new Map();
  for (const { provider, diagnostic } of chosenDiagnostics(providers, options)) {
    const ignored = options.ignore?.[provider.slug]?.[diagnostic.slug];
    for (const set of diagnostic.requirementSets)
      for (const [sourceType, datasets] of setNeeds(workspace, set, { ignored, input: options })) {
        const known = needed.get(sourceType) ?? new Set();
        for (const dataset of datasets) known.add(dataset);
        needed.set(sourceType, known);
      }
  }
  return new Map(
    [...needed].map(([sourceType, datasets]) => {
      const index = indexOf(workspace, sourceType);
      return [sourceType, index === undefined ? [] : idsOf(index, datasets)];
    }),
  );
}

function hasUnopened(snapshot: Snapshot): boolean {
  return snapshot.tables
    .values()
    .some(({ finalised, latest }) => finalised.some((done, dataset) => done === 0 && latest[dataset] === 1));
}

/** What one requirement would have opened, and whether a group of it can survive. */
interface Need {
  readonly sourceType: string;
  readonly datasets: ReadonlySet<number>;
  readonly possible: boolean;
}

interface Asked {
  readonly ignored: IgnoredFacets | undefined;
  readonly input: OpeningInput;
}

function setNeeds(
  workspace: Workspace,
  set: readonly Requirement[],
  asked: Asked,
): readonly (readonly [string, ReadonlySet<number>])[] {
  const needs = set.map((requirement) => ({
    optional: requirement.optional === true,
    ...requirementNeeds(workspace, requirement, asked),
  }));
  if (needs.some(({ optional, possible }) => !optional && !possible)) return [];
  return needs.filter(({ datasets }) => datasets.size > 0).map((need) => [need.sourceType, need.datasets]);
}

function requirementNeeds(workspace: Workspace, requirement: Requirement, asked: Asked): Need {
  let need: Need = { sourceType: "", datasets: new Set(), possible: false };
  for (const sourceType of sourceTypesOf(requirement)) {
    const index = indexOf(workspace, sourceType);
    if (index === undefined) continue;
    const constraints = constraintsOn(requirement, sourceType, { ignored: asked.ignored });
    need = groupNeeds(index, requirement, { constraints, asked });
    if (need.possible) return need;
  }
  return need;
}

function groupNeeds(
  index: TableIndex,
  requirement: Requirement,
  { constraints, asked }: { readonly constraints: readonly Constraint[]; readonly asked: Asked },
): Need {
  const { sourceType } = index.table;
  const header = new Set(
    asked.input.sourceTypes
      ?.find(({ name }) => name === sourceType)
      ?.facets.filter(({ origin }) => origin === "header")
      .map(({ name }) => name),
  );
  const reads = constraints.map((constraint) => readsHeader(constraint, header));
  const datasets = new Set<number>();
  let possible = false;
  const rows = selectDatasets(index, requirement.filters);
  for (const group of groupDatasets(index, rows, requirement)) {
    const unopened = walk(group.datasets, constraints, { index, reads });
    if (unopened !== undefined) possible = true;
    for (const dataset of unopened ?? []) datasets.add(dataset);
  }
  return { sourceType, datasets, possible };
}

/**
 * Applies constraints until one needs a dataset opened.
 * @returns the datasets to be opened; none: the group survived; undefined: it did not
 */
function walk(
  group: Int32Array,
  constraints: readonly Constraint[],
  { index, reads }: { readonly index: TableIndex; readonly reads: readonly boolean[] },
): readonly number[] | undefined {
  let datasets = group;
  for (const [at, constraint] of constraints.entries()) {
    const visible = reads[at] === true ? visibleTo(constraint, datasets, index) : [];
    const unopened = visible.filter((dataset) => index.table.finalised[dataset] === 0);
    if (unopened.length > 0) return unopened;
    datasets = applyOrKeep(datasets, constraint, index);
    if (datasets.length === 0) return undefined;
  }
  return [];
}

/** A user's constraint that fails has its error told by the solve itself; here it opens nothing. */
function applyOrKeep(group: Int32Array, constraint: Constraint, index: TableIndex): Int32Array {
  try {
    return applyConstraint(group, constraint, { index });
  } catch (error) {
    if (!isAlmanacError(error, "PROVIDER_INVALID")) throw error;
    return group;
  }
}

function visibleTo(constraint: Constraint, group: Int32Array, index: TableIndex): readonly number[] {
  const beyond = constraint.kind === "custom" && Object.keys(constraint.footprint).length > 0;
  return beyond ? [...group, ...selectDatasets(index, [constraint.footprint])] : [...group];
}

function readsHeader(constraint: Constraint, header: ReadonlySet<string>): boolean {
  switch (constraint.kind) {
    case "addParent":
    case "requireTimerange":
    case "requireContiguousTimerange":
    case "requireOverlappingTimerange":
      return true;
    case "custom":
      return constraint.needsHeader;
    default:
      return facetsOfConstraint(constraint).some((facet) => header.has(facet));
  }
}
