import { compareText, isTimed, latestOf, matches, type Note, type Row, subgroups, valueOf } from "./rows.ts";
import { calendarsOf, comparePartly, compareTimes, meaningOf, type Partly, secondsBetween } from "./times.ts";

type Values = Readonly<Record<string, readonly string[]>>;

/** A constraint as plain data. */
export type PlainConstraint =
  | {
      readonly kind: "requireFacets";
      readonly facet: string;
      readonly values: readonly string[];
      readonly match: "all" | "any";
      readonly groupBy: readonly string[];
    }
  | { readonly kind: "ignoreFacets"; readonly facets: Values }
  | {
      readonly kind: "addSupplementary";
      readonly facets: Values;
      readonly matching: readonly string[];
      readonly optional: readonly string[];
    }
  | { readonly kind: "addParent"; readonly map: Readonly<Record<string, string>> }
  | {
      readonly kind: "requireTimerange";
      readonly groupBy: readonly string[];
      readonly start?: Partly;
      readonly end?: Partly;
      readonly calendars?: "by-meaning" | "by-spelling";
    }
  | {
      readonly kind: "requireContiguousTimerange";
      readonly groupBy: readonly string[];
      readonly calendars?: "by-meaning" | "by-spelling";
    }
  | { readonly kind: "requireOverlappingTimerange"; readonly groupBy: readonly string[] }
  | { readonly kind: "selectFirstMember"; readonly facet: string; readonly groupBy: readonly string[] };

type Of<K> = Extract<PlainConstraint, { readonly kind: K }>;

/** What a constraint sees beside the group: the latest rows of the source type in catalog order. */
export interface Surroundings {
  readonly catalog: readonly Row[];
  readonly note: Note;
}

/** Applies one constraint to a group's rows. */
export function constrain(
  group: readonly Row[],
  constraint: PlainConstraint,
  around: Surroundings,
): readonly Row[] {
  switch (constraint.kind) {
    case "requireFacets":
      return requireFacets(group, constraint, around);
    case "ignoreFacets":
      return ignoreFacets(group, constraint, around);
    case "addSupplementary":
      return addSupplementary(group, constraint, around);
    case "addParent":
      return addParent(group, constraint, around);
    case "requireTimerange":
      return requireTimerange(group, constraint, around);
    case "requireContiguousTimerange":
      return dropTimed(group, constraint.groupBy, (timed) => isBroken(timed, constraint, around));
    case "requireOverlappingTimerange":
      return requireOverlap(group, constraint, around);
    case "selectFirstMember":
      return selectFirstMember(group, constraint, around);
  }
}

function requireFacets(
  group: readonly Row[],
  { facet, values, match, groupBy }: Of<"requireFacets">,
  { note }: Surroundings,
): readonly Row[] {
  const { parts, unkeyed } = subgroups(group, groupBy);
  if (unkeyed.length > 0) note("requireFacets: rows without key stay");
  const rejected = parts.filter((part) => {
    const occurs = (value: string): boolean => part.some((row) => valueOf(row, facet) === value);
    return !(match === "all" ? values.every(occurs) : values.some(occurs));
  });
  if (rejected.length > 0) note(`requireFacets ${match}: rejected`);
  if (rejected.length < parts.length) note(`requireFacets ${match}: kept`);
  return without(group, rejected.flat());
}

function without(group: readonly Row[], dropped: readonly Row[]): readonly Row[] {
  const gone = new Set(dropped);
  return group.filter((row) => !gone.has(row));
}

function ignoreFacets(
  group: readonly Row[],
  { facets }: Of<"ignoreFacets">,
  { note }: Surroundings,
): readonly Row[] {
  const kept = group.filter((row) => !matches(row, facets));
  if (kept.length < group.length) note("ignoreFacets: removed");
  return kept;
}

/** What is looked up in a catalog again and again. */
const remembered = new WeakMap<readonly Row[], Map<string, unknown>>();

function remember<T>(catalog: readonly Row[], what: unknown, make: () => T): T {
  const known = remembered.get(catalog) ?? new Map<string, unknown>();
  remembered.set(catalog, known);
  const name = JSON.stringify(what);
  if (!known.has(name)) known.set(name, make());
  return known.get(name) as T;
}

/** The rows of a catalog by their values of some facets, those that miss one left out. */
function byValues(
  catalog: readonly Row[],
  facets: readonly string[],
  filter: Values = {},
): ReadonlyMap<string, readonly Row[]> {
  return remember(catalog, ["by values", facets, filter], () => {
    const { parts } = subgroups(
      catalog.filter((row) => matches(row, filter)),
      facets,
    );
    const keyOf = (part: readonly Row[]) =>
      JSON.stringify(facets.map((facet) => valueOf(part[0] as Row, facet)));
    return new Map(parts.map((part) => [keyOf(part), part]));
  });
}

