/** The public API of Almanac as a library. */
export type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
export type { Constraint, FacetFilter } from "../../core/diagnostic/constraint.ts";
export type {
  Diagnostic,
  DiagnosticFunction,
  Provider,
  Requirement,
  RequirementSet,
} from "../../core/diagnostic/diagnostic.ts";
export { AlmanacError, isAlmanacError } from "../../core/errors.ts";
export type { ExecutionContext, LocalDataset } from "../../core/execution/context.ts";
export type { Json } from "../../core/json.ts";
export type { Dimensions, Scalar, Series } from "../../core/results/value.ts";
