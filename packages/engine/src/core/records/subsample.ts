import type { Rid } from "../identity/rid.ts";
import { ok, type Result } from "../result.ts";
import { splitMembers } from "./split.ts";
import type { PartRequest, SplitItem } from "./split-request.ts";

/** How a sample is to be drawn: its share of all members, above 0 to 1, or how many; and the seed of the choice. */
export type SubsampleRequest = ({ readonly fraction: number } | { readonly count: number }) & {
  readonly seed: number;
};

/**
 * Draws members without replacement, as the one part of a split: whole keys, strata in proportion, the same for the same
 * seed. Of one seed a smaller sample without keys and strata lies in every larger one.
 * @returns the sample in code-unit order of RIDs, or everything that makes it impossible
 */
export function subsampleMembers(
  items: readonly SplitItem[],
  { seed, ...size }: SubsampleRequest,
): Result<readonly Rid[], readonly string[]> {
  const part: PartRequest = { name: "sample", ...size };
  const split = splitMembers(items, { parts: [part], seed });
  return split.ok ? ok(split.value.parts[0]?.members ?? []) : split;
}
