import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import { constraintsOn, emptyingFilter, type IgnoredFacets } from "./answer.ts";
import { labelOf } from "./combine.ts";
import { applyConstraint, constraintStep } from "./constraints/apply.ts";
import type { FunnelStep, NearMiss, RejectedGroup, Remedy, RequirementExplanation } from "./explanation.ts";
import { nearMisses, unknownValues } from "./near-miss.ts";
import type { Rejection } from "./rejection.ts";
import { addDataset, remediesOf } from "./remedy.ts";
import { filterSteps, groupDatasets, matcher, type SelectedGroup, selectDatasets } from "./select.ts";
import type { TableIndex } from "./table-index.ts";

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
  const asked = index.latest.filter(matcher(index, narrowing.facets));
  const rows = selectDatasets(index, requirement.filters).filter(matcher(index, narrowing.facets));
  const selection = selectionFunnel(index, requirement, { asked, narrowing });
  if (rows.length === 0)
    return { ...shared, ...unselected(index, requirement, { funnel: selection, narrowing }) };
  const matches = matcher(index, narrowing.facets);
  const groups = groupDatasets(index, selectDatasets(index, requirement.filters), requirement).filter(
    (group) => group.datasets.some(matches) && narrowing.accepts(group),
  );
  const { steps, rejected } = followGroups(index, groups, {
    requirement,
    constraints: constraintsOn(requirement, sourceType, { ignored }),
  });
  const funnel = [...selection, ...steps];
  const removedBy = funnel.find(({ groups: left, datasets }) => left === 0 || datasets === 0)?.step;
  return { ...shared, funnel, ...(removedBy === undefined ? {} : { removedBy }), ...nothing, rejected };
}

const nothing = {
  rejected: [] as readonly RejectedGroup[],
  nearMisses: [] as readonly NearMiss[],
  unknownValues: [] as RequirementExplanation["unknownValues"],
  remedies: [] as readonly Remedy[],
};

function step(index: TableIndex, name: string, datasets: Iterable<number>): FunnelStep {
  const { fileOffsets } = index.table;
  let count = 0;
  let files = 0;
  for (const dataset of datasets) {
    count++;
    files += (fileOffsets[dataset + 1] as number) - (fileOffsets[dataset] as number);
  }
  return { step: name, datasets: count, files };
}

function selectionFunnel(
  index: TableIndex,
  requirement: Requirement,
  { asked, narrowing }: { readonly asked: Int32Array; readonly narrowing: Narrowing },
): readonly FunnelStep[] {
  const narrowed = Object.keys(narrowing.facets).length > 0;
  const several = requirement.filters.length > 1;
  if (asked.length === 0) return [step(index, "catalog", index.latest), step(index, "asked for", asked)];
  return [
    step(index, "catalog", index.latest),
    ...(narrowed ? [step(index, "asked for", asked)] : []),
    ...requirement.filters.flatMap((filter, at) =>
      filterSteps(index, filter, { rows: asked }).map(({ facet, rows }) =>
        step(index, several ? `filter ${at + 1} ${facet}` : `filter ${facet}`, rows),
      ),
    ),
  ];
}

function unselected(
  index: TableIndex,
  requirement: Requirement,
  { funnel, narrowing }: { readonly funnel: readonly FunnelStep[]; readonly narrowing: Narrowing },
): Pick<LoneExplanation, "funnel" | "rejected" | "nearMisses" | "unknownValues" | "remedies" | "removedBy"> {
  const fixed = Object.keys(narrowing.facets);
  const wanted = requirement.filters.map((filter) => ({ ...filter, ...narrowing.facets }));
  const emptied = funnel.find(({ datasets }) => datasets === 0)?.step;
  return {
    ...nothing,
    funnel,
    removedBy: emptied ?? emptyingFilter(index, requirement),
    nearMisses: wanted.flatMap((filter) => nearMisses(index, filter, { fixed })),
    unknownValues: wanted.flatMap((filter) => unknownValues(index, filter)),
    remedies: wanted.slice(0, 1).map((filter) => addDataset(index, filter, { fixed })),
  };
}

interface Following {
  readonly selector: SelectedGroup["selector"];
  readonly datasets: Int32Array;
  readonly trail: readonly Rejection[];
}

function followGroups(
  index: TableIndex,
  groups: readonly SelectedGroup[],
  {
    requirement,
    constraints,
  }: { readonly requirement: Requirement; readonly constraints: ReturnType<typeof constraintsOn> },
): { readonly steps: readonly FunnelStep[]; readonly rejected: readonly RejectedGroup[] } {
  let left: readonly Following[] = groups.map((group) => ({ ...group, trail: [] }));
  const steps: FunnelStep[] = [groupStep(index, "group-by", left)];
  const rejected: RejectedGroup[] = [];
  for (const constraint of constraints) {
    const after = left.map((group): Following => {
      const noted: Rejection[] = [];
      const context = { index, note: (rejection: Rejection) => void noted.push(rejection) };
      const datasets = applyConstraint(group.datasets, constraint, context);
      return { selector: group.selector, datasets, trail: [...group.trail, ...noted] };
    });
    const name = constraintStep(constraint);
    for (const { selector, datasets, trail } of after)
      if (datasets.length === 0) {
        const remedies = remediesOf({ index, selector, trail, requirement });
        rejected.push({ selector, step: name, trail, remedies });
      }
    left = after.filter(({ datasets }) => datasets.length > 0);
    steps.push(groupStep(index, name, left));
  }
  return { steps, rejected };
}

function groupStep(index: TableIndex, name: string, groups: readonly Following[]): FunnelStep {
  const datasets = new Set(groups.flatMap((group) => [...group.datasets]));
  return { ...step(index, name, datasets), groups: groups.length };
}