/** The group's rows and more of the catalog, in catalog order. */
function widened(group: readonly Row[], added: ReadonlySet<Row>, catalog: readonly Row[]): readonly Row[] {
  const places = remember(catalog, "places", () => new Map(catalog.map((row, at) => [row, at])));
  const all = [...new Set([...group, ...added])];
  return all.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}

function addSupplementary(
  group: readonly Row[],
  { facets, matching, optional }: Of<"addSupplementary">,
  { catalog, note }: Surroundings,
): readonly Row[] {
  const candidates = byValues(catalog, matching, facets);
  const added = new Set<Row>();
  const seen = new Set<string>();
  for (const row of group) {
    const combination = JSON.stringify(
      [...matching, ...optional].map((facet) => valueOf(row, facet) ?? null),
    );
    if (seen.has(combination)) continue;
    seen.add(combination);
    const equal = (facet: string, other: Row): boolean =>
      valueOf(row, facet) !== undefined && valueOf(row, facet) === valueOf(other, facet);
    const fitting = candidates.get(JSON.stringify(matching.map((facet) => valueOf(row, facet)))) ?? [];
    for (const each of bestOf(fitting, [...matching, ...optional], {
      note,
      score: (each) => optional.filter((facet) => equal(facet, each)).length,
    }))
      added.add(each);
  }
  return widened(group, added, catalog);
}

/** Best score, then latest version, then the first combination; a combination that lacks a facet has no rows. */
function bestOf(
  fitting: readonly Row[],
  facets: readonly string[],
  { score, note }: { readonly score: (row: Row) => number; readonly note: Note },
): readonly Row[] {
  if (fitting.length === 0) {
    note("addSupplementary: nothing fits");
    return [];
  }
  const top = Math.max(...fitting.map(score));
  const closest = fitting.filter((row) => score(row) === top);
  const latest = latestOf(closest);
  const first = latest[0] as Row;
  const same = latest.filter((row) =>
    facets.every(
      (facet) => valueOf(first, facet) !== undefined && valueOf(row, facet) === valueOf(first, facet),
    ),
  );
  if (closest.length < fitting.length) note("addSupplementary: score decides");
  if (latest.length < closest.length) note("addSupplementary: version decides");
  if (same.length > 0 && same.length < latest.length) note("addSupplementary: catalog order decides");
  if (same.length === 0) note("addSupplementary: best lacks a facet");
  if (same.length > 0) note("addSupplementary: added");
  return same;
}

function addParent(
  group: readonly Row[],
  { map }: Of<"addParent">,
  { catalog, note }: Surroundings,
): readonly Row[] {
  const links = Object.entries(map);
  const kept: Row[] = [];
  const added = new Set<Row>();
  for (const child of group) {
    if (links.flat().some((facet) => valueOf(child, facet) === undefined)) {
      note("addParent: child lacks a facet");
      continue;
    }
    const wanted = JSON.stringify(links.map(([, named]) => valueOf(child, named)));
    const parents =
      byValues(
        catalog,
        links.map(([facet]) => facet),
      ).get(wanted) ?? [];
    if (parents.length === 0) {
      note("addParent: no parent");
      continue;
    }
    kept.push(child);
    const latest = latestOf(parents);
    if (latest.length < parents.length) note("addParent: version decides");
    for (const parent of latest) added.add(parent);
    note("addParent: added");
  }
  return widened(kept, added, catalog);
}

/** Drops the timed rows of the sub-groups that a test refuses. */
function dropTimed(
  group: readonly Row[],
  groupBy: readonly string[],
  refuses: (timed: readonly Row[]) => boolean,
): readonly Row[] {
  const { parts } = subgroups(group.filter(isTimed), groupBy);
  return without(group, parts.filter(refuses).flat());
}

/** Longest step between files that is no gap: 45 days; longer where the data's own step is. */
function limitDays(rows: readonly Row[]): number {
  const steps: Readonly<Record<string, number>> = { yr: 548, yrPt: 548, dec: 5479 };
  return Math.max(...rows.map((row) => steps[valueOf(row, "frequency") ?? ""] ?? 45));
}

