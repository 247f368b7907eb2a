import type { SourceTable } from "../../catalog/snapshot.ts";
import type { Constraint } from "../../diagnostic/constraint.ts";
import type { Requirement } from "../../diagnostic/diagnostic.ts";
import type { Selector } from "../../execution/definition.ts";
import { compareCodeUnits } from "../../identity/compare.ts";
import { type Lookup, looksBeyond, lookupAnswered } from "../lookups.ts";
import { matcher } from "../select.ts";
import { facetValue, indexTable, type TableIndex } from "../table-index.ts";
import { rowsOfId } from "./row-names.ts";

/** Latest datasets of one table that differ from those of the other. */
interface Rows {
  readonly index: TableIndex | undefined;
  readonly rows: readonly number[];
}

/** What changed in one source type. */
export interface ChangedRows {
  readonly before: Rows;
  readonly now: Rows;
}

/**
 * The rows that solving can see a difference in: those of the given ids, and those that a version has come before or
 * no longer comes before. Only latest datasets are ever seen.
 */
// allow-parameters: before, now, and what is known to differ
export function changedRows(
  before: SourceTable | undefined,
  now: SourceTable | undefined,
  ids: readonly string[],
): ChangedRows {
  const changed = new Set(ids);
  if (before !== undefined && now !== undefined) for (const id of turnedRows(before, now)) changed.add(id);
  const rowsOf = (whole: SourceTable | undefined): Rows => {
    if (whole === undefined) return { index: undefined, rows: [] };
    const index = indexTable(whole);
    const rows = [...changed].flatMap((id) => rowsOfId(index.table, id));
    return { index, rows: rows.filter((row) => index.table.latest[row] === 1) };
  };
  return { before: rowsOf(before), now: rowsOf(now) };
}

/** Ids of datasets that were the latest and are not, or the other way round. */
function turnedRows(before: SourceTable, now: SourceTable): readonly string[] {
  const turned: string[] = [];
  let earlier = 0;
  now.ids.forEach((id, row) => {
    while (earlier < before.ids.length && compareCodeUnits(before.ids[earlier] as string, id) < 0) earlier++;
    if (before.ids[earlier] === id && before.latest[earlier] !== now.latest[row]) turned.push(id);
  });
  return turned;
}

/**
 * A test whether a group of a requirement can have changed: a changed dataset was or is in it, or answers one of its
 * look-ups.
 */
export function reachedBy(
  { before, now }: ChangedRows,
  asked: { readonly requirement: Requirement; readonly constraints: readonly Constraint[] },
): (selector: Selector, lookups: ArrayLike<Lookup>) => boolean {
  const selectors = new Set<string>();
  const answered = new Set<Lookup>();
  for (const { index, rows } of [before, now]) {
    if (index === undefined) continue;
    const matches = asked.requirement.filters.map((filter) => matcher(index, filter));
    for (const row of rows) {
      if (matches.length === 0 || matches.some((test) => test(row)))
        selectors.add(selectorText(index, row, asked.requirement));
      for (const [at, constraint] of asked.constraints.entries()) {
        const lookup = looksBeyond(constraint) ? lookupAnswered(row, constraint, { index, at }) : undefined;
        if (lookup !== undefined) answered.add(lookup);
      }
    }
  }
  return (selector, lookups) => {
    for (let at = 0; at < lookups.length; at++) if (answered.has(lookups[at] as Lookup)) return true;
    if (selectors.size === 0) return false;
    let text = "";
    for (const [, value] of selector) text += valueText(value);
    return selectors.has(text);
  };
}

/** The values of the selector that a dataset belongs to; of one that misses a key, a text that no selector has. */
// allow-parameters: table, row and requirement
function selectorText(index: TableIndex, row: number, { groupBy }: Requirement): string {
  return groupBy
    .toSorted(compareCodeUnits)
    .map((facet) => valueText(facetValue(index, facet, row)))
    .join("");
}

/** A value with its length before it, so that values one after the other never read as others; missing has none. */
function valueText(value: string | undefined): string {
  return value === undefined ? "?" : `${value.length}:${value}`;
}
