import type { Facets } from "./dataset.ts";
import type { PathTemplate } from "./path-template.ts";

/** What a path alone tells about a file. */
export interface PathFacts {
  readonly facets: Facets;
  /** First time covered, from the file name's time range. */
  readonly start?: string;
  /** Last time covered. */
  readonly end?: string;
}

/** What opening a file tells: raw attributes and the few structural facts that facets need. */
export interface FileHeader {
  /** Global attributes as text; numbers in shortest decimal form. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Variable name → its attributes as text. */
  readonly variables: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Size of the first vertical coordinate, 1 without one. */
  readonly verticalLevels: number;
  readonly start?: string;
  readonly end?: string;
  readonly calendar?: string;
  readonly timeUnits?: string;
}

/** When a facet is known: `path` with the dataset's first record, `header` after opening only. */
export type FacetOrigin = "path" | "header";

/** One facet that datasets of a source type have. */
export interface FacetDeclaration {
  readonly name: string;
  readonly origin: FacetOrigin;
}

/**
 * A source type as data, with two pure parsers: the family a dataset belongs to.
 * Facets with origin `header` are known after opening only and may not be used in filters or group-by.
 */
export interface SourceType {
  readonly name: string;
  readonly facets: readonly FacetDeclaration[];
  /** Facets that, in this order, make the id; the version follows. */
  readonly identityFacets: readonly string[];
  /** First part of the id, such as `CMIP6`. */
  readonly idPrefix: string;
  /** Global attributes without which a file is invalid when opened. */
  readonly requiredAttributes: readonly string[];
  /** `always` where the path does not tell the identity: then ingesting by paths only opens files all the same. */
  readonly opening: "when-needed" | "always";
  /** How paths look, as declared. */
  readonly paths: readonly PathTemplate[];
  /** Facts from the path, or undefined if it does not match the template. Pure. */
  readonly parsePath: (path: string) => PathFacts | undefined;
  /** Facets from an opened file (identity facets too). Pure; fixes of the source type are applied here. */
  readonly parseHeader: (header: FileHeader, path: string) => Facets;
  /** Adds facets that follow from others where they are absent, for rows of catalogs without files. Pure. */
  readonly deriveFacets: (facets: Facets) => Facets;
}
