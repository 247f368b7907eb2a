import { compareCodeUnits } from "../identity/compare.ts";
import type { Dataset } from "./dataset.ts";
import { latestVersions } from "./latest-version.ts";
import type { FacetColumn, Snapshot, SourceTable } from "./snapshot.ts";
import { buildTable, type TableDeclaration } from "./snapshot-builder.ts";

/** A dataset that is no longer as a snapshot has it; without `now` it is gone. */
export interface Replacement {
  readonly sourceType: string;
  readonly id: string;
  readonly now?: Dataset;
}

/**
 * The snapshot with some datasets added, replaced or taken out: what building it anew from all datasets would give, at
 * the cost of copying its columns. Tables not touched are shared.
 */
export function patchSnapshot(
  snapshot: Snapshot,
  changes: readonly Replacement[],
  declarationOf: (sourceType: string) => TableDeclaration,
): Snapshot["tables"] {
  const tables = new Map(snapshot.tables);
  for (const [name, ofType] of Map.groupBy(changes, ({ sourceType }) => sourceType)) {
    const declaration = declarationOf(name);
    const table = snapshot.tables.get(name) ?? buildTable(declaration, []);
    const gone = new Set(ofType.map(({ id }) => id));
    const added = ofType.flatMap(({ now }) => (now === undefined ? [] : [now]));
    const patched = patchTable(table, buildTable(declaration, added), { gone, declaration });
    if (patched.ids.length > 0) tables.set(name, patched);
    else tables.delete(name);
  }
  return new Map([...tables].sort(([a], [b]) => compareCodeUnits(a, b)));
}

/** Where each row of a merged table comes from: a row of the old table, or −1 − row of the added one. @shape [nRow] */
type Origin = Int32Array;

function patchTable(
  old: SourceTable,
  added: SourceTable,
  { gone, declaration }: { readonly gone: ReadonlySet<string>; readonly declaration: TableDeclaration },
): SourceTable {
  const datasets = mergedRows(old, added, gone);
  const files = fileOrigins(old, added, datasets);
  const facets = mergedFacets(old, added, { datasets, declared: declaration.facets ?? [] });
  const versionRank = gather(old.versionRank, added.versionRank, datasets, new Float64Array(datasets.length));
  const identity = declaration.identityFacets.map((name) => facets.get(name));
  let paths: readonly string[] | undefined;
  let contentIds: readonly string[] | undefined;
  return {
    sourceType: old.sourceType,
    ids: texts(old.ids, added.ids, datasets),
    facets,
    finalised: gather(old.finalised, added.finalised, datasets, new Uint8Array(datasets.length)),
    versionRank,
    latest: latestVersions(identity, versionRank),
    fileOffsets: files.offsets,
    start: gather(old.start, added.start, files.origin, new Float64Array(files.origin.length)),
    end: gather(old.end, added.end, files.origin, new Float64Array(files.origin.length)),
    calendar: mergedColumn(old.calendar, added.calendar, files),
    // Texts are read late: seldom wanted, and most of a snapshot's bytes.
    get paths() {
      return (paths ??= texts(old.paths, added.paths, files.origin));
    },
    get contentIds() {
      return (contentIds ??= texts(old.contentIds, added.contentIds, files.origin));
    },
  };
}

function mergedRows(old: SourceTable, added: SourceTable, gone: ReadonlySet<string>): Origin {
  const rows: number[] = [];
  let next = 0;
  old.ids.forEach((id, row) => {
    for (; next < added.ids.length && compareCodeUnits(added.ids[next] as string, id) < 0; next++)
      rows.push(-1 - next);
    if (!gone.has(id)) rows.push(row);
  });
  for (; next < added.ids.length; next++) rows.push(-1 - next);
  return Int32Array.from(rows);
}

function fileOrigins(
  old: SourceTable,
  added: SourceTable,
  datasets: Origin,
): { readonly offsets: Int32Array; readonly origin: Origin } {
  const offsets = new Int32Array(datasets.length + 1);
  const first = new Int32Array(datasets.length);
  datasets.forEach((row, at) => {
    const from = row >= 0 ? old.fileOffsets : added.fileOffsets;
    const own = row >= 0 ? row : -1 - row;
    first[at] = from[own] as number;
    offsets[at + 1] = (offsets[at] as number) + (from[own + 1] as number) - (from[own] as number);
  });
  const origin = new Int32Array(offsets[datasets.length] as number);
  datasets.forEach((row, at) => {
    for (
      let file = offsets[at] as number, source = first[at] as number;
      file < (offsets[at + 1] as number);
      file++
    )
      origin[file] = row >= 0 ? source++ : -1 - source++;
  });
  return { offsets, origin };
}

