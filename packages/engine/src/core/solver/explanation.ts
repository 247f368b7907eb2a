import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Selector } from "../execution/definition.ts";
import type { Decision } from "./plan.ts";
import type { Rejection } from "./rejection.ts";

/** What is left after one step of a requirement. */
export interface FunnelStep {
  /** `catalog`, `asked for`, `filter <facet>`, `group-by`, or a constraint. */
  readonly step: string;
  readonly datasets: number;
  readonly files: number;
  /** From `group-by` on. */
  readonly groups?: number;
  /** What the step asks for, such as `variable_id=tas,pr`. */
  readonly asks?: string;
}

/** Data that would fit if one facet had another value. */
export interface NearMiss {
  readonly facet: string;
  readonly wanted: readonly string[];
  /** Values that occur instead, most frequent first. */
  readonly found: readonly { readonly value: string; readonly datasets: number }[];
  /** All other facets, which agree. */
  readonly agreeing: FacetFilter;
}

/** Something that would let a group run. Where several remedies stand together, all are needed. */
export type Remedy =
  | { readonly kind: "add-source-type"; readonly sourceType: string }
  | {
      readonly kind: "add-dataset";
      readonly sourceType: string;
      /** Set when a run of the group needs it as its parent. */
      readonly role?: "parent";
      /** Facet → values, of which any will do. */
      readonly facets: FacetFilter;
      /** Further facets that must be known, whatever their value. */
      readonly anyValue: readonly string[];
      /** Times to be covered, where a constraint asks for a range. */
      readonly covering?: Covering;
      readonly nearMisses: readonly NearMiss[];
    }
  | {
      readonly kind: "add-files";
      readonly dataset: string;
      /** Times to be covered, as far as known: `YYYY-MM-DD HH:MM:SS`, or the leading fields. */
      readonly from?: string;
      readonly to?: string;
    }
  /** These files would have to be in the calendar of the others. */
  | { readonly kind: "same-calendar"; readonly calendar: string; readonly files: readonly string[] }
  | { readonly kind: "set-facet"; readonly facet: string; readonly datasets: readonly string[] }
  /** A constraint of the diagnostic's own accepts the group without these, which would have to be retracted. */
  | {
      readonly kind: "leave-out";
      readonly datasets: readonly string[];
      /** What they have in common, where they are more than one. */
      readonly facets: FacetFilter;
    }
  /** The clause of the ignore list, or of the diagnostic, that has exactly these facets would have to go. */
  | {
      readonly kind: "do-not-ignore";
      readonly origin: "ignore-list" | "diagnostic";
      readonly facets: FacetFilter;
      readonly datasets: readonly string[];
    }
  /** A filter that allows no value of a facet, or none that was asked for, can match nothing; the facet would have to go from it. */
  | {
      readonly kind: "widen-filter";
      readonly sourceType: string;
      readonly facet: string;
      readonly allowed: readonly string[];
    }
  | { readonly kind: "meet-constraint"; readonly constraint: string; readonly reason: string }
  | {
      readonly kind: "meet-requirement";
      readonly requirement: string;
      /** Facets that the requirements must have in common, with the values of this group. */
      readonly facets: FacetFilter;
      /** What meets it. */
      readonly remedies: readonly Remedy[];
    };

/** A range of times: `YYYY-MM-DD HH:MM:SS`, or the leading fields. */
export interface Covering {
  readonly from?: string;
  readonly to?: string;
  readonly calendar?: string;
}

/** What would let something run that does not. */
export interface Mending {
  /** All are needed. */
  readonly remedies: readonly Remedy[];
  /** True: tried on the catalog as it would be, and enough. False: they lead further, and what then lacks is not known. */
  readonly enough: boolean;
}

/** A group that a constraint rejected. */
export interface RejectedGroup extends Mending {
  readonly selector: Selector;
  /** The constraint that left nothing. */
  readonly step: string;
  /** Everything that was removed from it, in order; the last entries are those of `step`. */
  readonly trail: readonly Rejection[];
}

/** A group that survived its constraints and finds nothing to be combined with: its remedies name the requirements. */
export interface LonelyGroup extends Mending {
  readonly selector: Selector;
}

/** The whole chain of one requirement. Its own remedies are for where nothing was selected. */
export interface RequirementExplanation extends Mending {
  readonly requirement: string;
  readonly sourceType: string;
  readonly optional: boolean;
  readonly funnel: readonly FunnelStep[];
  /** The first step that left nothing, if one did. */
  readonly removedBy?: string;
  readonly rejected: readonly RejectedGroup[];
  /** Groups that are formed, but without any of the data asked for: how that was lost on the way. */
  readonly leftOut: readonly RejectedGroup[];
  readonly lonely: readonly LonelyGroup[];
  /** Where nothing was selected: data one facet away. */
  readonly nearMisses: readonly NearMiss[];
  /** Where nothing was selected: values that the source type does not have at all, with the nearest that it has. */
  readonly unknownValues: readonly {
    readonly facet: string;
    readonly value: string;
    readonly nearest: readonly string[];
  }[];
}

/** One requirement set. */
export interface SetExplanation {
  readonly set: number;
  readonly candidates: number;
  readonly requirements: readonly RequirementExplanation[];
}

/** Why a diagnostic's groups run, do not run, or do not exist. */
export interface Explanation {
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  /** Selectors that the question was narrowed to. */
  readonly selectors: readonly string[];
  readonly key?: string;
  /** Decisions about the candidates asked for. */
  readonly decisions: readonly Decision[];
  readonly sets: readonly SetExplanation[];
}
