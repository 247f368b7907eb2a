import type { Facets } from "../catalog/dataset.ts";
import type { PartialDateTime } from "../time/partial-date-time.ts";

/** Facet → allowed values; a row matches when every facet's value is among its values. */
export type FacetFilter = Readonly<Record<string, readonly string[]>>;

/** Keep a sub-group if all (any) `values` occur in `facet`. */
export interface RequireFacets {
  readonly kind: "requireFacets";
  readonly facet: string;
  readonly values: readonly string[];
  readonly match: "all" | "any";
  readonly groupBy: readonly string[];
}

/** Remove rows that match all listed facets. */
export interface IgnoreFacets {
  readonly kind: "ignoreFacets";
  readonly facets: FacetFilter;
}

/** Add datasets such as cell areas that fit best to those of the group. Never rejects. */
export interface AddSupplementary {
  readonly kind: "addSupplementary";
  readonly facets: FacetFilter;
  readonly matching: readonly string[];
  readonly optional: readonly string[];
}

/** Add each dataset's parent; a child without parent is dropped. Maps facet → the facet that names the parent's. */
export interface AddParent {
  readonly kind: "addParent";
  readonly map: Readonly<Record<string, string>>;
}

/** Each sub-group must cover the range without a gap. */
export interface RequireTimerange {
  readonly kind: "requireTimerange";
  readonly groupBy: readonly string[];
  readonly start?: PartialDateTime;
  readonly end?: PartialDateTime;
  /** Whether spellings of one calendar count as equal; default `by-meaning`. */
  readonly calendars?: "by-meaning" | "by-spelling";
}

/** No gap over the limit inside any sub-group, and one calendar. */
export interface RequireContiguousTimerange {
  readonly kind: "requireContiguousTimerange";
  readonly groupBy: readonly string[];
  /** Whether spellings of one calendar count as equal; default `by-meaning`. */
  readonly calendars?: "by-meaning" | "by-spelling";
}

/** All sub-groups must overlap in time, else the whole group is dropped. */
export interface RequireOverlappingTimerange {
  readonly kind: "requireOverlappingTimerange";
  readonly groupBy: readonly string[];
}

/** Keep the first ensemble member by numeric (r, i, p, f) of each sub-group. */
export interface SelectFirstMember {
  readonly kind: "selectFirstMember";
  readonly facet: string;
  readonly groupBy: readonly string[];
}

/** One dataset as a user's own constraint sees it. */
export interface ConstraintDataset {
  readonly id: string;
  readonly facets: Facets;
  readonly files: readonly {
    readonly path: string;
    readonly start?: string;
    readonly end?: string;
    readonly calendar?: string;
  }[];
}

/**
 * A user's own constraint: a pure function over the group and, of the latest datasets of its source type, those of its
 * declared footprint (and the group's own).
 */
export interface CustomConstraint {
  readonly kind: "custom";
  readonly name: string;
  /** Facet values that can affect its answer beyond the group itself; an empty map: only the group. */
  readonly footprint: FacetFilter;
  /** Facets it reads that are known only after opening. */
  readonly needsHeader: boolean;
  /** Names what it does: with it, answers are kept from one solve to the next. */
  readonly version?: string;
  /** Ids of the datasets that make the group afterwards, or a rejection. Pure and deterministic. */
  readonly apply: (
    group: readonly ConstraintDataset[],
    catalog: readonly ConstraintDataset[],
  ) => { readonly keep: readonly string[] } | { readonly reject: string };
}

/** An operation on a group of datasets that keeps, narrows, widens or rejects it, with a reason. */
export type Constraint =
  | RequireFacets
  | IgnoreFacets
  | AddSupplementary
  | AddParent
  | RequireTimerange
  | RequireContiguousTimerange
  | RequireOverlappingTimerange
  | SelectFirstMember
  | CustomConstraint;
