import { Defect } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import type { FeatureValue } from "./feature.ts";

/** Which of several values of one target is taken. */
export type FeatureSelector =
  | { readonly by: "newest" | "first" }
  | { readonly by: "execution"; readonly execution: Rid }
  /** The newest that this workflow made. */
  | { readonly by: "workflow"; readonly workflow: Rid }
  /**
   * The newest of those that hold what most of them hold: in one column, or in all. Null is no vote unless nothing else
   * is given. Of equally many votes the value that was given last wins.
   */
  | { readonly by: "majority"; readonly column?: string };

/**
 * The value of one target that a selector takes.
 * @param values of one feature and one target, oldest first
 * @returns undefined when there is none that fits
 */
export function selectFeatureValue(
  values: readonly FeatureValue[],
  selector: FeatureSelector,
): FeatureValue | undefined {
  switch (selector.by) {
    case "newest":
      return values.at(-1);
    case "first":
      return values[0];
    case "execution":
      return values.findLast(({ execution }) => execution === selector.execution);
    case "workflow":
      return values.findLast(({ workflow }) => workflow === selector.workflow);
    case "majority":
      return mostVoted(values, selector.column);
  }
}

function mostVoted(values: readonly FeatureValue[], column: string | undefined): FeatureValue | undefined {
  const vote = ({ values: held }: FeatureValue): string => {
    if (column === undefined) return JSON.stringify(held);
    if (!Object.hasOwn(held, column)) throw new Defect(`there is no column "${column}" to vote in`);
    return JSON.stringify(held[column]);
  };
  const cast = values.map((value) => ({ value, text: vote(value) }));
  const counted = cast.some(({ text }) => text !== "null")
    ? cast.filter(({ text }) => text !== "null")
    : cast;
  const votes = new Map<string, number>();
  for (const { text } of counted) votes.set(text, (votes.get(text) ?? 0) + 1);
  const most = Math.max(0, ...votes.values());
  return counted.findLast(({ text }) => votes.get(text) === most)?.value;
}
