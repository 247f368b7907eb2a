import type { Constraint, FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import type { Selector } from "../../execution/definition.ts";
import type { Remedy } from "../explanation.ts";
import { facetValue, type TableIndex } from "../table-index.ts";

/** Stands for the value of a facet of which it only matters that it is known. */
export const anyFacetValue = "any";

/** What a dataset that is not there would have to be like. */
export type DatasetRemedy = Extract<Remedy, { readonly kind: "add-dataset" }>;

/** The remedy of a dataset that is not there; facets whose value does not matter are told apart. */
export function datasetRemedy(
  sourceType: string,
  facets: FacetFilter,
  { anyValue = [], role }: { readonly anyValue?: readonly string[]; readonly role?: "parent" } = {},
): DatasetRemedy {
  const named = Object.entries(facets).filter(([, values]) => values.join() !== anyFacetValue);
  const open = Object.keys(facets).filter((facet) => facets[facet]?.join() === anyFacetValue);
  // Every dataset has an id.
  const others = anyValue.filter((facet) => facet !== "instance_id");
  return {
    kind: "add-dataset",
    sourceType,
    ...(role === undefined ? {} : { role }),
    facets: Object.fromEntries(named),
    anyValue: [...new Set([...open, ...others])].filter(
      (facet) => open.includes(facet) || !(facet in facets),
    ),
    nearMisses: [],
  };
}

/** Facets that identify a dataset rather than describe it: another dataset has others. */
const ownFacets = ["instance_id", "version"];

/** Facets that decide where a dataset of a requirement belongs: of its group, sub-groups, and parents. */
export function placingFacets({ groupBy, constraints }: Requirement): readonly string[] {
  const all = [...groupBy, ...constraints.flatMap(facetsOf)];
  return [...new Set(all)].filter((facet) => !ownFacets.includes(facet));
}

function facetsOf(constraint: Constraint): readonly string[] {
  if (constraint.kind === "addParent") return Object.entries(constraint.map).flat();
  return "groupBy" in constraint ? constraint.groupBy : [];
}

/** What a dataset has of some facets, as a filter. */
// allow-parameters: table, row and facets are the natural order of a lookup
export function facetsAt(index: TableIndex, dataset: number, names: readonly string[]): FacetFilter {
  const found = names.flatMap((name) => {
    const value = facetValue(index, name, dataset);
    return value === undefined ? [] : [[name, [value]] as const];
  });
  return Object.fromEntries(found);
}

/** A selector, or other values, as a filter. */
export function lists(values: Readonly<Record<string, string>> | Selector): FacetFilter {
  const entries: Selector = Array.isArray(values) ? (values as Selector) : Object.entries(values);
  return Object.fromEntries(entries.map(([facet, value]) => [facet, [value]]));
}

/**
 * The facets of a dataset without those that say again what another one says: a variant that is also the member, and
 * parents' facets that are the dataset's own.
 */
export function tellingFacets(facets: FacetFilter): FacetFilter {
  const entries = Object.entries(facets).filter(([name, values]) => {
    const other = name === "variant_label" ? "member_id" : name.replace(/^parent_/, "");
    return other === name || facets[other]?.join() !== values.join();
  });
  return Object.fromEntries(entries);
}

/** True if a branded variable is one of a variable. */
export function isBranded(branded: string, variable: string): boolean {
  return branded.startsWith(`${variable}_`);
}
