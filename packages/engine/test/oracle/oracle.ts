import { createHash } from "node:crypto";
import { constrain, type PlainConstraint } from "./constraints.ts";
import { compareText, latestOf, matches, type Note, type Row, subgroups, valueOf } from "./rows.ts";

/** A requirement as plain data. */
export interface PlainRequirement {
  readonly name?: string;
  readonly sourceType: string | readonly string[];
  readonly filters: readonly Readonly<Record<string, readonly string[]>>[];
  readonly groupBy: readonly string[];
  readonly constraints: readonly PlainConstraint[];
  readonly optional?: boolean;
  readonly sameFacets?: Readonly<Record<string, readonly string[]>>;
}

/** One group that the oracle finds. */
export interface OracleGroup {
  readonly set: number;
  readonly key: string;
  /** Requirement → sorted, unique dataset ids; optional ones that found nothing are absent. */
  readonly datasets: Readonly<Record<string, readonly string[]>>;
  readonly compatHash: string;
  /** True if an earlier set has a group of the same selectors. */
  readonly shadowed: boolean;
}

/** What the oracle solves. */
export interface OracleInput {
  readonly rows: readonly Row[];
  /** Source type → facets that, without the version, identify a dataset. */
  readonly identity: Readonly<Record<string, readonly string[]>>;
  readonly sets: readonly (readonly PlainRequirement[])[];
  /** Source type → facets of rows to leave out. */
  readonly ignore?: Readonly<Record<string, readonly Readonly<Record<string, readonly string[]>>[]>>;
  readonly note?: Note;
}

type Selector = readonly (readonly [string, string])[];

interface Group {
  readonly selector: Selector;
  readonly rows: readonly Row[];
}

interface Answer {
  readonly sourceType: string;
  readonly groups: readonly Group[];
}

const silent: Note = () => undefined;

/** Catalogs of source types: the latest rows in catalog order. */
export type Catalogs = ReadonlyMap<string, readonly Row[]>;

/** The latest version of every dataset identity, ties all kept, in order of dataset id, then path. */
export function latestCatalogs({
  rows,
  identity,
  note = silent,
}: Pick<OracleInput, "rows" | "identity" | "note">): Catalogs {
  return new Map(
    [...Map.groupBy(rows, ({ sourceType }) => sourceType)].map(([sourceType, ofType]) => {
      const facets = identity[sourceType] ?? [];
      const byIdentity = Map.groupBy(ofType, (row) =>
        JSON.stringify(facets.map((facet) => valueOf(row, facet) ?? null)),
      );
      const latest = [...byIdentity.values()].flatMap((same) => {
        const kept = latestOf(same);
        if (kept.length < same.length) note("version: older one hidden");
        if (new Set(kept.map(({ id }) => id)).size > 1) note("version: tie kept");
        return kept;
      });
      return [sourceType, latest.sort((a, b) => compareText(a.id, b.id) || compareText(a.path, b.path))];
    }),
  );
}

/** Finds all groups of one diagnostic. */
export function findGroups(
  catalogs: Catalogs,
  { sets, ignore = {}, note = silent }: Omit<OracleInput, "rows" | "identity">,
): readonly OracleGroup[] {
  const seen = new Set<string>();
  return sets.flatMap((set, at) => {
    const answers = set.map((requirement) => answer(catalogs, requirement, { ignore, note }));
    return combinations(set, answers, note).map((chosen) => {
      const identity = JSON.stringify(keyParts(set, answers, chosen));
      const shadowed = seen.has(identity);
      if (shadowed) note("set: shadowed");
      seen.add(identity);
      return { set: at, ...describe(set, answers, chosen), shadowed };
    });
  });
}

function labelOf({ name, sourceType }: PlainRequirement): string {
  return name ?? [sourceType].flat()[0] ?? "";
}

function answer(
  catalogs: Catalogs,
  requirement: PlainRequirement,
  { ignore, note }: Required<Pick<OracleInput, "ignore" | "note">>,
): Answer {
  const types = [requirement.sourceType].flat();
  const answers = types.map((sourceType) => {
    const catalog = catalogs.get(sourceType) ?? [];
    const groups = selectGroups(catalog, requirement, note).flatMap((group) => {
      const ignored = (ignore[sourceType] ?? []).map((facets) => ({ kind: "ignoreFacets", facets }) as const);
      let rows = group.rows;
      for (const constraint of [...ignored, ...requirement.constraints]) {
        rows = constrain(rows, constraint, { catalog, note });
        if (rows.length === 0) return [];
      }
      return [{ selector: group.selector, rows }];
    });
    return { sourceType, groups };
  });
  const found = answers.findIndex(({ groups }) => groups.length > 0);
  if (found > 0) note("source type: fallback used");
  return answers[Math.max(found, 0)] ?? { sourceType: "", groups: [] };
}

