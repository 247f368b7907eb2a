import type { Rid } from "../core/identity/rid.ts";
import type { FeatureDefinition, FeatureValue } from "../core/records/feature.ts";

/** A part of a feature's values. */
export interface FeaturePage {
  readonly feature: string;
  /** Of these targets only. */
  readonly targets?: readonly Rid[];
  /** Those after this value in the order of reading. */
  readonly after?: Pick<FeatureValue, "target" | "execution">;
  readonly limit: number;
}

/** Features and their values. A feature is named `<target>/<name>`. */
export interface FeatureCatalog {
  /** In order of names. */
  features(): Promise<readonly FeatureDefinition[]>;
  feature(name: string): Promise<FeatureDefinition | undefined>;
  /**
   * Declares a feature; an equal one is kept.
   * @throws CONFLICT when another one of this name is there; UNKNOWN_NAME for a vocabulary or an asset kind
   */
  define(feature: FeatureDefinition): Promise<void>;
  /** How many values a feature has, and how many targets they are of. @throws UNKNOWN_NAME */
  count(feature: string): Promise<{ readonly values: number; readonly targets: number }>;
  /** Values in order of targets, of one target in order of the executions' RIDs. @throws UNKNOWN_NAME */
  values(page: FeaturePage): Promise<readonly FeatureValue[]>;
}
