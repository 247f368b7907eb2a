import { conditionName, isGlob, parseSelection, type Selection } from "../../core/catalog/selection.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { Project } from "../project.ts";
import { requireMatch } from "./paging.ts";
import type { SolveFlags } from "./solve-flags.ts";
import type { Terminal } from "./terminal.ts";

/** Facet → every value that occurs. */
export type OccurringValues = (facet: string) => ReadonlySet<string>;

/**
 * When nothing was found, says on stderr which values of the selectors occur nowhere, with the nearest that do: a
 * selection that fits nothing is allowed, and often a slip.
 * @param values asked for only when nothing was found
 */
export async function remarkUnknownValues(
  { found, selection, terminal }: { found: number; selection: Selection; terminal: Terminal },
  values: () => Promise<OccurringValues>,
): Promise<void> {
  if (found > 0 || selection.length === 0) return;
  const occurring = await values();
  for (const condition of selection.filter(({ negated }) => !negated)) {
    const known = occurring(condition.facet);
    for (const value of condition.values.filter((each) => !isGlob(each) && !known.has(each))) {
      const near = nearestNames(value, known);
      const more = near.length > 0 ? `; nearest: ${near.join(", ")}` : "";
      terminal.err(`nothing has ${conditionName(condition)}=${value}${more}\n`);
    }
  }
}

/**
 * The same for a plan that `--dataset` has left without decisions.
 * @throws NO_MATCH when `--require-match` is given and there are none
 */
export async function concludeSelection(
  { found, flags }: { readonly found: number; readonly flags: SolveFlags },
  { project, terminal }: { readonly project: Project; readonly terminal: Terminal },
): Promise<void> {
  const selection = parseSelection(flags.dataset ?? []);
  await remarkUnknownValues({ found, selection, terminal }, () => datasetValues(project));
  requireMatch(found, flags);
}

/** Values of facets in the datasets that the solver sees. */
export async function datasetValues({ catalog }: Project): Promise<OccurringValues> {
  const tables = [...(await catalog.datasets.snapshot()).tables.values()];
  return (facet) => new Set(tables.flatMap(({ facets }) => facets.get(facet)?.values ?? []));
}

/** Values of facets in the selectors of the recorded groups. */
export async function groupValues({ catalog }: Project): Promise<OccurringValues> {
  const pairs = (await catalog.executions.groups({})).items.flatMap(({ selectors }) =>
    Object.values(selectors).flat(),
  );
  return (facet) => new Set(pairs.filter(([name]) => name === facet).map(([, value]) => value));
}

/** Values of dimensions in all stored values. */
export async function dimensionValues({ catalog }: Project): Promise<OccurringValues> {
  const { items } = await catalog.values.values({ all: true });
  return (name) =>
    new Set(
      items.map(({ value }) => value.dimensions[name]).filter((text): text is string => text !== undefined),
    );
}
