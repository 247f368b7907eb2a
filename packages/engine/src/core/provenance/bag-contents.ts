import type { RunDefinition } from "../execution/definition.ts";
import type { AllowedRecords } from "../records/allowed-records.ts";
import type { Asset } from "../records/asset.ts";
import type { AssetKind } from "../records/asset-kind.ts";
import type { DatasetVersion, FrozenMember } from "../records/authored-dataset.ts";
import type { ReadDataset } from "../records/dataset-reading.ts";
import type { DatasetSpec } from "../records/dataset-version.ts";
import type { FeatureValue } from "../records/feature.ts";
import type { TypedRecord } from "../records/record-type.ts";

/** One version of a dataset with its members. */
export interface BaggedDataset {
  readonly dataset: ReadDataset;
  readonly version: DatasetVersion;
  readonly members: readonly FrozenMember[];
}

/** An asset with its place in a bag. */
export interface BaggedAsset extends Asset {
  /** Path inside the bag. */
  readonly place: string;
}

/** What a bag of a dataset version says beside its files: all that is needed to read it without a catalog. */
export interface BagContents {
  readonly root: Required<DatasetSpec>;
  /** Children before parents, the root last. */
  readonly datasets: readonly BaggedDataset[];
  /** Members, and what records and features refer to. */
  readonly assets: readonly BaggedAsset[];
  readonly records: readonly TypedRecord[];
  readonly features: readonly FeatureValue[];
  /** Features and record types with the vocabularies they use, and those of the types of datasets and assets. */
  readonly declared: AllowedRecords;
  readonly kinds: readonly AssetKind[];
  /** The runs that made any of it, oldest first. */
  readonly executions: readonly RunDefinition[];
}