function isBroken(
  timed: readonly Row[],
  { calendars }: { readonly calendars?: "by-meaning" | "by-spelling" },
  { note }: Pick<Surroundings, "note">,
): boolean {
  if (calendarsOf(timed, calendars === "by-spelling").size > 1) {
    note(`calendars ${calendars ?? "by-meaning"}: differ`);
    return true;
  }
  if (calendarsOf(timed, true).size > 1) note("calendars: one by meaning");
  const limit = limitDays(timed) * 86_400;
  const ordered = [...timed].sort((a, b) => compareTimes(a.start ?? "", b.start ?? ""));
  let last = ordered[0] as Row;
  let previous = last;
  for (const row of ordered.slice(1)) {
    const gap = gapOf(last, row);
    if (gap > limit) {
      note("gap");
      return true;
    }
    if (gap === limit) note("gap: exactly the limit");
    if (gapOf(previous, row) > limit) note("gap: only to the file before, not to the longest");
    previous = row;
    if (compareTimes(row.end ?? "", last.end ?? "") > 0) last = row;
  }
  if (ordered.length > 1) note("gap: none");
  return false;
}

function gapOf(after: Row, before: Row): number {
  const calendar = after.calendar ?? before.calendar ?? "standard";
  return secondsBetween(meaningOf(calendar), after.end ?? "", before.start ?? "");
}

function requireTimerange(
  group: readonly Row[],
  constraint: Of<"requireTimerange">,
  around: Surroundings,
): readonly Row[] {
  const { start, end, groupBy } = constraint;
  return dropTimed(group, groupBy, (timed) => {
    const first = timed.map((row) => row.start ?? "").sort(compareTimes)[0] ?? "";
    const last =
      timed
        .map((row) => row.end ?? "")
        .sort(compareTimes)
        .at(-1) ?? "";
    const late = start !== undefined && comparePartly(start, first) < 0;
    const early = end !== undefined && comparePartly(end, last) > 0;
    if (late) around.note("requireTimerange: starts late");
    if (early) around.note("requireTimerange: ends early");
    const refused = late || early || isBroken(timed, constraint, around);
    if (!refused) around.note("requireTimerange: covered");
    return refused;
  });
}

function requireOverlap(
  group: readonly Row[],
  { groupBy }: Of<"requireOverlappingTimerange">,
  { note }: Surroundings,
): readonly Row[] {
  const timed = group.filter(isTimed);
  if (timed.length < 2) {
    note("overlap: fewer than two timed rows");
    return group;
  }
  const { parts } = subgroups(timed, groupBy);
  const starts = parts.map((part) => part.map((row) => row.start ?? "").sort(compareTimes)[0] ?? "");
  const ends = parts.map(
    (part) =>
      part
        .map((row) => row.end ?? "")
        .sort(compareTimes)
        .at(-1) ?? "",
  );
  const latestStart = starts.sort(compareTimes).at(-1);
  const earliestEnd = ends.sort(compareTimes)[0];
  const overlaps =
    latestStart !== undefined && earliestEnd !== undefined && compareTimes(latestStart, earliestEnd) < 0;
  if (latestStart !== undefined && latestStart === earliestEnd) note("overlap: only touching");
  note(overlaps ? "overlap: yes" : "overlap: no");
  return overlaps ? group : [];
}

function selectFirstMember(
  group: readonly Row[],
  { facet, groupBy }: Of<"selectFirstMember">,
  { note }: Surroundings,
): readonly Row[] {
  const { parts, unkeyed } = subgroups(group, groupBy);
  if (unkeyed.length > 0) note("selectFirstMember: row without key dropped");
  const kept = parts.flatMap((part) => {
    const members = [...new Set(part.flatMap((row) => valueOf(row, facet) ?? []))].sort(compareMembers);
    if (members.length === 0) note("selectFirstMember: no member known");
    if (members.length > 1) note("selectFirstMember: chosen");
    if (members.length > 1 && members[0] !== [...members].sort(compareText)[0])
      note("selectFirstMember: number, not text, decides");
    return members.length === 0 ? part : part.filter((row) => valueOf(row, facet) === members[0]);
  });
  const all = new Set(kept);
  return group.filter((row) => all.has(row));
}

/** By the four numbers; names of another form after these, as text. */
function compareMembers(a: string, b: string): number {
  const numbers = (name: string): readonly number[] | undefined =>
    /^r(\d+)i(\d+)p(\d+)f(\d+)$/.exec(name)?.slice(1).map(Number);
  const left = numbers(a);
  const right = numbers(b);
  if (left === undefined || right === undefined)
    return left === right ? compareText(a, b) : left === undefined ? 1 : -1;
  const at = left.findIndex((number, index) => number !== right[index]);
  return at < 0 ? compareText(a, b) : (left[at] ?? 0) - (right[at] ?? 0);
}
