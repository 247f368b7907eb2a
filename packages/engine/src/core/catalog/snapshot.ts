/**
 * One facet of all datasets of a source type, dictionary-encoded. Code −1 is missing.
 * Codes are in code-unit order of the values, so that comparing codes compares values.
 */
export interface FacetColumn {
  readonly values: readonly string[];
  /** @shape [nDataset] */
  readonly codes: Int32Array;
}

/**
 * All datasets and files of one source type at one moment, columnar. Datasets are in code-unit order of their ids;
 * files in order of dataset, then path ("catalog order"). Retracted datasets and missing files are not in it.
 */
export interface SourceTable {
  readonly sourceType: string;
  /** Dataset ids in code-unit order. @shape [nDataset] */
  readonly ids: readonly string[];
  /** Facet name → column. */
  readonly facets: ReadonlyMap<string, FacetColumn>;
  /** 1 where the dataset has been opened. @shape [nDataset] */
  readonly finalised: Uint8Array;
  /** Version rank: integer of `v<digits>`, else −1. @shape [nDataset] */
  readonly versionRank: Float64Array;
  /** 1 where no dataset of the same identity has a higher version rank. @shape [nDataset] */
  readonly latest: Uint8Array;
  /** First file row of each dataset; the last element is nFile. @shape [nDataset + 1] */
  readonly fileOffsets: Int32Array;
  /** @shape [nFile] */
  readonly paths: readonly string[];
  /** Start as a field-wise comparable number (see `packDateTime`), NaN without time. @shape [nFile] */
  readonly start: Float64Array;
  /** End, same form. @shape [nFile] */
  readonly end: Float64Array;
  /** Calendar spelling per file; code −1 missing. */
  readonly calendar: FacetColumn;
  /** @shape [nFile] */
  readonly contentIds: readonly string[];
}

/** The catalog at one moment: the only thing about datasets that the solver sees. */
export interface Snapshot {
  /** Catalog revision it was read at; equal revisions have equal snapshots. */
  readonly revision: number;
  /** Names the catalog's state in whatever copy of it; equal marks have equal snapshots. Absent: not of a catalog. */
  readonly mark?: string;
  readonly tables: ReadonlyMap<string, SourceTable>;
}
