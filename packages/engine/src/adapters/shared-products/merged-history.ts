import type { StepHistory } from "../../core/steps/history.ts";
import { shapeDigest } from "../../core/steps/reading.ts";
import { type SharedIndex, sharedAction, sharedOrdinal } from "./shared-index.ts";

/**
 * The own history, and after it what others left. A step that was invalidated here is not taken from them until it has run again;
 * names, failures, accepted changes and saved products are everybody's own.
 */
export function mergedHistory(own: StepHistory, shared: () => SharedIndex): StepHistory {
  const isBarred = (step: string): boolean => own.invalidation(step.replace(/\[\]$/, "")) !== undefined;
  return {
    ...own,
    shapes: (step) => {
      const known = own.shapes(step);
      const others = isBarred(step) ? [] : shared().shapes(step);
      if (others.length === 0) return known;
      const digests = new Set(known.map(shapeDigest));
      return [...known, ...others.filter((shape) => !digests.has(shapeDigest(shape)))];
    },
    action: (key) => {
      const found = own.action(key);
      if (found !== undefined) return found;
      const record = shared().record(key);
      return record === undefined || isBarred(record.step) ? undefined : sharedAction(record);
    },
    withOwn: (step, digest) => {
      const found = own.withOwn(step, digest);
      if (isBarred(step)) return found;
      const known = new Set(found.map(({ key }) => key));
      const others = shared()
        .withOwn(step, digest)
        .filter(({ key }) => !known.has(key));
      return [...found, ...others.map(sharedAction)];
    },
    record: (action) => {
      const record = action.ordinal === sharedOrdinal ? shared().record(action.key) : undefined;
      return record ?? own.record(action);
    },
    code: (digest) => own.code(digest) ?? shared().code(digest),
    holds: (output) =>
      own.holds(output) || (output.codec !== "live" && shared().origin(output.digest) !== undefined),
  };
}
