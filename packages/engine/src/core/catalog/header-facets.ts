import type { Facets } from "./dataset.ts";
import { definedFacets } from "./facet-text.ts";
import type { FileHeader } from "./source-type.ts";

/** Structural facts of a header that a facet may hold. */
export const structuralFacets = ["calendar", "time_units", "vertical_levels"] as const;

/** A facet that every source type has once its files have been opened. */
export type StructuralFacet = (typeof structuralFacets)[number];

/** Which facets a header gives, and from where. */
export interface HeaderFacetSources {
  /** Facets with the names of their global attributes. */
  readonly attributes: readonly (readonly [facet: string, attribute: string])[];
  /** Facets that are attributes of the file's variable. */
  readonly variableAttributes: readonly string[];
  readonly structure: readonly StructuralFacet[];
}

/**
 * The facets of an opened file. Texts are trimmed.
 * @param options.variable name of the file's variable, whose attributes count
 */
export function headerFacets(
  header: FileHeader,
  { sources, variable }: { readonly sources: HeaderFacetSources; readonly variable: string },
): Facets {
  const structure: Readonly<Record<StructuralFacet, string | undefined>> = {
    calendar: header.calendar,
    time_units: header.timeUnits,
    vertical_levels: header.verticalLevels.toString(),
  };
  return definedFacets({
    ...trimmed(header.attributes, sources.attributes),
    ...trimmed(
      header.variables[variable] ?? {},
      sources.variableAttributes.map((name) => [name, name]),
    ),
    ...Object.fromEntries(sources.structure.map((name) => [name, structure[name]])),
  });
}

function trimmed(
  attributes: Readonly<Record<string, string>>,
  names: readonly (readonly [facet: string, attribute: string])[],
): Record<string, string | undefined> {
  return Object.fromEntries(names.map(([facet, name]) => [facet, attributes[name]?.trim()]));
}
