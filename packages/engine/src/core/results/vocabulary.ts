/** One allowed value of a dimension. */
export interface VocabularyValue {
  readonly name: string;
  readonly longName?: string;
  readonly description?: string;
  readonly units?: string;
}

/** One dimension values may have. */
export interface VocabularyDimension {
  readonly name: string;
  readonly longName: string;
  readonly description: string;
  readonly required: boolean;
  /** False: only the listed values are allowed. */
  readonly allowExtraValues: boolean;
  readonly values: readonly VocabularyValue[];
}

/** A controlled vocabulary: the dimensions that scalars and series may carry. */
export interface Vocabulary {
  readonly dimensions: readonly VocabularyDimension[];
}
