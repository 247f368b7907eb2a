import type { FeatureDefinition } from "./feature.ts";
import type { RecordType } from "./record-type.ts";
import type { NewTerm } from "./vocabulary.ts";

/** A vocabulary with all its terms. */
export interface AllowedVocabulary {
  readonly name: string;
  readonly description: string;
  readonly terms: readonly NewTerm[];
}

/**
 * The features and record types that a computation may add to, with the vocabularies they use: kept in the definition,
 * so that a worker needs no catalog, and so that a catalog which does not have them can take them over.
 */
export interface AllowedRecords {
  readonly features: readonly FeatureDefinition[];
  readonly recordTypes: readonly RecordType[];
  readonly vocabularies: readonly AllowedVocabulary[];
}
