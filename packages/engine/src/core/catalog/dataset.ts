/** Facet name → value. A facet that is absent is missing; the empty text is a value. Values are always text. */
export type Facets = Readonly<Record<string, string>>;

/** One file of a dataset, as the catalog knows it. */
export interface DatasetFile {
  /** Path with forward slashes, relative to the project folder; imported catalogs keep theirs verbatim. */
  readonly path: string;
  /** Size in bytes; undefined for imported files never seen. */
  readonly sizeBytes?: number;
  /** Modification time in whole milliseconds since 1970. */
  readonly mtimeMs?: number;
  /** First time covered, `YYYY-MM-DD HH:MM:SS` in the file's own calendar. */
  readonly start?: string;
  /** Last time covered, same form. */
  readonly end?: string;
  /** Calendar as spelt in the file. */
  readonly calendar?: string;
  /** Time units as spelt in the file, such as `days since 1850-01-01`. */
  readonly timeUnits?: string;
  /** `tracking_id` attribute. */
  readonly trackingId?: string;
  /** What identifies the content without reading it, fixed when first seen: see `contentId`. */
  readonly contentId: string;
}

/** A dataset with its files in path order: the unit of the catalog. */
export interface Dataset {
  readonly sourceType: string;
  /** The text id, such as `CMIP6.CMIP.….v20191115`. */
  readonly id: string;
  /** All facets, `instance_id` (= id) and `version` included. */
  readonly facets: Facets;
  /** True once the files have been opened; before, only what the path tells is known. */
  readonly finalised: boolean;
  readonly files: readonly DatasetFile[];
}
