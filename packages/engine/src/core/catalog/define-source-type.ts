import type { Facets } from "./dataset.ts";
import { definedFacets, pathVersion } from "./facet-text.ts";
import { type HeaderFacetSources, headerFacets, type StructuralFacet } from "./header-facets.ts";
import { type CompiledTemplate, compileTemplate, matchTemplate, type PathTemplate } from "./path-template.ts";
import type { FacetDeclaration, FileHeader, PathFacts, SourceType } from "./source-type.ts";
import { parseTimeRange } from "./time-range.ts";

/** A source type as it is declared: templates and lists of names. Only fixes that no list can say are functions. */
export interface SourceTypeInput {
  readonly name: string;
  /** First part of the id; default: the name. */
  readonly idPrefix?: string;
  /** Facets that, in this order, make the id; the version follows. */
  readonly identityFacets: readonly string[];
  /**
   * How paths look, tried in order. Placeholders are facets, but for `{time_range}`. Without any, or where none gives all
   * identity facets, files are always opened.
   */
  readonly paths?: readonly PathTemplate[];
  /** Reads paths that no template can say; tried after the templates. Pure. */
  readonly readPath?: (path: string) => Readonly<Record<string, string>> | undefined;
  /** Facets that are global attributes of the same name, or facet → name of the attribute. */
  readonly attributes?: readonly string[] | Readonly<Record<string, string>>;
  /** Facets that are attributes of the file's variable, which `variable_id` names. */
  readonly variableAttributes?: readonly string[];
  readonly structure?: readonly StructuralFacet[];
  /** Global attributes without which a file is invalid when opened. */
  readonly requiredAttributes?: readonly string[];
  /** Facets that `fixPath` or `readPath` gives beside those of the templates. */
  readonly derivedFacets?: readonly string[];
  /** Completes and mends the facets of a matching path; undefined: it does not match after all. Pure. */
  readonly fixPath?: (facets: Facets, path: string) => Facets | undefined;
  /** Completes and mends the facets of a header, which have `version` from the path's folders already. Pure. */
  readonly fixHeader?: (facets: Facets, header: FileHeader) => Facets;
  /** Facets that follow from others, for rows of catalogs that lack them. Pure. */
  readonly deriveFacets?: (facets: Facets) => Facets;
}

/** Placeholder of a template that is no facet. */
const timeRangeName = "time_range";

/** Facets that every source type has. */
const commonFacets = ["version", "instance_id"] as const;

/** Makes a source type of its declaration: compiles the templates and wires the two parsers. */
export function defineSourceType(input: SourceTypeInput): SourceType {
  const templates = (input.paths ?? []).map(compileTemplate);
  const named = pathFacetNames(input, templates);
  const opening = input.identityFacets.every((name) => named.includes(name)) ? "when-needed" : "always";
  // What is always opened has its identity as soon as it has a record.
  const fromPath = opening === "always" ? [...new Set([...named, ...input.identityFacets])] : named;
  const sources: HeaderFacetSources = {
    attributes: attributeEntries(input.attributes ?? []),
    variableAttributes: input.variableAttributes ?? [],
    structure: input.structure ?? [],
  };
  const parsePath = (path: string): PathFacts | undefined => matchPath(path, { input, templates });
  return {
    name: input.name,
    idPrefix: input.idPrefix ?? input.name,
    identityFacets: input.identityFacets,
    requiredAttributes: input.requiredAttributes ?? [],
    facets: facetDeclarations(fromPath, { input, sources }),
    opening,
    paths: input.paths ?? [],
    parsePath,
    parseHeader: (header, path) => {
      const variable = mainVariable(header, parsePath(path)?.facets ?? {});
      const facets = headerFacets(header, { sources, variable });
      const versioned = { ...facets, version: pathVersion(path) };
      return input.fixHeader?.(versioned, header) ?? versioned;
    },
    deriveFacets: input.deriveFacets ?? ((facets) => facets),
  };
}

/** The variable that a file is of: the one its path or header names, else one that is the value of some facet. */
function mainVariable({ attributes, variables }: FileHeader, named: Facets): string {
  const names = [named["variable_id"], attributes["variable_id"]?.trim(), ...Object.values(named)];
  return names.find((name) => name !== undefined && Object.hasOwn(variables, name)) ?? "";
}

function pathFacetNames(input: SourceTypeInput, templates: readonly CompiledTemplate[]): readonly string[] {
  const named = templates.flatMap(({ names }) => names).filter((name) => name !== timeRangeName);
  const readable = templates.length > 0 || input.readPath !== undefined;
  const derived = readable ? (input.derivedFacets ?? []) : [];
  // What a function reads is what was declared for it.
  const read = input.readPath === undefined ? [] : input.identityFacets;
  return [...new Set([...named, ...read, ...derived, ...commonFacets])];
}

function facetDeclarations(
  fromPath: readonly string[],
  { input, sources }: { readonly input: SourceTypeInput; readonly sources: HeaderFacetSources },
): readonly FacetDeclaration[] {
  const fromHeader = [
    ...input.identityFacets,
    ...(input.derivedFacets ?? []),
    ...sources.attributes.map(([facet]) => facet),
    ...sources.variableAttributes,
    ...sources.structure,
  ];
  const later = [...new Set(fromHeader)].filter((name) => !fromPath.includes(name));
  return [
    ...fromPath.map((name) => ({ name, origin: "path" }) as const),
    ...later.map((name) => ({ name, origin: "header" }) as const),
  ];
}

function attributeEntries(
  attributes: readonly string[] | Readonly<Record<string, string>>,
): readonly (readonly [facet: string, attribute: string])[] {
  return Array.isArray(attributes)
    ? (attributes as readonly string[]).map((name) => [name, name])
    : Object.entries(attributes);
}

function matchPath(
  path: string,
  { input, templates }: { readonly input: SourceTypeInput; readonly templates: readonly CompiledTemplate[] },
): PathFacts | undefined {
  for (const template of templates) {
    const facts = pathFacts(matchTemplate(template, path), { input, path });
    if (facts !== undefined) return facts;
  }
  return pathFacts(input.readPath?.(path), { input, path });
}

/** What the values of a path come to; undefined when it has none, or its time range is none. */
function pathFacts(
  values: Readonly<Record<string, string>> | undefined,
  { input, path }: { readonly input: SourceTypeInput; readonly path: string },
): PathFacts | undefined {
  if (values === undefined) return undefined;
  const { [timeRangeName]: timeRange, ...rest } = values;
  const times = timeRange === undefined ? {} : parseTimeRange(timeRange);
  if (times === undefined) return undefined;
  const facets = definedFacets({ version: "v0", ...rest });
  const fixed = input.fixPath === undefined ? facets : input.fixPath(facets, path);
  return fixed === undefined ? undefined : { ...times, facets: fixed };
}
