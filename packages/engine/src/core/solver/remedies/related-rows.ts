import type { Dataset } from "../../catalog/dataset.ts";
import { datasetAt } from "../../catalog/table-rows.ts";
import type { Constraint, FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import type { Remedy } from "../explanation.ts";
import { wholeDatasets } from "../partly-timed.ts";
import { matcher } from "../select.ts";
import { facetValue, memoised, posting, type TableIndex, union } from "../table-index.ts";

/** The facet that keeps models apart, and the one by which a run names another model as its parent's. */
const [modelFacet, parentModelFacet] = ["source_id", "parent_source_id"];

/**
 * The datasets that can matter to a group: where all constraints stay within models, those of its models and their
 * parents', else of the whole catalog; and of these what filters, supplements and parents may be. As plain values, each once.
 */
export function relatedDatasets(
  index: TableIndex,
  group: Int32Array,
  {
    requirement,
    constraints,
    remedies,
  }: {
    readonly requirement: Requirement;
    readonly constraints: readonly Constraint[];
    readonly remedies: readonly Remedy[];
  },
): readonly Dataset[] {
  const models = constraints.every(staysWithinModels) ? modelsOf(index, group, remedies) : undefined;
  const filters = reachable(requirement, constraints);
  return memoised(index, `related ${JSON.stringify([models ?? "all", filters ?? "all"])}`, () => {
    const lists = models?.map((model) => posting(index, modelFacet, model));
    const rows = lists === undefined ? index.latest : union(lists);
    const tests = filters?.map((filter) => matcher(index, filter));
    const matters = (row: number): boolean => tests?.some((matches) => matches(row)) ?? true;
    return datasetsAt(index, rows.filter(matters));
  });
}

/** What a dataset must be like to come into any group; undefined where that is not known. */
function reachable(
  { filters }: Requirement,
  constraints: readonly Constraint[],
): readonly FacetFilter[] | undefined {
  if (filters.length === 0 || constraints.some(({ kind }) => kind === "custom")) return undefined;
  const supplements = constraints.flatMap((each) => (each.kind === "addSupplementary" ? [each.facets] : []));
  const changed = new Set(
    constraints.flatMap((each) =>
      each.kind === "addParent" ? Object.keys(each.map).filter((facet) => each.map[facet] !== facet) : [],
    ),
  );
  return [...filters, ...supplements].map((filter) =>
    Object.fromEntries(Object.entries(filter).filter(([facet]) => !changed.has(facet))),
  );
}

function staysWithinModels(constraint: Constraint): boolean {
  if (constraint.kind === "addSupplementary") return constraint.matching.includes(modelFacet);
  if (constraint.kind === "addParent") return modelFacet in constraint.map;
  return constraint.kind !== "custom";
}

/** The models of a group, of what would be added, and of the parents of both; undefined when one of them has no name. */
function modelsOf(
  index: TableIndex,
  group: Int32Array,
  remedies: readonly Remedy[],
): readonly string[] | undefined {
  const own = [...group].map((row) => facetValue(index, modelFacet, row));
  const added = remedies.flatMap((remedy) =>
    remedy.kind === "add-dataset"
      ? [modelFacet, parentModelFacet].flatMap((facet) => remedy.facets[facet] ?? [])
      : [],
  );
  if (own.includes(undefined)) return undefined;
  const models = new Set([...(own as readonly string[]), ...added]);
  for (const row of group) {
    const parent = facetValue(index, parentModelFacet, row);
    if (parent !== undefined) models.add(parent);
  }
  return [...models].sort();
}

function datasetsAt(index: TableIndex, rows: Int32Array): readonly Dataset[] {
  return wholeDatasets(index.table, rows).map(({ rows: [first = 0, ...halves] }) => {
    const dataset = datasetAt(index.table, first);
    const files = halves.flatMap((row) => datasetAt(index.table, row).files);
    return files.length === 0 ? dataset : { ...dataset, files: [...dataset.files, ...files] };
  });
}