function selectGroups(
  catalog: readonly Row[],
  { filters, groupBy }: PlainRequirement,
  note: Note,
): readonly Group[] {
  const selected = catalog.filter((row) => {
    const fitting = filters.filter((filter) => matches(row, filter));
    if (filters.length > 1 && fitting.length === 1) note("filter: one of several matches");
    return filters.length === 0 || fitting.length > 0;
  });
  const { parts, unkeyed } = subgroups(selected, groupBy);
  if (unkeyed.length > 0) note("group-by: row without key dropped");
  const groups = parts.map((rows) => ({
    rows,
    order: groupBy.map((facet) => valueOf(rows[0] as Row, facet) ?? ""),
    selector: [...groupBy]
      .sort(compareText)
      .map((facet) => [facet, valueOf(rows[0] as Row, facet) ?? ""] as const),
  }));
  return groups.sort((a, b) => {
    const at = a.order.findIndex((value, index) => value !== b.order[index]);
    return at < 0 ? 0 : compareText(a.order[at] ?? "", b.order[at] ?? "");
  });
}

type Chosen = readonly (readonly Group[])[];

/** Required requirements: the product of their groups, the last varying fastest; optional ones: all groups that agree. */
function combinations(
  set: readonly PlainRequirement[],
  answers: readonly Answer[],
  note: Note,
): readonly Chosen[] {
  let partial: Chosen[] = [set.map(() => [])];
  for (const [at, requirement] of set.entries()) {
    if (requirement.optional === true) continue;
    partial = partial.flatMap((chosen) =>
      (answers[at]?.groups ?? []).map((group) => chosen.with(at, [group])),
    );
  }
  const agreed = partial.filter((chosen) =>
    set.every((requirement, at) => requirement.optional === true || joins(set, chosen, at)),
  );
  if (agreed.length < partial.length) note("join: excludes");
  if (agreed.length > 1 && set.filter(({ optional }) => optional !== true).length > 1)
    note("product: several");
  return agreed.map((chosen) =>
    chosen.map((groups, at) => {
      if (set[at]?.optional !== true) return groups;
      const fitting = (answers[at]?.groups ?? []).filter((group) => joins(set, chosen.with(at, [group]), at));
      note(fitting.length > 0 ? "optional: there" : "optional: absent");
      return fitting;
    }),
  );
}

/** True if a requirement's group agrees with every other that it names, or that names it. */
function joins(set: readonly PlainRequirement[], chosen: Chosen, at: number): boolean {
  const agree = (left: number, right: number, facets: readonly string[]): boolean => {
    const [a] = chosen[left] ?? [];
    const [b] = chosen[right] ?? [];
    if (a === undefined || b === undefined) return true;
    const value = (selector: Selector, facet: string) => selector.find(([name]) => name === facet)?.[1];
    return facets.every((facet) => value(a.selector, facet) === value(b.selector, facet));
  };
  return set.every((requirement, left) =>
    Object.entries(requirement.sameFacets ?? {}).every(([name, facets]) => {
      const right = set.findIndex((other) => labelOf(other) === name);
      return (left !== at && right !== at) || agree(left, right, facets);
    }),
  );
}

/** `type` or `type.name` with the selector, of the required requirements, source types in alphabetical order. */
function keyParts(
  set: readonly PlainRequirement[],
  answers: readonly Answer[],
  chosen: Chosen,
): readonly (readonly [string, Selector])[] {
  const required = set.flatMap((requirement, at) => (requirement.optional === true ? [] : [at]));
  const typeOf = (at: number): string => answers[at]?.sourceType ?? "";
  return required
    .map((at, place) => {
      const isFirst = required.findIndex((other) => typeOf(other) === typeOf(at)) === place;
      const prefix = isFirst ? typeOf(at) : `${typeOf(at)}.${labelOf(set[at] as PlainRequirement)}`;
      return { type: typeOf(at), part: [prefix, chosen[at]?.[0]?.selector ?? []] as const };
    })
    .sort((a, b) => compareText(a.type, b.type))
    .map(({ part }) => part);
}

function describe(
  set: readonly PlainRequirement[],
  answers: readonly Answer[],
  chosen: Chosen,
): Pick<OracleGroup, "key" | "datasets" | "compatHash"> {
  const parts = set.flatMap((requirement, at) => {
    const rows = [...new Set((chosen[at] ?? []).flatMap((group) => group.rows))];
    return rows.length === 0
      ? []
      : [{ label: labelOf(requirement), type: answers[at]?.sourceType ?? "", rows }];
  });
  const key = keyParts(set, answers, chosen)
    .map(([prefix, selector]) => `${prefix}_${selector.map(([, value]) => value).join("_")}`)
    .join("__");
  const datasets = parts.map(({ label, rows }) => [
    label,
    [...new Set(rows.map(({ id }) => id))].sort(compareText),
  ]);
  const lines = [...Map.groupBy(parts, ({ type }) => type)].map(([type, ofType]) => {
    const ids = ofType.flatMap(({ rows }) => rows.map(({ id }) => id)).sort(compareText);
    return `${type}:${sha1(ids.join("\n"))}`;
  });
  return {
    key,
    datasets: Object.fromEntries(datasets) as OracleGroup["datasets"],
    compatHash: sha1(lines.sort(compareText).join("\n")),
  };
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
