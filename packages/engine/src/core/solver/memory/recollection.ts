import type { Snapshot } from "../../catalog/snapshot.ts";
import type { Constraint, FacetFilter } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import { Defect } from "../../errors.ts";
import type { Selector } from "../../execution/definition.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import { constrainGroup, type GroupOutcome } from "../group-outcome.ts";
import { groupDatasets, matcher, selectDatasets } from "../select.ts";
import { noRows, type TableIndex } from "../table-index.ts";
import { type ChangedRows, changedRows, reachedBy } from "./reach.ts";
import { rowOfName } from "./row-names.ts";
import { listAt, type RememberedAnswer, type SolverMemory, selectorAt } from "./solver-memory.ts";

/** What is remembered of an earlier solve, held against the catalog of now. */
export interface Recollection {
  readonly memory: SolverMemory;
  /** Source type → rows that changed; a type without change is not in it. */
  readonly changes: ReadonlyMap<string, ChangedRows>;
  /** Source type → number of a remembered id → its row now; filled when asked. */
  readonly rows: Map<string, Int32Array>;
}

/**
 * Holds a memory against the catalog.
 * @param before the snapshot in which the memory was found
 * @param changed datasets that may differ between the two
 */
export function recollect(
  memory: SolverMemory,
  {
    before,
    now,
    changed,
  }: {
    readonly before: Snapshot;
    readonly now: Snapshot;
    readonly changed: readonly { readonly sourceType: string; readonly id: string }[];
  },
): Recollection {
  const byType = Map.groupBy(changed, ({ sourceType }) => sourceType);
  const changes = [...byType].map(([name, datasets]) => {
    const ids = datasets.map(({ id }) => id);
    return [name, changedRows(before.tables.get(name), now.tables.get(name), ids)] as const;
  });
  return { memory, changes: new Map(changes), rows: new Map() };
}

/** What is asked about: a requirement on one source type, with the catalog of now. */
export interface Asked {
  readonly text: string;
  readonly index: TableIndex;
  readonly requirement: Requirement;
  readonly constraints: readonly Constraint[];
}

/** The groups of a requirement. */
export interface Outcomes {
  readonly outcomes: readonly GroupOutcome[];
  /** How many of them were computed. */
  readonly computed: number;
  /** True if all are as remembered, each at its place. */
  readonly untouched: boolean;
}

/**
 * The groups of a requirement: those that no change reaches from memory, the others computed.
 * @returns undefined when nothing is remembered of it, or nothing is left
 */
export function recollectOutcomes(recollection: Recollection, asked: Asked): Outcomes | undefined {
  const answer = recollection.memory.answers.get(asked.text);
  if (answer === undefined) return undefined;
  const { sourceType } = asked.index.table;
  const changes = recollection.changes.get(sourceType);
  const isReached = changes === undefined ? () => false : reachedBy(changes, asked);
  const reached = new Map<string, Selector>();
  const kept: GroupOutcome[] = [];
  for (let place = 0; place < answer.removedBy.length; place++) {
    const selector = selectorAt(answer, place);
    if (isReached(selector, listAt(answer.lookups, place))) reached.set(textOf(selector), selector);
    else kept.push(outcomeAt(recollection, answer, { place, selector, index: asked.index }));
  }
  // Groups that the earlier catalog did not have.
  for (const selector of changes === undefined ? [] : selectorsOf(changes.now, asked))
    reached.set(textOf(selector), selector);
  const computed = [...reached.values()].flatMap((selector) => compute(selector, asked));
  if (kept.length + computed.length === 0) return undefined;
  return {
    outcomes: inKeyOrder([...kept, ...computed], asked.requirement),
    computed: computed.length,
    untouched: reached.size === 0,
  };
}

function outcomeAt(
  recollection: Recollection,
  answer: RememberedAnswer,
  {
    place,
    selector,
    index,
  }: { readonly place: number; readonly selector: Selector; readonly index: TableIndex },
): GroupOutcome {
  const lookups = [...listAt(answer.lookups, place)];
  const step = answer.steps[answer.removedBy[place] as number];
  if (step !== undefined) return { selector, datasets: noRows, step, lookups, place };
  const names = recollection.memory.names.get(answer.sourceType) ?? [];
  const rows = recollection.rows.get(answer.sourceType) ?? new Int32Array(names.length).fill(-1);
  recollection.rows.set(answer.sourceType, rows);
  const datasets = listAt(answer.datasets, place).map((number) => {
    if (rows[number] === -1) rows[number] = rowOf(index, names[number] as string);
    return rows[number] as number;
  });
  return { selector, datasets, lookups, place };
}

function rowOf(index: TableIndex, name: string): number {
  const row = rowOfName(index.table, name);
  if (row >= 0) return row;
  throw new Defect(`dataset ${name} of a remembered group is gone, which no change tells`);
}

/** Selectors of the groups that some rows belong to, as far as they match the requirement. */
function selectorsOf({ rows, index }: ChangedRows["now"], { requirement }: Asked): readonly Selector[] {
  if (index === undefined) return [];
  const matches = requirement.filters.map((filter) => matcher(index, filter));
  const matching = Int32Array.from(rows)
    .sort()
    .filter((row) => matches.length === 0 || matches.some((test) => test(row)));
  return groupDatasets(index, matching, requirement).map(({ selector }) => selector);
}

/** A group of now by its selector, through its constraints; none if it has no datasets. */
function compute(selector: Selector, { index, requirement, constraints }: Asked): readonly GroupOutcome[] {
  const filters = narrowed(requirement.filters, selector);
  if (filters.length === 0) return [];
  const datasets = selectDatasets(index, filters);
  return datasets.length === 0 ? [] : [constrainGroup({ selector, datasets }, { constraints, index })];
}

/** The filters with the selector's values; those that exclude a value are left out. */
function narrowed(filters: readonly FacetFilter[], selector: Selector): readonly FacetFilter[] {
  const all = filters.length === 0 ? [{}] : filters;
  return all.flatMap((filter): readonly FacetFilter[] => {
    const fits = selector.every(([facet, value]) => filter[facet]?.includes(value) !== false);
    return fits
      ? [{ ...filter, ...Object.fromEntries(selector.map(([facet, value]) => [facet, [value]])) }]
      : [];
  });
}

function inKeyOrder(outcomes: readonly GroupOutcome[], { groupBy }: Requirement): readonly GroupOutcome[] {
  if (outcomes.every(({ place }) => place !== undefined)) return outcomes;
  const valueOf = ({ selector }: GroupOutcome, facet: string): string =>
    selector.find(([name]) => name === facet)?.[1] ?? "";
  return outcomes.toSorted((a, b) => {
    for (const facet of groupBy) {
      const order = compareCodeUnits(valueOf(a, facet), valueOf(b, facet));
      if (order !== 0) return order;
    }
    return 0;
  });
}

function textOf(selector: Selector): string {
  return JSON.stringify(selector);
}
