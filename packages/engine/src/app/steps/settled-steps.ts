import type { Action } from "../../core/steps/action.ts";
import type { StepHistory } from "../../core/steps/history.ts";
import type { Step } from "../../core/steps/step.ts";

/** Steps of a build whose outputs are known, by number. */
export interface SettledSteps {
  has(number: number): boolean;
  /** The action of a settled step: of a stored one a new object each time. */
  get(number: number): Action | undefined;
  set(number: number, action: Action): void;
  /** Output digest of a product of a settled step. */
  digest(number: number, product: string): string | undefined;
  /** Steps whose stored action is not the one that their names point at. */
  notCurrent(): Generator<readonly [number: number, action: Action]>;
}

/**
 * No settled steps yet. Of a stored action its ordinal is kept and, where there is but one, its output's digest: the store
 * holds the rest, and a hundred thousand decoded actions would be most of a build's memory.
 */
export function createSettledSteps(
  steps: readonly Step[],
  history: Pick<StepHistory, "at" | "isCurrent">,
): SettledSteps {
  const ordinals = new Int32Array(steps.length).fill(-1);
  const digests = new Array<string | undefined>(steps.length);
  /** Actions that are not stored: saved products. */
  const others = new Map<number, Action>();
  const stored = (number: number): number => ordinals[number] ?? -1;
  const get = (number: number): Action | undefined => {
    const ordinal = stored(number);
    return ordinal >= 0 ? history.at(ordinal) : others.get(number);
  };
  return {
    get,
    has: (number) => stored(number) >= 0 || others.has(number),
    set: (number, action) => {
      ordinals[number] = action.ordinal;
      digests[number] = onlyDigest(action, steps[number]);
      if (action.ordinal < 0) others.set(number, action);
    },
    digest: (number, product) =>
      digests[number] ?? get(number)?.outputs.find((output) => output.product === product)?.digest,
    notCurrent: function* () {
      for (const [number, ordinal] of ordinals.entries())
        if (ordinal >= 0 && !history.isCurrent(ordinal)) yield [number, history.at(ordinal)];
    },
  };
}

/** The digest of an action's output if that is all the step produces. */
function onlyDigest({ outputs }: Action, step: Step | undefined): string | undefined {
  const [output] = outputs;
  return step?.produces.length === 1 && output?.product === step.produces[0] ? output?.digest : undefined;
}
