import type { SelectionInput } from "../core/catalog/selection.ts";
import type { ExecutionDefinition, InputDataset } from "../core/execution/definition.ts";
import type { ManifestArtifact } from "../core/execution/manifest.ts";
import type { Outcome } from "../core/execution/outcome.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { InputAsset } from "../core/records/asset.ts";
import type { StagedFeature } from "../core/records/feature.ts";
import type { StagedRecord } from "../core/records/record-type.ts";
import type { StagedDatasets } from "../core/records/staged-dataset.ts";
import type { Scalar, Series } from "../core/results/value.ts";
import type { Transition } from "./execution-catalog.ts";

/** An output named by the output bundle. */
export interface OutputRecord {
  readonly kind: "plot" | "data" | "html";
  readonly shortName: string;
  readonly path: string;
  readonly longName: string;
  readonly description: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What an execution took as inputs while it went on; absent: nothing. */
export interface UsedInputs {
  readonly inputs?: readonly InputAsset[];
  readonly inputDatasets?: readonly InputDataset[];
}

/** What an execution staged for other records, in the order it did. */
export interface StagedResults extends UsedInputs {
  readonly features: readonly StagedFeature[];
  readonly records: readonly StagedRecord[];
  /** Datasets that it makes; absent: none. */
  readonly datasets?: StagedDatasets;
}

/** All rows that ingesting one execution's results folder yields. */
export interface ExecutionResults {
  readonly definition: ExecutionDefinition;
  /** What the computation used and when: recorded with an execution that this catalog does not know yet. */
  readonly outcome?: Pick<Outcome, "states" | "resources">;
  readonly scalars: readonly Scalar[];
  readonly series: readonly Series[];
  readonly outputs: readonly OutputRecord[];
  readonly artifacts: readonly ManifestArtifact[];
  /** Feature records and rows of record tables; absent: none. */
  readonly staged?: StagedResults;
  readonly warnings: readonly string[];
}

/** What values to find. Promoted version and current executions by default. */
export interface ValueQuery {
  readonly kind?: "scalar" | "series";
  readonly executions?: readonly Rid[];
  readonly provider?: readonly string[];
  readonly diagnostic?: readonly string[];
  /** True: `provider` and `diagnostic` are whole slugs. */
  readonly exactNames?: boolean;
  /** Conditions on dimensions. */
  readonly selection?: SelectionInput;
  /** Values of superseded executions and unpromoted versions too. */
  readonly all?: boolean;
  readonly offset?: number;
  readonly limit?: number;
}

/** One stored value as listings show it. */
export interface ListedValue {
  readonly rid: Rid;
  readonly execution: Rid;
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  readonly value: Scalar | Series;
}

/** One execution to publish. */
export interface Publication {
  readonly results: ExecutionResults;
  readonly transition: Transition | undefined;
}

/** Values, outputs and artifacts of published executions. */
export interface ValueCatalog {
  /**
   * Replaces all rows of one execution and applies the transition, in one transaction. Idempotent. Without a recorded
   * execution (an empty catalog), creates group and execution with the RIDs of the definition, as published.
   */
  publish(results: ExecutionResults, transition: Transition | undefined): Promise<void>;
  /**
   * Applies changes of state of other executions, then publishes several, in the order given, in one transaction: all of
   * it or nothing.
   */
  publishAll(publications: readonly Publication[], others: readonly Transition[]): Promise<void>;
  /** Values in order of provider, diagnostic, key, execution, kind, dimensions. */
  values(query: ValueQuery): Promise<{ readonly items: readonly ListedValue[]; readonly total: number }>;
  outputs(
    execution: Rid,
  ): Promise<{ readonly outputs: readonly OutputRecord[]; readonly artifacts: readonly ManifestArtifact[] }>;
}
