import type { AddParent, AddSupplementary, Constraint } from "../diagnostic/constraint.ts";
import { matcher } from "./select.ts";
import { denseKeys, facetValue, memoised, type TableIndex } from "./table-index.ts";

/**
 * What a group's outcome depends on beyond its own datasets, as numbers: a constraint that looks into the catalog makes
 * one look-up per combination of facet values it asks for, and a dataset answers one per constraint. A group can be
 * reached by a changed dataset only if it belongs to it or if one of its look-ups is answered by it. Different look-ups
 * may share a number; a group is then computed once too often.
 */
export type Lookup = number;

/** Constraints that look beyond the group; of users' own those with a footprint. */
type Looking = Extract<Constraint, { readonly kind: "addSupplementary" | "addParent" | "custom" }>;

/** True if a constraint looks at datasets outside the group. */
export function looksBeyond(constraint: Constraint): constraint is Looking {
  if (constraint.kind === "custom") return Object.keys(constraint.footprint).length > 0;
  return constraint.kind === "addSupplementary" || constraint.kind === "addParent";
}

/**
 * The look-ups that a constraint makes for a group.
 * @param at place of the constraint among its requirement's
 */
export function lookupsMade(
  group: Int32Array,
  constraint: Looking,
  { index, at }: { readonly index: TableIndex; readonly at: number },
): readonly Lookup[] {
  if (constraint.kind === "custom") return [numberOf(at, [])];
  const facets = askingFacets(constraint);
  const keys = denseKeys(index, facets, { missing: "drop" });
  const known = memoised(index, `lookups ${at} ${JSON.stringify(facets)}`, () => new Map<number, Lookup>());
  const made = new Set<Lookup>();
  for (const dataset of group) {
    const key = keys[dataset] as number;
    if (key < 0) continue;
    const lookup = known.get(key) ?? numberOf(at, valuesOf(index, facets, dataset));
    known.set(key, lookup);
    made.add(lookup);
  }
  return [...made];
}

/** The look-up of a constraint that a dataset answers; undefined when it answers none. */
export function lookupAnswered(
  dataset: number,
  constraint: Looking,
  { index, at }: { readonly index: TableIndex; readonly at: number },
): Lookup | undefined {
  if (constraint.kind === "custom")
    return matcher(index, constraint.footprint)(dataset) ? numberOf(at, []) : undefined;
  if (constraint.kind === "addSupplementary" && !matcher(index, constraint.facets)(dataset)) return undefined;
  const values = valuesOf(index, answeringFacets(constraint), dataset);
  return values.includes(undefined) ? undefined : numberOf(at, values);
}

function askingFacets(constraint: AddSupplementary | AddParent): readonly string[] {
  return constraint.kind === "addParent" ? Object.values(constraint.map) : constraint.matching;
}

function answeringFacets(constraint: AddSupplementary | AddParent): readonly string[] {
  return constraint.kind === "addParent" ? Object.keys(constraint.map) : constraint.matching;
}

// allow-parameters: table, facets and row are the natural order of a look-up
function valuesOf(
  index: TableIndex,
  facets: readonly string[],
  dataset: number,
): readonly (string | undefined)[] {
  return facets.map((facet) => facetValue(index, facet, dataset));
}

/** FNV-1a over the texts, 32 bits: the same in every process. */
function numberOf(at: number, values: readonly (string | undefined)[]): Lookup {
  let hash = 0x811c9dc5 ^ at;
  for (const value of values) {
    for (let unit = 0; unit < (value?.length ?? 0); unit++)
      hash = Math.imul(hash ^ (value as string).charCodeAt(unit), 0x01000193);
    hash = Math.imul(hash ^ 0xffff, 0x01000193);
  }
  return hash | 0;
}
