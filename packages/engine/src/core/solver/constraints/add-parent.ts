import type { AddParent } from "../../diagnostic/constraint.ts";
import { codeOf, facetCodes, facetValue, memoised, type TableIndex, union } from "../table-index.ts";
import { type ConstraintContext, type Evaluate, idsOf } from "./context.ts";

/** One facet of the parent, with the child's codes of the naming facet translated into it. */
interface Link {
  readonly target: string;
  readonly source: string;
  readonly sourceCodes: Int32Array;
  readonly targetCodes: Int32Array;
  /** Code of the naming facet → code of the parent's facet, −1 when no dataset has that value. */
  readonly translate: Int32Array;
}

/**
 * Adds the parents of each dataset: the latest version of those whose facets equal what the child names. A child that
 * lacks an involved facet, or has no parent in the catalog, is dropped.
 */
export const evaluateAddParent: Evaluate<AddParent> = (group, constraint, context) => {
  const { index } = context;
  const links = linksOf(index, constraint);
  const kept: number[] = [];
  const parents: (readonly number[])[] = [];
  for (const child of group) {
    if (lackedFacet(links, child) !== undefined) continue;
    const found = parentsOf(index, links, child);
    if (found.length === 0) continue;
    kept.push(child);
    parents.push(found);
  }
  if (context.note !== undefined && kept.length < group.length) noteOrphans(group, links, context);
  return union([kept, ...parents]);
};

function linksOf(index: TableIndex, constraint: AddParent): readonly Link[] {
  return memoised(index, `parent links ${JSON.stringify(constraint.map)}`, () =>
    Object.entries(constraint.map).map(([target, source]) => {
      const targetColumn = index.table.facets.get(target);
      const values = index.table.facets.get(source)?.values ?? [];
      return {
        target,
        source,
        sourceCodes: facetCodes(index, source),
        targetCodes: facetCodes(index, target),
        translate: Int32Array.from(values, (value) => codeOf(targetColumn, value)),
      };
    }),
  );
}

/** The first involved facet that a child lacks. */
function lackedFacet(links: readonly Link[], child: number): string | undefined {
  for (const { target, source, sourceCodes, targetCodes } of links) {
    if ((sourceCodes[child] as number) < 0) return source;
    if ((targetCodes[child] as number) < 0) return target;
  }
  return undefined;
}

/** Latest datasets by the codes of the parent's facets. */
function byTarget(index: TableIndex, links: readonly Link[]): ReadonlyMap<string, number[]> {
  return memoised(index, `parents by ${JSON.stringify(links.map(({ target }) => target))}`, () => {
    const found = new Map<string, number[]>();
    for (const dataset of index.latest) {
      const key = links.map(({ targetCodes }) => targetCodes[dataset]).join();
      const list = found.get(key);
      if (list === undefined) found.set(key, [dataset]);
      else list.push(dataset);
    }
    return found;
  });
}

function parentsOf(index: TableIndex, links: readonly Link[], child: number): readonly number[] {
  const codes = links.map(({ sourceCodes, translate }) => translate[sourceCodes[child] as number] as number);
  const all = codes.includes(-1) ? [] : (byTarget(index, links).get(codes.join()) ?? []);
  const newest = all.reduce(
    (rank, each) => Math.max(rank, index.table.versionRank[each] as number),
    Number.NEGATIVE_INFINITY,
  );
  return all.filter((each) => index.table.versionRank[each] === newest);
}

function noteOrphans(group: Int32Array, links: readonly Link[], { index, note }: ConstraintContext): void {
  for (const child of group) {
    const lacked = lackedFacet(links, child);
    const datasets = idsOf(index, [child]);
    if (lacked !== undefined)
      note?.({ kind: "facet-missing", constraint: "addParent", facet: lacked, datasets });
    else if (parentsOf(index, links, child).length === 0)
      note?.({
        kind: "parent-missing",
        constraint: "addParent",
        parent: Object.fromEntries(
          links.map(({ target, source }) => [target, facetValue(index, source, child) ?? ""]),
        ),
        named: links.filter(({ target, source }) => target !== source).map(({ target }) => target),
        datasets,
      });
  }
}
