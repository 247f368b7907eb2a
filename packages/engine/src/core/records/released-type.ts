import type { Facets } from "../catalog/dataset.ts";
import { defineSourceType } from "../catalog/define-source-type.ts";
import type { SourceType } from "../catalog/source-type.ts";
import type { Rid } from "../identity/rid.ts";

/** Source type of every authored dataset as such, whatever its name. */
export const authoredType = "authored";

/** What released versions of authored datasets of one name are to solving: a source type. */
export interface ReleasedType {
  /** The name of the datasets. */
  readonly name: string;
  /** Facets that some of the versions have, in order. */
  readonly facets: readonly string[];
  readonly datasets: readonly Rid[];
}

/** Facets that every dataset has: these names mean something already. */
const ownFacets: readonly string[] = ["instance_id", "version"];

/** A released version as solving knows it: its facets, with the id and the version that every dataset has. */
export function releasedFacets(
  facets: Facets,
  { id, version }: { readonly id: string; readonly version: string },
): Facets {
  return { ...facets, instance_id: id, version };
}

/**
 * Why datasets of a name and with these facets cannot be what solving knows; empty when they can.
 * @param declares whether there is a source type of a name already
 */
export function releasedTypeProblems(
  { name, facets }: { readonly name: string; readonly facets: Facets },
  declares: (name: string) => boolean,
): readonly string[] {
  return [
    ...(name === authoredType || declares(name)
      ? [`its name "${name}" is that of a source type, and as it has facets solving would see it as one`]
      : []),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    ...(name === "" || /[\u0000-\u001f\u007f]/.test(name)
      ? [`its name ${JSON.stringify(name)} cannot be that of a source type`]
      : []),
    ...Object.keys(facets).flatMap((facet) => {
      if (ownFacets.includes(facet)) return [`every dataset has a facet "${facet}" already`];
      return facet.trim() === "" ? ["a facet has no name"] : [];
    }),
  ];
}

/** The source type that requirements name. Its datasets are put together, never found in files. */
export function releasedSourceType({ name, facets }: Pick<ReleasedType, "name" | "facets">): SourceType {
  return defineSourceType({
    ...{ name, derivedFacets: facets },
    // Each dataset is one by itself; of its versions solving knows the newest only.
    identityFacets: ["instance_id"],
    readPath: () => undefined,
  });
}
