import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Selector } from "../execution/definition.ts";

/** A file named with what it covers. */
export interface NamedFile {
  readonly dataset: string;
  readonly path: string;
  /** `YYYY-MM-DD HH:MM:SS` in its own calendar. */
  readonly start: string;
  readonly end: string;
  readonly calendar?: string;
}

/** A sub-group that does not reach one end of the required range. */
interface OutsideRange<K extends "starts-late" | "ends-early"> {
  readonly kind: K;
  readonly constraint: "requireTimerange";
  /** The limit as text, such as `1850-01`. */
  readonly required: string;
  readonly file: NamedFile;
  readonly subgroup: Selector;
  readonly datasets: readonly string[];
}

/**
 * What files say of the parent of a run that has none.
 * @source CMIP6 controlled vocabularies, experiment_id, parent_experiment_id
 */
export const noParent = "no parent";

/** Why a constraint removed datasets or a whole group, as data. `datasets` are the ids that it removed. */
export type Rejection =
  | {
      readonly kind: "values-missing";
      readonly constraint: "requireFacets";
      readonly facet: string;
      /** What must occur, what does, and whether all or any of it must. */
      readonly missing: readonly string[];
      readonly present: readonly string[];
      readonly match: "all" | "any";
      readonly subgroup: Selector;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "ignored";
      readonly constraint: "ignoreFacets";
      /** What is ignored. */
      readonly facets: FacetFilter;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "facet-missing";
      readonly constraint: "addParent" | "selectFirstMember" | "requireOverlappingTimerange";
      readonly facet: string;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "parent-missing";
      readonly constraint: "addParent";
      /** Facets of the parent looked for. */
      readonly parent: Readonly<Record<string, string>>;
      /** Of these, the facets that the child names; the others are the child's own. */
      readonly named: readonly string[];
      readonly datasets: readonly string[];
    }
  | OutsideRange<"starts-late">
  | OutsideRange<"ends-early">
  | {
      readonly kind: "gap";
      readonly constraint: "requireTimerange" | "requireContiguousTimerange";
      readonly after: NamedFile;
      readonly before: NamedFile;
      readonly days: number;
      readonly limitDays: number;
      readonly subgroup: Selector;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "calendars-differ";
      readonly constraint: "requireTimerange" | "requireContiguousTimerange";
      readonly files: readonly [NamedFile, NamedFile];
      readonly subgroup: Selector;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "no-overlap";
      readonly constraint: "requireOverlappingTimerange";
      /** The one that ends first and the one that starts last. */
      readonly earliest: NamedFile;
      readonly latest: NamedFile;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "other-member";
      readonly constraint: "selectFirstMember";
      readonly facet: string;
      readonly kept: string;
      readonly datasets: readonly string[];
    }
  | {
      readonly kind: "custom";
      readonly constraint: string;
      /** True if it rejected the group; false if it left these datasets out. */
      readonly whole: boolean;
      readonly reason: string;
      readonly datasets: readonly string[];
    };
