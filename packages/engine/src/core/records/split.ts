import { compareCodeUnits } from "../identity/compare.ts";
import { digestOf } from "../identity/digest.ts";
import type { Rid } from "../identity/rid.ts";
import { err, ok, type Result } from "../result.ts";
import { largestRemainders, proportionalTable } from "./apportion.ts";
import { type KeyUnit, keyedParts } from "./keyed-parts.ts";
import { requestProblems, type SplitItem, type SplitRequest, wantedMembers } from "./split-request.ts";

/** One part of a split. */
export interface SplitPart {
  readonly name: string;
  /** Members in code-unit order of their RIDs. */
  readonly members: readonly Rid[];
  /** How many keys they have; absent without keys. */
  readonly keys?: number;
  /** Stratum → members, in code-unit order; empty without strata. */
  readonly strata: Readonly<Record<string, number>>;
}

/** Members divided into parts. */
export interface Split {
  readonly parts: readonly SplitPart[];
  /** What no part got, because the parts do not ask for everything. */
  readonly leftOut: readonly Rid[];
}

/**
 * Divides members into parts: each member goes to one part or is left out, members of one key stay together, and each
 * part has of each stratum its share. Every part gets something. Without keys the sizes are the largest remainders of
 * what is asked, and a part has of a stratum its exact share rounded down or up; with keys they come as near as moving
 * single keys and exchanging two can bring them.
 *
 * Chance is the order by SHA-256 of the seed and a member's RID (or its key): the order of `items` does not matter, and
 * a member more leaves the order of the others.
 * @returns the parts in the order they were asked for, or everything that makes it impossible
 */
export function splitMembers(
  items: readonly SplitItem[],
  request: SplitRequest,
): Result<Split, readonly string[]> {
  const problems = requestProblems(items, request);
  if (problems.length > 0) return err(problems);
  const { seed, parts } = request;
  const wanted = parts.map((part) => wantedMembers(part, items.length));
  const left = items.length - wanted.reduce((sum, count) => sum + count, 0);
  // Round-off of fractions that take everything must leave nothing out.
  const all = left * 1e9 > items.length ? [...wanted, left] : wanted;
  const division: Division = { seed, wanted: all, asked: parts.length };
  const divided = items[0]?.key === undefined ? byMember(items, division) : byKey(items, division);
  const missed = items[0]?.key === undefined ? [] : missedCounts(divided, request);
  if (missed.length > 0) return err(missed);
  return ok({
    parts: parts.map(({ name }, at) => partOf(name, divided[at] ?? [])),
    leftOut: inOrder(divided[parts.length] ?? []),
  });
}

interface Division {
  readonly seed: number;
  /** Members of each part, and of what is left out if there is such. */
  readonly wanted: readonly number[];
  /** How many of them are parts. */
  readonly asked: number;
}

type Divided = readonly (readonly SplitItem[])[];

function byMember(items: readonly SplitItem[], division: Division): Divided {
  const { seed, asked } = division;
  const sizes = withoutEmpty(largestRemainders(division.wanted), asked);
  const strata = [...groupBy(items, ({ stratum = "" }) => stratum)];
  const shuffled = shuffle(strata, { seed, name: ([stratum]) => stratum });
  const table = proportionalTable(
    shuffled.map(([, members]) => members.length),
    sizes,
  );
  const parts: SplitItem[][] = sizes.map(() => []);
  for (const [row, [, members]] of shuffled.entries()) {
    let from = 0;
    const ordered = shuffle(members, { seed, name: ({ rid }) => rid });
    for (const [part, count] of (table[row] ?? []).entries()) {
      // One at a time: more arguments than fit on the stack would be an error.
      for (const member of ordered.slice(from, from + count)) parts[part]?.push(member);
      from += count;
    }
  }
  return parts;
}

/** Sizes in which every part has a member: what is left out gives to those that would have none, then the largest. */
function withoutEmpty(sizes: readonly number[], asked: number): readonly number[] {
  const filled = [...sizes];
  for (let part = filled.indexOf(0); part >= 0 && part < asked; part = filled.indexOf(0)) {
    const giving = (filled[asked] ?? 0) > 0 ? asked : filled.indexOf(Math.max(...filled));
    filled[giving] = (filled[giving] ?? 0) - 1;
    filled[part] = 1;
  }
  return filled;
}

function byKey(items: readonly SplitItem[], { seed, wanted, asked }: Division): Divided {
  const strata = [...groupBy(items, ({ stratum = "" }) => stratum)].toSorted(byName);
  const places = new Map(strata.map(([stratum], at) => [stratum, at]));
  const keys = [...groupBy(items, ({ key = "" }) => key)];
  const shuffled = shuffle(keys, { seed, name: ([key]) => key });
  const units = shuffled.map(([, members]) => unitOf(members, places));
  const counts = strata.map(([, members]) => members.length);
  const partOfUnit = keyedParts(units, { wanted, strata: counts, filled: asked });
  const parts: SplitItem[][] = wanted.map(() => []);
  for (const [at, [, members]] of shuffled.entries())
    for (const member of members) parts[partOfUnit[at] ?? 0]?.push(member);
  return parts;
}

function unitOf(members: readonly SplitItem[], places: ReadonlyMap<string, number>): KeyUnit {
  const strata = new Map<number, number>();
  for (const { stratum = "" } of members) {
    const place = places.get(stratum) ?? 0;
    strata.set(place, (strata.get(place) ?? 0) + 1);
  }
  return { strata, size: members.length };
}

function missedCounts(divided: Divided, { parts }: SplitRequest): readonly string[] {
  return parts.flatMap((part, at) => {
    const got = divided[at]?.length ?? 0;
    if (!("count" in part) || part.count === got) return [];
    return [
      `"${part.name}" asks for ${part.count} members; with whole keys ${got} is what was found: ask for a fraction`,
    ];
  });
}

function partOf(name: string, members: readonly SplitItem[]): SplitPart {
  const stratified = members[0]?.stratum !== undefined;
  const strata = [...groupBy(members, ({ stratum = "" }) => stratum)].toSorted(byName);
  return {
    name,
    members: inOrder(members),
    ...(members[0]?.key === undefined ? {} : { keys: new Set(members.map(({ key }) => key)).size }),
    strata: stratified ? Object.fromEntries(strata.map(([stratum, own]) => [stratum, own.length])) : {},
  };
}

function inOrder(members: readonly SplitItem[]): readonly Rid[] {
  return members.map(({ rid }) => rid).toSorted(compareCodeUnits);
}

function groupBy(
  items: readonly SplitItem[],
  name: (item: SplitItem) => string,
): ReadonlyMap<string, readonly SplitItem[]> {
  return Map.groupBy(items, name);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return compareCodeUnits(a, b);
}

/** Puts things into the order of a seed. */
function shuffle<T>(
  things: readonly T[],
  { seed, name }: { readonly seed: number; readonly name: (thing: T) => string },
): readonly T[] {
  return things
    .map((thing) => ({ thing, place: digestOf(["split", seed, name(thing)]) }))
    .toSorted((a, b) => compareCodeUnits(a.place, b.place))
    .map(({ thing }) => thing);
}
