import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import type { Selector } from "../execution/definition.ts";
import type { Remedy } from "./explanation.ts";
import { nearMisses } from "./near-miss.ts";
import type { Rejection } from "./rejection.ts";
import { codeOf, facetCodes, facetValue, posting, type TableIndex } from "./table-index.ts";

/** What a group's remedies are derived from. */
export interface Rejected {
  readonly index: TableIndex;
  readonly selector: Selector;
  readonly trail: readonly Rejection[];
  readonly requirement: Requirement;
}

/**
 * What would have let a rejected group survive. Begins at what removed the last of it and follows each missing value
 * back to the earlier step that removed it, if one did; what was removed without being missed later needs no remedy.
 */
export function remediesOf(rejected: Rejected): readonly Remedy[] {
  const last = rejected.trail.at(-1);
  if (last === undefined) return [];
  const fatal = rejected.trail.filter(({ constraint }) => constraint === last.constraint);
  const remedies = bestOf(fatal).flatMap((rejection) => remediesFor(rejection, rejected));
  const texts = remedies.map((remedy) => JSON.stringify(remedy));
  return remedies.filter((_, at) => texts.indexOf(texts[at] as string) === at);
}

/** Of several sub-groups that lack values it is enough to complete the one that lacks fewest. */
function bestOf(fatal: readonly Rejection[]): readonly Rejection[] {
  const lacking = fatal.filter((rejection) => rejection.kind === "values-missing");
  if (lacking.length !== fatal.length || lacking.length < 2) return fatal;
  return [lacking.reduce((best, each) => (each.missing.length < best.missing.length ? each : best))];
}

type Of<K extends Rejection["kind"]> = Extract<Rejection, { readonly kind: K }>;

/** How each kind of rejection is remedied. */
const remediesByKind = {
  "values-missing": valuesRemedies,
  "parent-missing": ({ parent }, { index }) => [addDataset(index, lists(parent))],
  "facet-missing": ({ facet, datasets }) => [{ kind: "set-facet", facet, datasets }],
  ignored: ({ datasets }) => [{ kind: "do-not-ignore", datasets }],
  "starts-late": ({ required, file }) => [
    { kind: "add-files", dataset: file.dataset, from: required, to: file.start },
  ],
  "ends-early": ({ required, file }) => [
    { kind: "add-files", dataset: file.dataset, from: file.end, to: required },
  ],
  gap: ({ after, before }) => [
    { kind: "add-files", dataset: after.dataset, from: after.end, to: before.start },
  ],
  "calendars-differ": ({ files }) => [{ kind: "same-calendar", files: [files[0].path, files[1].path] }],
  "no-overlap": ({ earliest, latest }) => [
    { kind: "add-files", dataset: earliest.dataset, from: earliest.end, to: latest.end },
  ],
  "other-member": () => [],
  custom: ({ constraint, reason }) => [{ kind: "meet-constraint", constraint, reason }],
} as const satisfies {
  readonly [K in Rejection["kind"]]: (rejection: Of<K>, rejected: Rejected) => readonly Remedy[];
};

function remediesFor(rejection: Rejection, rejected: Rejected): readonly Remedy[] {
  // The registry is complete by kind, which TypeScript cannot follow through an indexed union.
  const remedies = remediesByKind[rejection.kind] as (
    rejection: Rejection,
    rejected: Rejected,
  ) => readonly Remedy[];
  return remedies(rejection, rejected);
}

function valuesRemedies(rejection: Of<"values-missing">, rejected: Rejected): readonly Remedy[] {
  const { facet, missing, match, subgroup } = rejection;
  const add = (values: readonly string[]): Remedy => {
    const facets = {
      ...originOf(rejection, values[0] ?? "", rejected),
      ...lists(Object.fromEntries(rejected.selector)),
      ...lists(Object.fromEntries(subgroup)),
      [facet]: values,
    };
    return addDataset(rejected.index, facets, { fixed: [facet] });
  };
  if (match === "any") return [add(missing)];
  return missing.flatMap((value) => {
    const earlier = removedBefore(rejection, value, rejected);
    return earlier.length > 0 ? earlier.flatMap((each) => remediesFor(each, rejected)) : [add([value])];
  });
}

/** Facets that data with a value must have to come into the group: of the filter or the supplement that asks for it. */
function originOf(
  { facet, datasets }: Of<"values-missing">,
  value: string,
  { index, requirement }: Rejected,
): FacetFilter {
  const { filters, constraints } = requirement;
  const asking = filters.find((filter) => filter[facet]?.includes(value) === true);
  if (asking !== undefined) return asking;
  for (const constraint of constraints)
    if (constraint.kind === "addSupplementary" && constraint.facets[facet]?.includes(value) === true) {
      const example = posting(index, "instance_id", datasets[0] ?? "")[0];
      const matching = constraint.matching.flatMap((name) => {
        const shared = example === undefined ? undefined : facetValue(index, name, example);
        return shared === undefined ? [] : [[name, [shared]] as const];
      });
      return { ...Object.fromEntries(matching), ...constraint.facets };
    }
  return filters.find((filter) => filter[facet] === undefined) ?? {};
}

/** Earlier rejections that removed a dataset which has the value and belongs to the same sub-group. */
function removedBefore(
  rejection: Of<"values-missing">,
  value: string,
  { index, trail }: Rejected,
): readonly Rejection[] {
  const tests = rejection.subgroup.map(([facet, text]) => ({
    codes: facetCodes(index, facet),
    code: codeOf(index.table.facets.get(facet), text),
  }));
  const ids = new Set(
    [...posting(index, rejection.facet, value)]
      .filter((dataset) => tests.every(({ codes, code }) => codes[dataset] === code))
      .map((dataset) => index.table.ids[dataset] as string),
  );
  return trail
    .slice(0, trail.indexOf(rejection))
    .filter(({ datasets }) => datasets.some((id) => ids.has(id)));
}

/** The remedy of a dataset that is not there, with what comes nearest to it. */
export function addDataset(
  index: TableIndex,
  facets: FacetFilter,
  { fixed = [] }: { readonly fixed?: readonly string[] } = {},
): Remedy {
  return {
    kind: "add-dataset",
    sourceType: index.table.sourceType,
    facets,
    nearMisses: nearMisses(index, facets, { fixed }),
  };
}

function lists(values: Readonly<Record<string, string>>): FacetFilter {
  return Object.fromEntries(Object.entries(values).map(([facet, value]) => [facet, [value]]));
}
