import { conditionName, parseSelection, type Selection } from "../../core/catalog/selection.ts";
import { type SourceTypes, sourceTypesOf } from "../../core/catalog/source-types.ts";
import { universalFacets } from "../../core/diagnostic/constraint-facets.ts";
import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { Project } from "../project.ts";
import type { NameFlags } from "./name-filters.ts";
import type { SolveFlags } from "./solve-flags.ts";

/** What a name is looked for among. */
interface Known {
  readonly what: string;
  readonly known: readonly string[];
  /** Where all are told. */
  readonly list: string;
}

/** Refuses the first name that is not known. @throws UNKNOWN_NAME with the nearest ones, or where all are listed */
function requireKnown(names: readonly string[], { what, known, list }: Known): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = nearestNames(unknown, known);
  throw new AlmanacError("UNKNOWN_NAME", `there is no ${what} "${unknown}"`, {
    hint: nearest.length > 0 ? `nearest: ${nearest.join(", ")}` : list,
    facts: { name: unknown, nearest },
  });
}

/**
 * Holds facets of selectors to what the source types declare, and to those that datasets put together here have.
 * @param options.only only this source type's; default: those of all
 * @throws UNKNOWN_NAME for a source type or facet that does not exist
 */
export async function requireKnownFacets(
  selection: Selection,
  {
    sourceTypes,
    releasedTypes,
    only,
  }: Pick<Project, "sourceTypes" | "releasedTypes"> & { readonly only?: string | undefined },
): Promise<void> {
  try {
    requireFacetsOf(selection, { sourceTypes, only });
  } catch (error) {
    if (!isAlmanacError(error, "UNKNOWN_NAME")) throw error;
    const released = await releasedTypes();
    if (released.length === 0) throw error;
    requireFacetsOf(selection, { sourceTypes: sourceTypesOf([...sourceTypes.all, ...released]), only });
  }
}

function requireFacetsOf(
  selection: Selection,
  { sourceTypes, only }: { readonly sourceTypes: SourceTypes; readonly only: string | undefined },
): void {
  if (only !== undefined) sourceTypes.require(only);
  for (const { facet, sourceType: type = only } of selection) {
    const types = type === undefined ? sourceTypes.all : [sourceTypes.require(type)];
    const facets = [...types.flatMap((each) => each.facets.map(({ name }) => name)), ...universalFacets];
    const known = [...new Set(facets)];
    requireKnown([facet], { what: "facet", known, list: `facets: ${known.join(", ")}` });
  }
}

/**
 * Holds facets of selectors to what the selectors of the recorded groups have.
 * @throws UNKNOWN_NAME for one that no group is told apart by
 */
export async function requireKnownSelectors(selection: Selection, project: Project): Promise<void> {
  if (selection.length === 0) return;
  const { items } = await project.catalog.executions.groups({});
  const pairs = items.flatMap(({ selectors }) =>
    Object.entries(selectors).flatMap(([label, pairs]) => pairs.map(([facet]) => ({ label, facet }))),
  );
  const known = [...new Set(pairs.flatMap(({ label, facet }) => [facet, `${label}.${facet}`]))];
  if (known.length > 0)
    requireKnown(selection.map(conditionName), {
      what: "facet of groups",
      known,
      list: `facets of groups: ${known.join(", ")}`,
    });
}

/**
 * Holds dimensions of selectors to the vocabulary, and to what stored values have, which may be of another vocabulary.
 * @throws UNKNOWN_NAME for a dimension that neither has
 */
export async function requireKnownDimensions(selection: Selection, project: Project): Promise<void> {
  const names = selection.map(conditionName);
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
 * @throws UNKNOWN_NAME, USAGE when `--dataset` is no selector
 */
export async function requireKnownSelection(flags: SolveFlags, project: Project): Promise<void> {
  await requireKnownFacets(parseSelection(flags.dataset ?? []), project);
  const { provider = [], diagnostic = [], exclude = [], exact = false } = flags;
  if (provider.length + diagnostic.length + exclude.length === 0) return;
  const { providers, diagnostics, full } = await loadedNames(project);
  requireFitting({ provider, diagnostic, exact }, { providers, diagnostics });
  requireKnown(exclude, { what: "diagnostic", known: [...diagnostics, ...full], list: allDiagnostics });
}

/**
 * Holds the name filters of a listing against the recorded groups and the providers of the configuration.
 * @throws UNKNOWN_NAME for one that fits nothing
 */
export async function requireKnownNames(flags: NameFlags, project: Project): Promise<void> {
  const { exact: exactNames = false } = flags;
  const unrecorded = async (kind: "provider" | "diagnostic"): Promise<readonly string[]> => {
    const texts: string[] = [];
    for (const text of flags[kind] ?? []) {
      const query = { [kind]: [text], exactNames, limit: 0 };
      const { executions } = project.catalog;
      // Recorded runs belong to no group, groups may have no execution.
      const found = [await executions.groups(query), await executions.list(query)];
      if (found.every(({ total }) => total === 0)) texts.push(text);
    }
    return texts;
  };
  const [provider, diagnostic] = [await unrecorded("provider"), await unrecorded("diagnostic")];
  if (provider.length + diagnostic.length === 0) return;
  requireFitting({ provider, diagnostic, exact: exactNames }, await loadedNames(project));
}

const allDiagnostics = "almanac diagnostics list";

interface LoadedNames {
  readonly providers: readonly string[];
  readonly diagnostics: readonly string[];
}

async function loadedNames(project: Project): Promise<LoadedNames & { readonly full: readonly string[] }> {
  const loaded = (await project.providers()).map((each) => each.provider);
  return {
    providers: loaded.map(({ slug }) => slug),
    diagnostics: loaded.flatMap((each) => each.diagnostics.map(({ slug }) => slug)),
    full: loaded.flatMap((each) => each.diagnostics.map(({ slug }) => `${each.slug}/${slug}`)),
  };
}

function requireFitting(
  { provider = [], diagnostic = [], exact = false }: NameFlags,
  { providers, diagnostics }: LoadedNames,
): void {
  const like = exact ? "" : " like";
  const asked = [
    { what: `provider${like}`, texts: provider, known: providers },
    { what: `diagnostic${like}`, texts: diagnostic, known: diagnostics },
  ];
  for (const { what, texts, known } of asked) {
    const unfitting = texts.filter((text) => !known.some((slug) => fits(slug, text, exact)));
    requireKnown(unfitting, { what, known, list: allDiagnostics });
  }
}

// allow-parameters: what is looked at, what for and how
function fits(slug: string, text: string, exact: boolean): boolean {
  return exact ? slug === text : slug.toLowerCase().includes(text.toLowerCase());
}
