import type { Explanation, Remedy } from "../core/solver/explanation.ts";
import { tellingFacets } from "../core/solver/remedies/naming.ts";
import type { DatasetCatalog, DatasetSummary } from "../ports/dataset-catalog.ts";

type AddDataset = Extract<Remedy, { readonly kind: "add-dataset" }>;

/** A recorded dataset that would do and that solving does not see. */
export interface UnseenDataset {
  readonly id: string;
  readonly sourceType: string;
  /** Why, and what to do. */
  readonly reason: string;
}

/** So many datasets are looked at where an explanation asks for almost anything. */
const looked = 1000;

/**
 * Datasets of the catalog that an explanation says are lacking, but which are there: retracted, invalid, or without files.
 */
export async function unseenDatasets(
  { sets }: Pick<Explanation, "sets">,
  datasets: Pick<DatasetCatalog, "list">,
): Promise<readonly UnseenDataset[]> {
  const remedies = sets.flatMap(({ requirements }) =>
    requirements.flatMap((each) => [
      ...each.remedies,
      ...[...each.rejected, ...each.leftOut, ...each.lonely].flatMap((group) => group.remedies),
    ]),
  );
  const found = new Map<string, UnseenDataset>();
  const byType = Map.groupBy(remedies.flatMap(addedBy), ({ sourceType }) => sourceType);
  for (const [sourceType, added] of byType) {
    const wanted = added.map(ownFacets).filter((facets) => Object.keys(facets).length > 0);
    if (wanted.length === 0) continue;
    const { items } = await datasets.list({ sourceType, selection: covering(wanted), limit: looked });
    for (const item of items) {
      const reason = reasonOf(item);
      if (reason === undefined || !wanted.some((facets) => hasFacets(item, facets))) continue;
      found.set(item.id, { id: item.id, sourceType, reason });
    }
  }
  return [...found.values()];
}

type FacetValues = Readonly<Record<string, readonly string[]>>;

/** One selection in which all of some are: one question to the catalog instead of many. */
function covering(wanted: readonly FacetValues[]): FacetValues {
  const [first = {}] = wanted;
  const common = Object.keys(first).filter((facet) => wanted.every((facets) => facets[facet] !== undefined));
  return Object.fromEntries(
    common.map((facet) => [facet, [...new Set(wanted.flatMap((facets) => facets[facet] ?? []))]]),
  );
}

function hasFacets({ facets }: DatasetSummary, wanted: FacetValues): boolean {
  return Object.entries(wanted).every(([facet, values]) => values.includes(facets[facet] ?? ""));
}

function addedBy(remedy: Remedy): readonly AddDataset[] {
  if (remedy.kind === "meet-requirement") return remedy.remedies.flatMap(addedBy);
  return remedy.kind === "add-dataset" ? [remedy] : [];
}

/** Without what it would say of its parent. */
function ownFacets({ facets }: AddDataset): FacetValues {
  const entries = Object.entries(tellingFacets(facets));
  return Object.fromEntries(entries.filter(([facet]) => !facet.startsWith("parent_")));
}

function reasonOf({ id, retracted, invalid, files, missingFiles }: DatasetSummary): string | undefined {
  if (retracted) return `retracted; almanac datasets restore ${id}`;
  if (invalid !== undefined) return `invalid: ${invalid}`;
  if (files.length === 0 && missingFiles.length > 0)
    return `its files have vanished, such as ${missingFiles[0]?.path ?? ""}; bring them back and ingest them`;
  return undefined;
}
