import type { Constraint, FacetFilter } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import { constraintsOn, emptyingFilter, type IgnoredFacets } from "./answer.ts";
import { labelOf } from "./combine.ts";
import { constraintText, filterText, valuesText } from "./constraint-text.ts";
import { constraintStep } from "./constraints/apply.ts";
import { idsOf } from "./constraints/context.ts";
import type { FunnelStep, NearMiss, RejectedGroup, Remedy, RequirementExplanation } from "./explanation.ts";
import { type FollowedGroup, followGroup, followStep, unfollowed } from "./follow-group.ts";
import { nearMisses, unknownValues } from "./near-miss.ts";
import { mendRejected, mendUnselected } from "./remedies/mend.ts";
import type { Trial } from "./remedies/rehearse.ts";
import { filterSteps, groupDatasets, matcher, type SelectedGroup, selectDatasets } from "./select.ts";
import { noRows, type TableIndex } from "./table-index.ts";

/** What a requirement's explanation is narrowed to. */
export interface Narrowing {
  /** Facets of this source type: only rows that match, and groups that contain one. */
  readonly facets: FacetFilter;
  /** False: the group is not asked about. */
  readonly accepts: (group: SelectedGroup) => boolean;
}

/** A requirement's explanation without what only its set tells. */
export type LoneExplanation = Omit<RequirementExplanation, "lonely">;

/** Follows one requirement on one source type step by step. */
export function explainRequirement(
  index: TableIndex | undefined,
  requirement: Requirement,
  {
    sourceType,
    ignored,
    narrowing,
  }: {
    readonly sourceType: string;
    readonly ignored: IgnoredFacets | undefined;
    readonly narrowing: Narrowing;
  },
): LoneExplanation {
  const shared = { requirement: labelOf(requirement), sourceType, optional: requirement.optional === true };
  if (index === undefined || index.latest.length === 0) {
    const remedies: readonly Remedy[] = [{ kind: "add-source-type", sourceType }];
    return { ...shared, funnel: [], removedBy: "catalog", ...nothing, remedies };
  }
  const constraints = constraintsOn(requirement, sourceType, { ignored });
  const concerned = index.latest.filter(matcher(index, narrowing.facets));
  const rows = selectDatasets(index, requirement.filters).filter(matcher(index, narrowing.facets));
  const selection = selectionFunnel(index, requirement, { asked: concerned, narrowing });
  if (rows.length === 0)
    return { ...shared, ...unselected(index, requirement, { funnel: selection, narrowing, constraints }) };
  const matches = matcher(index, narrowing.facets);
  const groups = groupDatasets(index, selectDatasets(index, requirement.filters), requirement).filter(
    (group) => group.datasets.some(matches) && narrowing.accepts(group),
  );
  const asked = { requirement, constraints };
  const { steps, rejected, left } = followGroups(index, groups, asked);
  const funnel = [...selection, ...steps];
  const removedBy = steps.find(({ groups: count }) => count === 0)?.step;
  const leftOut = groupsWithout(index, left, { ...asked, matches, groups });
  return {
    ...shared,
    funnel,
    ...(removedBy === undefined ? {} : { removedBy }),
    ...nothing,
    rejected,
    leftOut,
  };
}

const nothing = {
  rejected: [] as readonly RejectedGroup[],
  nearMisses: [] as readonly NearMiss[],
  unknownValues: [] as RequirementExplanation["unknownValues"],
  leftOut: [] as readonly RejectedGroup[],
  remedies: [] as readonly Remedy[],
  enough: false,
};

function step(
  index: TableIndex,
  { name, asks = "" }: { readonly name: string; readonly asks?: string },
  datasets: Iterable<number>,
): FunnelStep {
  const { fileOffsets } = index.table;
  let count = 0;
  let files = 0;
  for (const dataset of datasets) {
    count++;
    files += (fileOffsets[dataset + 1] as number) - (fileOffsets[dataset] as number);
  }
  return { step: name, datasets: count, files, ...(asks === "" ? {} : { asks }) };
}

function selectionFunnel(
  index: TableIndex,
  requirement: Requirement,
  { asked, narrowing }: { readonly asked: Int32Array; readonly narrowing: Narrowing },
): readonly FunnelStep[] {
  const narrowed = Object.keys(narrowing.facets).length > 0;
  const several = requirement.filters.length > 1;
  const whole = { name: "catalog" };
  const wanted = { name: "asked for", asks: filterText(narrowing.facets) };
  if (asked.length === 0) return [step(index, whole, index.latest), step(index, wanted, asked)];
  return [
    step(index, whole, index.latest),
    ...(narrowed ? [step(index, wanted, asked)] : []),
    ...requirement.filters.flatMap((filter, at) =>
      filterSteps(index, filter, { rows: asked }).map(({ facet, rows }) =>
        step(
          index,
          {
            name: several ? `filter ${at + 1} ${facet}` : `filter ${facet}`,
            asks: valuesText(filter[facet]),
          },
          rows,
        ),
      ),
    ),
  ];
}

