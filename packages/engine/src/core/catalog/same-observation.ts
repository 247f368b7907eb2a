import { compareCodeUnits } from "../identity/compare.ts";
import type { Dataset } from "./dataset.ts";
import { obs4mips, obs4ref } from "./obs4mips.ts";

const observational: ReadonlySet<string> = new Set([obs4mips.name, obs4ref.name]);

/** What makes an observation the same, whoever publishes it: all of the identity but the activity. */
const observedFacets = obs4mips.identityFacets.filter((name) => name !== "activity_id");

/**
 * Observations that are published more than once, as obs4MIPs and as obs4REF: of two different activities, or ingested
 * as two source types. Versions of one dataset are none.
 * @returns ids of each observation, in code-unit order
 */
export function sameObservations(
  datasets: readonly Pick<Dataset, "sourceType" | "id" | "facets">[],
): readonly (readonly string[])[] {
  const observed = datasets.filter(({ sourceType }) => observational.has(sourceType));
  const groups = Map.groupBy(observed, ({ facets }) =>
    JSON.stringify(observedFacets.map((name) => facets[name] ?? null)),
  );
  return [...groups.values()]
    .filter((group) => new Set(group.map(publisher)).size > 1)
    .map((group) => group.map(({ id }) => id).sort(compareCodeUnits))
    .sort((a, b) => compareCodeUnits(a[0] ?? "", b[0] ?? ""));
}

function publisher({ sourceType, facets }: Pick<Dataset, "sourceType" | "facets">): string {
  return JSON.stringify([sourceType, facets["activity_id"] ?? null]);
}
