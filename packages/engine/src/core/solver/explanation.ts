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
      /** Facet → allowed values. */
      readonly facets: FacetFilter;
      readonly nearMisses: readonly NearMiss[];
    }
  | {
      readonly kind: "add-files";
      readonly dataset: string;
      /** Times to be covered, as far as known: `YYYY-MM-DD HH:MM:SS`, or the leading fields. */
      readonly from?: string;
      readonly to?: string;
    }
  | { readonly kind: "same-calendar"; readonly files: readonly [string, string] }
  | { readonly kind: "set-facet"; readonly facet: string; readonly datasets: readonly string[] }
  | { readonly kind: "do-not-ignore"; readonly datasets: readonly string[] }
  | { readonly kind: "meet-constraint"; readonly constraint: string; readonly reason: string }
  | { readonly kind: "meet-requirement"; readonly requirement: string; readonly facets: FacetFilter };

/** A group that a constraint rejected. */
export interface RejectedGroup {
  readonly selector: Selector;
  /** The constraint that left nothing. */
  readonly step: string;
  /** Everything that was removed from it, in order; the last entries are those of `step`. */
  readonly trail: readonly Rejection[];
  readonly remedies: readonly Remedy[];
}

/** A group that survived its constraints and finds nothing to be combined with. */
export interface LonelyGroup {
  readonly selector: Selector;
  /** Requirements that have no group for it. */
  readonly remedies: readonly Remedy[];
}

/** The whole chain of one requirement. */
export interface RequirementExplanation {
  readonly requirement: string;
  readonly sourceType: string;
  readonly optional: boolean;
  readonly funnel: readonly FunnelStep[];
  /** The first step that left nothing, if one did. */
  readonly removedBy?: string;
  readonly rejected: readonly RejectedGroup[];
  readonly lonely: readonly LonelyGroup[];
  /** Where nothing was selected: data one facet away. */
  readonly nearMisses: readonly NearMiss[];
  /** Where nothing was selected: values that the source type does not have at all, with the nearest that it has. */
  readonly unknownValues: readonly {
    readonly facet: string;
    readonly value: string;
    readonly nearest: readonly string[];
  }[];
  /** Where nothing was selected: what would have to be there. */
  readonly remedies: readonly Remedy[];
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
