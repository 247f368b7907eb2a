import type { Facets } from "./dataset.ts";
import { defineSourceType } from "./define-source-type.ts";
import type { PathTemplate } from "./path-template.ts";
import type { FileHeader, SourceType } from "./source-type.ts";

/** A source type as a user declares it in the configuration: plain values, and functions only where no template helps. */
export interface OwnSourceType {
  /** Lower-case letters, digits and dashes. */
  readonly name: string;
  /**
   * How paths end, tried in order: folders and file name, with `{facet}`, `{version}`, `{time_range}`, `*` for any text and
   * `[…]` for parts that may be absent, where a version is `v` and digits. A value in a file name holds no underscore.
   * @example "{source_id}/{variable_id}_{source_id}[_{time_range}].nc"
   */
  readonly paths?: string | readonly string[];
  /** Facets that, in this order, make the id; the version follows. */
  readonly identityFacets: readonly string[];
  /** Further facets of the templates, or of `readPath`. */
  readonly facets?: readonly string[];
  /** Facets that are global attributes of the same name, or facet → name of the attribute. */
  readonly attributes?: readonly string[] | Readonly<Record<string, string>>;
  /** Facets that are attributes of the file's variable, such as `units`. */
  readonly variableAttributes?: readonly string[];
  /** Global attributes without which a file is invalid when opened. */
  readonly requiredAttributes?: readonly string[];
  /** First part of the id; default: the name. */
  readonly idPrefix?: string;
  /** Values of a path (facets, `version`, `time_range`), where templates cannot say it; undefined: it is none. Pure. */
  readonly readPath?: (path: string) => Readonly<Record<string, string>> | undefined;
  /** Facets of an opened file beside those of the lists; they must be declared in one of them. Pure. */
  readonly readHeader?: (header: FileHeader) => Facets;
}

/** The source type of a declaration that has no problems. */
export function ownSourceType(own: OwnSourceType): SourceType {
  const { readPath, readHeader } = own;
  return defineSourceType({
    name: own.name,
    idPrefix: own.idPrefix ?? own.name,
    identityFacets: own.identityFacets,
    paths: templatesOf(own),
    derivedFacets: own.facets ?? [],
    attributes: own.attributes ?? [],
    variableAttributes: own.variableAttributes ?? [],
    structure: ["calendar", "time_units", "vertical_levels"],
    requiredAttributes: own.requiredAttributes ?? [],
    ...(readPath === undefined ? {} : { readPath }),
    ...(readHeader === undefined
      ? {}
      : { fixHeader: (facets, header) => ({ ...facets, ...readHeader(header) }) }),
  });
}

const optionalVersion = /\[[^\]]*\{version\}/;

/** The templates of a declaration, each parted into folders and file name. */
export function templatesOf({ paths = [] }: Pick<OwnSourceType, "paths">): readonly PathTemplate[] {
  return [paths].flat().map((path) => {
    const cut = path.lastIndexOf("/") + 1;
    const template = { folders: path.slice(0, cut), file: path.slice(cut) };
    // A version that may be absent must not be taken for any other folder or part.
    return optionalVersion.test(path) ? { ...template, patterns: { version: "v\\d+" } } : template;
  });
}
