import type { FacetFilter } from "../../diagnostic/constraint.ts";
import type { Mending, Remedy } from "../explanation.ts";
import type { FollowedGroup } from "../follow-group.ts";
import { nearMisses } from "../near-miss.ts";
import { distinctRemedies, remediesOf } from "../remedy.ts";
import { noRows } from "../table-index.ts";
import { firstDataset } from "./first-dataset.ts";
import { addedId } from "./mended-datasets.ts";
import { tellingFacets } from "./naming.ts";
import { addedIds, rehearse, succeeds, type Trial } from "./rehearse.ts";

/** So often what lacks next is looked for; further than any chain of constraints seen. */
const rounds = 12;

/** So many remedies are each tried to be left out. */
const prunable = 12;

/**
 * Everything that lets a rejected group survive: what it lacks first, then what it would lack with that, and so on until a
 * rehearsal on the catalog as it would be succeeds. Nothing that turns out not to be needed is named.
 */
export function mendRejected(trial: Trial, followed: FollowedGroup): Mending {
  const { index, requirement } = trial;
  return mend(trial, remediesOf({ index, requirement, ...followed }));
}

/** What lets a requirement that selects nothing of what was asked have a group. */
export function mendUnselected(trial: Omit<Trial, "group">): Mending {
  const { index, requirement, asked = {} } = trial;
  const { sourceType } = index.table;
  const filter = requirement.filters.find((each) => excluding(each, asked).length === 0);
  const [chosen = {}] = filter === undefined ? requirement.filters : [filter];
  const widening = excluding(chosen, asked).map(
    (facet): Remedy => ({ kind: "widen-filter", sourceType, facet, allowed: chosen[facet] ?? [] }),
  );
  const added = firstDataset(index, requirement, { ...chosen, ...asked });
  return mend({ ...trial, group: undefined }, [...widening, added]);
}

function mend(trial: Trial, first: readonly Remedy[]): Mending {
  let remedies = first;
  for (let round = 0; round < rounds; round++) {
    if (remedies.length === 0) break;
    const rehearsal = rehearse(trial, remedies);
    if (succeeds(trial, rehearsal))
      return { remedies: finished(needed(trial, remedies), trial), enough: true };
    const { group } = rehearsal;
    const more = group === undefined ? [] : remediesOf({ ...rehearsal, ...group });
    const further = distinctRemedies([...remedies, ...more]);
    if (further.length === remedies.length) break;
    remedies = further;
  }
  return { remedies: finished(remedies, trial), enough: false };
}

/** Facets of which a filter allows no value, or none of those asked for. */
function excluding(filter: FacetFilter, asked: FacetFilter): readonly string[] {
  return Object.entries(filter)
    .filter(([facet, values]) => !values.some((value) => asked[facet]?.includes(value) ?? true))
    .map(([facet]) => facet);
}

/** Those without which the group does not survive, tried from the last on; the places of the others do not matter. */
function needed(trial: Trial, remedies: readonly Remedy[]): readonly Remedy[] {
  if (remedies.length < 2 || remedies.length > prunable) return remedies;
  let left = remedies;
  for (const remedy of remedies.toReversed()) {
    if (remedy.kind === "set-facet" || isAmended(remedy, remedies)) continue;
    const fewer = left.filter((each) => each !== remedy);
    if (fewer.length > 0 && succeeds(trial, rehearse(trial, fewer))) left = fewer;
  }
  return left;
}

/** True for a dataset to be added of which a later remedy says more. */
function isAmended(remedy: Remedy, remedies: readonly Remedy[]): boolean {
  if (remedy.kind !== "add-dataset") return false;
  const id = addedId(remedy);
  return remedies.some((each) => each.kind === "set-facet" && each.datasets.includes(id));
}

/** Remedies as they are told: facets of added datasets with these, and what comes nearest to each. */
function finished(remedies: readonly Remedy[], { index, group, asked = {} }: Trial): readonly Remedy[] {
  const ids = addedIds(remedies);
  const near = { fixed: Object.keys(asked), except: group?.datasets ?? noRows };
  return remedies.flatMap((remedy): readonly Remedy[] => {
    if (remedy.kind === "set-facet") {
      const datasets = remedy.datasets.filter((id) => !ids.has(id));
      return datasets.length === 0 ? [] : [{ ...remedy, datasets }];
    }
    if (remedy.kind !== "add-dataset") return [remedy];
    const set = remedies.flatMap((each) =>
      each.kind === "set-facet" && each.datasets.includes(addedId(remedy)) ? [each.facet] : [],
    );
    const anyValue = [...new Set([...remedy.anyValue, ...set])];
    return [{ ...remedy, anyValue, nearMisses: nearMisses(index, sought(remedy.facets), near) }];
  });
}

/** What is looked for nearby: not the parent that a run would have to name. */
function sought(facets: FacetFilter): FacetFilter {
  const named = Object.entries(tellingFacets(facets)).filter(([facet]) => !facet.startsWith("parent_"));
  return Object.fromEntries(named);
}