function unselected(
  index: TableIndex,
  requirement: Requirement,
  {
    funnel,
    narrowing,
    constraints,
  }: {
    readonly funnel: readonly FunnelStep[];
    readonly narrowing: Narrowing;
    readonly constraints: readonly Constraint[];
  },
): Omit<LoneExplanation, "requirement" | "sourceType" | "optional"> {
  const fixed = Object.keys(narrowing.facets);
  const wanted = requirement.filters.map((filter) => ({ ...filter, ...narrowing.facets }));
  const emptied = funnel.find(({ datasets }) => datasets === 0)?.step;
  return {
    ...nothing,
    funnel,
    removedBy: emptied ?? emptyingFilter(index, requirement),
    nearMisses: wanted.filter(allowsAny).flatMap((filter) => nearMisses(index, filter, { fixed })),
    unknownValues: wanted.flatMap((filter) => unknownValues(index, filter)),
    ...mendUnselected({ index, requirement, constraints, asked: narrowing.facets }),
  };
}

/** False for a filter that allows no value of some facet: nothing is near to nothing. */
function allowsAny(filter: FacetFilter): boolean {
  return Object.values(filter).every((values) => values.length > 0);
}

/** The groups after each constraint, and those of which a constraint left nothing. */
function followGroups(
  index: TableIndex,
  groups: readonly SelectedGroup[],
  {
    requirement,
    constraints,
  }: { readonly requirement: Requirement; readonly constraints: readonly Constraint[] },
): {
  readonly steps: readonly FunnelStep[];
  readonly rejected: readonly RejectedGroup[];
  readonly left: readonly FollowedGroup[];
} {
  let left: readonly FollowedGroup[] = groups.map(unfollowed);
  const steps: FunnelStep[] = [
    groupStep(index, { name: "group-by", asks: requirement.groupBy.join(", ") }, left),
  ];
  const rejected: RejectedGroup[] = [];
  const selected = new Map(groups.map((group) => [group.selector, group]));
  for (const constraint of constraints) {
    const after = left.map((group) => followStep(index, group, constraint));
    for (const followed of after)
      if (followed.step !== undefined)
        rejected.push(
          rejectedGroup(followed, {
            index,
            requirement,
            constraints,
            group: selected.get(followed.selector),
          }),
        );
    left = after.filter(({ step: gone }) => gone === undefined);
    steps.push(
      groupStep(index, { name: constraintStep(constraint), asks: constraintText(constraint) }, left),
    );
  }
  return { steps, rejected, left };
}

function rejectedGroup(followed: FollowedGroup, trial: Trial): RejectedGroup {
  const { selector, step: gone = "", trail } = followed;
  return { selector, step: gone, trail, ...mendRejected(trial, followed) };
}

/**
 * Groups that survive without any of the data asked for. How that data fares is told as if it were alone in the group; data
 * that would survive alone, and is lost only beside the rest, is told with what removed it there.
 */
function groupsWithout(
  index: TableIndex,
  left: readonly FollowedGroup[],
  {
    matches,
    groups,
    requirement,
    constraints,
  }: {
    readonly matches: (dataset: number) => boolean;
    readonly groups: readonly SelectedGroup[];
    readonly requirement: Requirement;
    readonly constraints: readonly Constraint[];
  },
): readonly RejectedGroup[] {
  const selected = new Map(groups.map((group) => [group.selector, group.datasets]));
  return left
    .filter(({ datasets }) => !datasets.some(matches))
    .map(({ selector, trail }) => {
      const group = { selector, datasets: (selected.get(selector) ?? noRows).filter(matches) };
      const alone = followGroup(index, group, constraints);
      if (alone.step !== undefined) return rejectedGroup(alone, { index, requirement, constraints, group });
      const ids = new Set(idsOf(index, group.datasets));
      const own = trail.filter(({ datasets }) => datasets.some((id) => ids.has(id)));
      return { selector, step: own.at(-1)?.constraint ?? "", trail: own, remedies: [], enough: false };
    });
}

function groupStep(
  index: TableIndex,
  { name, asks }: { readonly name: string; readonly asks: string },
  groups: readonly FollowedGroup[],
): FunnelStep {
  const datasets = new Set(groups.flatMap((group) => [...group.datasets]));
  return { ...step(index, { name, asks }, datasets), groups: groups.length };
}
