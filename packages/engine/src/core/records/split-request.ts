import type { Rid } from "../identity/rid.ts";

/** A member to be divided. */
export interface SplitItem {
  readonly rid: Rid;
  /** Members of one key stay together; given for all members or for none. */
  readonly key?: string;
  /** The proportions of strata are kept in every part; given for all members or for none. */
  readonly stratum?: string;
}

/** A part that is asked for: its share of all members, above 0 to 1, or how many members. */
export type PartRequest =
  | { readonly name: string; readonly fraction: number }
  | { readonly name: string; readonly count: number };

/** How members are to be divided. */
export interface SplitRequest {
  readonly parts: readonly PartRequest[];
  /** Whole number from 0. Which members go where follows from it and from their names alone. */
  readonly seed: number;
}

/** Sums of decimal fractions such as 0.7 + 0.2 + 0.1 miss their whole number by less. */
const roundOff = 1e-9;

/** What a part asks for, in members; not rounded. @param total how many members there are */
export function wantedMembers(part: PartRequest, total: number): number {
  const wanted = "count" in part ? part.count : part.fraction * total;
  return Math.abs(wanted - Math.round(wanted)) < roundOff * total ? Math.round(wanted) : wanted;
}

/** Everything that makes a request impossible; empty when there is nothing. */
export function requestProblems(
  items: readonly SplitItem[],
  { parts, seed }: SplitRequest,
): readonly string[] {
  return [
    ...partProblems(parts),
    ...(Number.isSafeInteger(seed) && seed >= 0 ? [] : [`the seed ${seed} is not a whole number from 0`]),
    ...itemProblems(items),
    ...sizeProblems(items, parts),
  ];
}

function partProblems(parts: readonly PartRequest[]): readonly string[] {
  const names = parts.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return [
    ...(parts.length === 0 ? ["no part is asked for"] : []),
    ...(names.includes("") ? ["a part has no name"] : []),
    ...new Set(twice.map((name) => `two parts are called "${name}"`)),
    ...parts.flatMap((part) => {
      if ("count" in part)
        return Number.isSafeInteger(part.count) && part.count > 0
          ? []
          : [`"${part.name}" asks for ${part.count} members: not a whole number from 1`];
      return part.fraction > 0 && part.fraction <= 1
        ? []
        : [`"${part.name}" asks for the fraction ${part.fraction}: not above 0 and at most 1`];
    }),
  ];
}

function itemProblems(items: readonly SplitItem[]): readonly string[] {
  const lacking = (what: "key" | "stratum"): readonly string[] => {
    const without = items.filter((item) => item[what] === undefined).length;
    return without === 0 || without === items.length
      ? []
      : [`${without} of ${items.length} members have no ${what}`];
  };
  const twice = items.length - new Set(items.map(({ rid }) => rid)).size;
  return [
    ...(items.length === 0 ? ["there are no members to divide"] : []),
    ...(twice === 0 ? [] : [`${twice} members come twice`]),
    ...lacking("key"),
    ...lacking("stratum"),
  ];
}

function sizeProblems(items: readonly SplitItem[], parts: readonly PartRequest[]): readonly string[] {
  const total = items.length;
  if (total === 0) return [];
  const fractions = parts.reduce((sum, part) => sum + ("fraction" in part ? part.fraction : 0), 0);
  const wanted = parts.reduce((sum, part) => sum + wantedMembers(part, total), 0);
  const tooMany =
    fractions > 1 + roundOff
      ? `the fractions add up to ${Number(fractions.toFixed(6))}, more than 1`
      : wanted > total * (1 + roundOff)
        ? `the parts ask for ${Number(wanted.toFixed(1))} of ${total} members`
        : undefined;
  const units = new Set(items.map(({ rid, key }) => key ?? rid)).size;
  const what =
    items[0]?.key === undefined ? (units === 1 ? "member" : "members") : units === 1 ? "key" : "keys";
  return [
    ...(tooMany === undefined ? [] : [tooMany]),
    ...(units < parts.length ? [`${units} ${what} cannot fill ${parts.length} parts`] : []),
  ];
}
