import { builtInSourceTypes, requireSourceType } from "../../core/catalog/source-types.ts";
import { universalFacets } from "../../core/diagnostic/constraint-facets.ts";
import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { Project } from "../project.ts";
import { parseSelection } from "./selection.ts";
import type { SolveFlags } from "./solve-flags.ts";

/** Refuses the first name that is not known. @throws UNKNOWN_NAME with the nearest ones, or where all are listed */
function requireKnown(
  names: readonly string[],
  { what, known, list }: { readonly what: string; readonly known: readonly string[]; readonly list: string },
): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestNames(unknown, known);
  throw new AlmanacError("UNKNOWN_NAME", `there is no ${what} "${unknown}"`, {
    hint: nearest.length > 0 ? `nearest: ${nearest.join(", ")}` : list,
    facts: { name: unknown, nearest },
  });
}

/**
 * Holds facets of selectors to what the source types declare.
 * @param facets `facet` or `type.facet`
 * @param sourceType only this one's; default: those of all
 * @throws UNKNOWN_NAME for a source type or facet that does not exist
 */
export function requireKnownFacets(facets: readonly string[], sourceType?: string): void {
  for (const text of facets) {
    const [, type = sourceType, facet = text] = /^([^.]+)\.(.*)$/s.exec(text) ?? [];
    const types = type === undefined ? Object.values(builtInSourceTypes) : [requireSourceType(type)];
    const known = [...types.flatMap((each) => each.facets.map(({ name }) => name)), ...universalFacets];
    requireKnown([facet], { what: "facet", known, list: `facets: ${known.join(", ")}` });
  }
}

/**
 * Holds dimensions of selectors to the vocabulary, and to what stored values have, which may be of another vocabulary.
 * @throws UNKNOWN_NAME for a dimension that neither has
 */
export async function requireKnownDimensions(names: readonly string[], project: Project): Promise<void> {
  const known = project.vocabulary().dimensions.map(({ name }) => name);
  const foreign = names.filter((name) => !known.includes(name));
  if (foreign.length === 0) return;
  const { items } = await project.catalog.values.values({ all: true });
  const stored = new Set(items.flatMap(({ value }) => Object.keys(value.dimensions)));
  requireKnown(foreign, {
    what: "dimension",
    known: [...new Set([...known, ...stored])],
    list: `dimensions: ${known.join(", ")}`,
  });
}

/**
 * Holds what a plan is limited to against what there is: a filter that fits nothing is a mistyped one.
 * @throws UNKNOWN_NAME, USAGE when `--dataset` is not of the form facet=a,b
 */
export async function requireKnownSelection(flags: SolveFlags, project: Project): Promise<void> {
  requireKnownFacets(parseSelection(flags.dataset ?? []).facets);
  const { provider = [], diagnostic = [], exclude = [] } = flags;
  if (provider.length + diagnostic.length + exclude.length === 0) return;
  const loaded = (await project.providers()).map((each) => each.provider);
  const providers = loaded.map(({ slug }) => slug);
  const diagnostics = loaded.flatMap((each) => each.diagnostics.map(({ slug }) => slug));
  const full = loaded.flatMap((each) => each.diagnostics.map(({ slug }) => `${each.slug}/${slug}`));
  const list = "almanac diagnostics list";
  requireKnown(unfitting(provider, providers), { what: "provider like", known: providers, list });
  requireKnown(unfitting(diagnostic, diagnostics), { what: "diagnostic like", known: diagnostics, list });
  requireKnown(exclude, { what: "diagnostic", known: [...diagnostics, ...full], list });
}

/** The texts that no slug contains, whatever their case. */
function unfitting(texts: readonly string[], slugs: readonly string[]): readonly string[] {
  return texts.filter((text) => !slugs.some((slug) => slug.toLowerCase().includes(text.toLowerCase())));
}
