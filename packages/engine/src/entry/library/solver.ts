/** The solver by itself: datasets and diagnostics in, decisions with reasons out. Pure: no catalog, disk or clock. */
export type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
export type { FacetColumn, Snapshot, SourceTable } from "../../core/catalog/snapshot.ts";
export { emptySnapshot, type TableDeclaration } from "../../core/catalog/snapshot-builder.ts";
export { type SnapshotOptions, snapshotOf } from "../../core/catalog/snapshot-of.ts";
export { datasetAt } from "../../core/catalog/table-rows.ts";
export type { Diagnostic, Provider } from "../../core/diagnostic/diagnostic.ts";
export type { Selector } from "../../core/execution/definition.ts";
export { type ExplainInput, explain } from "../../core/solver/explain.ts";
export type { Explanation } from "../../core/solver/explanation.ts";
export { explanationText } from "../../core/solver/explanation-text.ts";
export { type History, noHistory, type PastExecution, type PastGroup } from "../../core/solver/history.ts";
export { datasetsToOpen, type OpeningInput } from "../../core/solver/opening.ts";
export type { IgnoreList, SolveOptions } from "../../core/solver/options.ts";
export type {
  Decision,
  Plan,
  Reason,
  RunCode,
  SkipCode,
  SolveError,
  UnsatisfiedCount,
} from "../../core/solver/plan.ts";
export { type SolveInput, solve } from "../../core/solver/solve.ts";
