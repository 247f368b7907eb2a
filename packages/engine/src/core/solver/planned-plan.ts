import type { Snapshot, SourceTable } from "../catalog/snapshot.ts";
import { digestOf } from "../identity/digest.ts";
import type { Plan } from "./plan.ts";
import { type PlannedDecision, type PlannedPlan, plannedDecision } from "./plan-difference.ts";

/** Hex digits kept of a digest: only datasets of one id are compared. */
const keptDigits = 16;

/** A plan for comparing it with another, made from the same snapshot. */
export function plannedPlan(
  { decisions: decided }: Pick<Plan, "decisions">,
  snapshot: Snapshot,
): PlannedPlan {
  const decisions = decided.map(plannedDecision);
  return { decisions, contents: datasetContents(decisions, snapshot) };
}

/**
 * What the files of the planned datasets hold: dataset id → digest of the content ids of its files. Lets two plans say
 * which of the same datasets got other files.
 */
function datasetContents(
  decisions: readonly PlannedDecision[],
  { tables }: Snapshot,
): Readonly<Record<string, string>> {
  const planned = new Set(decisions.flatMap(({ datasets }) => datasets));
  const contents = new Map<string, (readonly string[])[]>();
  for (const table of tables.values())
    for (const [dataset, id] of table.ids.entries())
      if (planned.has(id)) contents.set(id, [...(contents.get(id) ?? []), contentIdsOf(table, dataset)]);
  return Object.fromEntries(
    [...contents].map(([id, all]) => [id, digestOf(all.map((each) => [...each])).slice(0, keptDigits)]),
  );
}

function contentIdsOf({ fileOffsets, contentIds }: SourceTable, dataset: number): readonly string[] {
  return contentIds.slice(fileOffsets[dataset], fileOffsets[dataset + 1]);
}
