import { buildTable } from "../../catalog/snapshot-builder.ts";
import type { Constraint, FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import { isAlmanacError } from "../../errors.ts";
import type { Remedy } from "../explanation.ts";
import { type FollowedGroup, followGroup } from "../follow-group.ts";
import { groupDatasets, matcher, type SelectedGroup, selectDatasets } from "../select.ts";
import { indexTable, noRows, type TableIndex } from "../table-index.ts";
import { addedId, mendedDatasets } from "./mended-datasets.ts";
import { relatedDatasets } from "./related-rows.ts";

/** What remedies are tried for. */
export interface Trial {
  /** The catalog as it is. */
  readonly index: TableIndex;
  readonly requirement: Requirement;
  readonly constraints: readonly Constraint[];
  /** The group that is to survive; undefined: nothing was selected, and any group with what is added will do. */
  readonly group: SelectedGroup | undefined;
  /** Where nothing was selected: facets that the group must contain, beside those of the filters. */
  readonly asked?: FacetFilter;
}

/** How it would go with some remedies. */
export interface Rehearsal {
  /** The catalog as it would be, as far as it matters. */
  readonly index: TableIndex;
  readonly requirement: Requirement;
  /** The group as it would be; undefined: none is formed. */
  readonly group: FollowedGroup | undefined;
}

/** Follows a group through its constraints in the catalog as it would be with some remedies. */
export function rehearse(trial: Trial, remedies: readonly Remedy[]): Rehearsal {
  const constraints = trial.constraints.filter((constraint) => !isLifted(constraint, remedies));
  const requirement = widened(trial.requirement, remedies);
  const index = mendedIndex({ ...trial, requirement }, remedies);
  const added = addedIds(remedies);
  const groups = groupDatasets(index, selectDatasets(index, requirement.filters), requirement);
  const followed = groupsMeant(trial, { index, groups, added }).flatMap(
    (group) => followedThrough(index, group, constraints) ?? [],
  );
  const best = followed.find(({ step }) => step === undefined) ?? followed[0];
  return { index, requirement, group: best };
}

/**
 * The group followed through its constraints; undefined where one of the user's own throws: it need not cope with data that
 * there is not.
 */
// allow-parameters: where, which group and what is applied to it
function followedThrough(
  index: TableIndex,
  group: SelectedGroup,
  constraints: readonly Constraint[],
): FollowedGroup | undefined {
  try {
    return followGroup(index, group, constraints);
  } catch (error) {
    if (isAlmanacError(error, "PROVIDER_INVALID")) return undefined;
    throw error;
  }
}

/** True if the group survives, and with data of its own: what is added is to complete it, not to take its place. */
export function succeeds({ group: before, index }: Trial, { group, index: now }: Rehearsal): boolean {
  if (group === undefined || group.step !== undefined) return false;
  if (before === undefined) return true;
  const ids = new Set([...before.datasets].map((row) => index.table.ids[row] as string));
  return [...group.datasets].some((row) => ids.has(now.table.ids[row] as string));
}

/** Ids of the datasets that remedies would add. */
export function addedIds(remedies: readonly Remedy[]): ReadonlySet<string> {
  return new Set(remedies.flatMap((remedy) => (remedy.kind === "add-dataset" ? [addedId(remedy)] : [])));
}

function isLifted(constraint: Constraint, remedies: readonly Remedy[]): boolean {
  return (
    constraint.kind === "ignoreFacets" &&
    remedies.some(
      (remedy) =>
        remedy.kind === "do-not-ignore" &&
        JSON.stringify(remedy.facets) === JSON.stringify(constraint.facets),
    )
  );
}

function widened(requirement: Requirement, remedies: readonly Remedy[]): Requirement {
  const gone = new Set(remedies.flatMap((remedy) => (remedy.kind === "widen-filter" ? [remedy.facet] : [])));
  if (gone.size === 0) return requirement;
  const filters = requirement.filters.map((filter) =>
    Object.fromEntries(Object.entries(filter).filter(([facet]) => !gone.has(facet))),
  );
  return { ...requirement, filters };
}

function mendedIndex(
  { index, requirement, constraints, group }: Trial,
  remedies: readonly Remedy[],
): TableIndex {
  if (remedies.every(({ kind }) => kind === "do-not-ignore" || kind === "widen-filter")) return index;
  const { sourceType } = index.table;
  const base = relatedDatasets(index, group?.datasets ?? noRows, { requirement, constraints, remedies });
  // Of a catalog's datasets only the latest are there, and what is added is another dataset than any of them.
  const declaration = { name: sourceType, identityFacets: ["instance_id"] };
  return indexTable(buildTable(declaration, mendedDatasets(base, remedies, sourceType)));
}

/** The group of the trial with what is added; without one, those that hold something of what is added, or all. */
function groupsMeant(
  { group, index: before, asked = {} }: Trial,
  {
    index,
    groups,
    added,
  }: {
    readonly index: TableIndex;
    readonly groups: readonly SelectedGroup[];
    readonly added: ReadonlySet<string>;
  },
): readonly SelectedGroup[] {
  const idOf = (row: number): string => index.table.ids[row] as string;
  const isAsked = matcher(index, asked);
  if (group === undefined)
    return groups.filter(({ datasets }) =>
      datasets.some((row) => isAsked(row) && (index === before || added.has(idOf(row)))),
    );
  const ids = new Set([...group.datasets].map((row) => before.table.ids[row] as string));
  const name = JSON.stringify(group.selector);
  return groups
    .filter(({ selector }) => JSON.stringify(selector) === name)
    .map(({ selector, datasets }) => ({
      selector,
      datasets: datasets.filter((row) => ids.has(idOf(row)) || added.has(idOf(row))),
    }))
    .filter(({ datasets }) => datasets.length > 0);
}
