/** What configurations and provider modules are written with. */

export type { ModelArguments, ReadCatalog } from "../../app/records/read-catalog.ts";
export type { Dataset, DatasetFile, Facets } from "../../core/catalog/dataset.ts";
export type { OwnSourceType } from "../../core/catalog/own-source-type.ts";
export type { Constraint, FacetFilter } from "../../core/diagnostic/constraint.ts";
export { addParent } from "../../core/diagnostic/constraints/add-parent.ts";
export { addSupplementary } from "../../core/diagnostic/constraints/add-supplementary.ts";
export { customConstraint } from "../../core/diagnostic/constraints/custom.ts";
export { ignoreFacets } from "../../core/diagnostic/constraints/ignore-facets.ts";
export { requireContiguousTimerange } from "../../core/diagnostic/constraints/require-contiguous-timerange.ts";
export { requireFacets } from "../../core/diagnostic/constraints/require-facets.ts";
export { requireOverlappingTimerange } from "../../core/diagnostic/constraints/require-overlapping-timerange.ts";
export { requireTimerange } from "../../core/diagnostic/constraints/require-timerange.ts";
export { selectFirstMember } from "../../core/diagnostic/constraints/select-first-member.ts";
export { type DiagnosticInput, defineDiagnostic, defineProvider } from "../../core/diagnostic/define.ts";
export type {
  Diagnostic,
  DiagnosticFunction,
  Provider,
  Requirement,
  RequirementSet,
} from "../../core/diagnostic/diagnostic.ts";
export { type RequirementInput, requirement } from "../../core/diagnostic/requirement.ts";
export { AlmanacError, isAlmanacError } from "../../core/errors.ts";
export type { ExecutionContext, LocalDataset } from "../../core/execution/context.ts";
export type { NestedEnd, NestedRun, RunContext } from "../../core/execution/run-context.ts";
export type { Json } from "../../core/json.ts";
export type { LocalAsset } from "../../core/records/asset.ts";
export type { AssetSpec } from "../../core/records/asset-spec.ts";
export type { AuthoredDataset, DatasetVersion } from "../../core/records/authored-dataset.ts";
export type { Column } from "../../core/records/column.ts";
export type {
  DatasetFolder,
  DatasetReader,
  MemberReading,
  ReadAsset,
  ReadDataset,
  ReadOnlyDatasets,
  RecordReading,
  ReleasedSpec,
  ValueReading,
} from "../../core/records/dataset-reading.ts";
export type {
  FeatureDefinition,
  FeatureRecord,
  FeatureTarget,
  FeatureValue,
} from "../../core/records/feature.ts";
export type { FeatureSelector } from "../../core/records/feature-selector.ts";
export type { RecordType, TypedRecord } from "../../core/records/record-type.ts";
export { type Split, type SplitPart, splitMembers } from "../../core/records/split.ts";
export type { PartRequest, SplitItem, SplitRequest } from "../../core/records/split-request.ts";
export type {
  GivenDataset,
  GivenFile,
  GivenMember,
  StagedDatasetRef,
} from "../../core/records/staged-dataset.ts";
export type { NewTerm, Term, TermVocabulary } from "../../core/records/vocabulary.ts";
export type { Dimensions, Scalar, Series } from "../../core/results/value.ts";
export type { SolveOptions } from "../../core/solver/options.ts";
export type { Decision, Plan, Reason, UnsatisfiedCount } from "../../core/solver/plan.ts";
export type { Event, EventSink } from "../../ports/events.ts";
export { defineConfig } from "./define-config.ts";
export { defineSourceType } from "./define-source-type.ts";