// allow-parameters: two sources, the order, and where it goes
function gather<T extends Float64Array | Uint8Array>(old: T, added: T, origin: Origin, target: T): T {
  for (let at = 0; at < origin.length; at++) {
    const row = origin[at] as number;
    target[at] = (row >= 0 ? old[row] : added[-1 - row]) as number;
  }
  return target;
}

function texts(old: readonly string[], added: readonly string[], origin: Origin): readonly string[] {
  return Array.from(origin, (row) => (row >= 0 ? old[row] : added[-1 - row]) as string);
}

/** Columns that are declared or that some dataset still has, in code-unit order of their names. */
function mergedFacets(
  old: SourceTable,
  added: SourceTable,
  {
    datasets,
    declared,
  }: { readonly datasets: Origin; readonly declared: readonly { readonly name: string }[] },
): ReadonlyMap<string, FacetColumn> {
  const names = [...new Set([...old.facets.keys(), ...added.facets.keys()])].sort(compareCodeUnits);
  const always = new Set(["instance_id", "version", ...declared.map(({ name }) => name)]);
  return new Map(
    names.flatMap((name) => {
      const column = mergedColumn(old.facets.get(name), added.facets.get(name), {
        origin: datasets,
      });
      return column.values.length > 0 || always.has(name) ? [[name, column] as const] : [];
    }),
  );
}

/** The column of a facet that a table does not have. */
const noColumn: FacetColumn = { values: [], codes: new Int32Array(0) };

/** One column of both tables: its values are those that still occur, sorted. */
// allow-parameters: both tables' columns, and the order
function mergedColumn(
  old: FacetColumn = noColumn,
  added: FacetColumn = noColumn,
  { origin }: { readonly origin: Origin },
): FacetColumn {
  const codes = new Int32Array(origin.length);
  const usedOld = new Uint8Array(old.values.length);
  const usedAdded = new Uint8Array(added.values.length);
  for (let at = 0; at < origin.length; at++) {
    const row = origin[at] as number;
    const code = (row >= 0 ? old.codes[row] : added.codes[-1 - row]) ?? -1;
    codes[at] = code;
    if (code >= 0) (row >= 0 ? usedOld : usedAdded)[code] = 1;
  }
  const merged = mergedValues(
    { values: old.values, used: usedOld },
    { values: added.values, used: usedAdded },
  );
  if (merged.values !== old.values) recode(codes, origin, merged);
  return { values: merged.values, codes };
}

// allow-parameters: what is recoded, where each came from, and by what
function recode(
  codes: Int32Array,
  origin: Origin,
  { ofOld, ofAdded }: { readonly ofOld: Int32Array; readonly ofAdded: Int32Array },
): void {
  for (let at = 0; at < codes.length; at++) {
    const code = codes[at] as number;
    if (code >= 0) codes[at] = ((origin[at] as number) >= 0 ? ofOld : ofAdded)[code] as number;
  }
}

/** Sorted values, and 1 for those that still occur. */
interface Values {
  readonly values: readonly string[];
  readonly used: Uint8Array;
}

/** The values of both that still occur, sorted, and where each has gone. */
function mergedValues(
  old: Values,
  added: Values,
): { readonly values: readonly string[]; readonly ofOld: Int32Array; readonly ofAdded: Int32Array } {
  const ofOld = new Int32Array(old.values.length);
  const ofAdded = new Int32Array(added.values.length);
  if (!old.used.includes(0) && !added.used.includes(1)) return { values: old.values, ofOld, ofAdded };
  const values: string[] = [];
  let [left, right] = [0, 0];
  while (left < old.values.length || right < added.values.length) {
    const order = orderOf(old.values[left], added.values[right]);
    const used = (order <= 0 && old.used[left] === 1) || (order >= 0 && added.used[right] === 1);
    const value = (order <= 0 ? old.values[left] : added.values[right]) as string;
    if (order <= 0) ofOld[left++] = values.length;
    if (order >= 0) ofAdded[right++] = values.length;
    if (used) values.push(value);
  }
  return { values, ofOld, ofAdded };
}

/** Order of the heads of two sorted lists; one that is at its end comes last. */
function orderOf(left: string | undefined, right: string | undefined): number {
  if (left === undefined) return 1;
  return right === undefined ? -1 : compareCodeUnits(left, right);
}
