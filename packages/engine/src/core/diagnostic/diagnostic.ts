import type { ExecutionContext } from "../execution/context.ts";
import type { SolverDefinition } from "../execution/definition.ts";
import type { Limits } from "../execution/limits.ts";
import type { Json } from "../json.ts";
import type { Constraint, FacetFilter } from "./constraint.ts";

/** Source type + facet filters + group-by + constraints: one need for data. */
export interface Requirement {
  /** Distinguishes two requirements of one source type; the first may stay unnamed. */
  readonly name?: string;
  /** Source type, or several in order of preference: the first that has any group is used. */
  readonly sourceType: string | readonly string[];
  /** A row is taken when any filter matches; none: all rows. */
  readonly filters: readonly FacetFilter[];
  /** Facets whose values identify a group; empty: one group. */
  readonly groupBy: readonly string[];
  readonly constraints: readonly Constraint[];
  /** True: a candidate is formed without it when nothing matches; it never appears in the key. */
  readonly optional?: boolean;
  /** Facets that must be equal to those of another requirement's selector: requirement name → facets. */
  readonly sameFacets?: Readonly<Record<string, readonly string[]>>;
}

/** Requirements that all must be met together. */
export type RequirementSet = readonly Requirement[];

/** The computation itself: a function of the provider's module, or a command line in any language. */
export type Computation =
  | { readonly kind: "function"; readonly run: DiagnosticFunction }
  | { readonly kind: "command"; readonly command: CommandLine };

/** A diagnostic's function. What it leaves is registered through the context; it returns nothing. */
export type DiagnosticFunction = (context: ExecutionContext) => void | Promise<void>;

/** Builds the argument list from the definition. Pure. `ALMANAC_EXECUTION` names the folder at run time. */
export type CommandLine = (definition: SolverDefinition) => readonly string[];

/** A declared computation with data requirements. */
export interface Diagnostic {
  /** Lower-case letters, digits, dashes, underscores and dots inside; unique in its provider. */
  readonly slug: string;
  readonly name: string;
  /** Bump it when results change; part of a group's identity. */
  readonly version: number;
  readonly description?: string;
  /** Alternatives, in order of preference. */
  readonly requirementSets: readonly RequirementSet[];
  /** Dimensions its values have. */
  readonly facets: readonly string[];
  /** Enter the fingerprint. */
  readonly parameters: Readonly<Record<string, Json>>;
  readonly limits: Limits;
  readonly computation: Computation;
}

/** A named, versioned set of diagnostics. */
export interface Provider {
  readonly slug: string;
  readonly name: string;
  /** Stamped on executions; not part of a group's identity. */
  readonly version: string;
  readonly diagnostics: readonly Diagnostic[];
}
