import type { LooseStep } from "../../src/core/steps/pipeline.ts";
import { pipelineOf } from "../../src/entry/library/steps.ts";

/** A pipeline of steps s0, s1, …, each of which adds one to what the step before produces: p0 is 1. Given last step first. */
export function chainPipeline(length: number): ReturnType<typeof pipelineOf> {
  const steps = Array.from(
    { length },
    (_, at): LooseStep => ({
      id: `s${at}`,
      produces: `p${at}`,
      requires: at === 0 ? [] : [`p${at - 1}`],
      version: "1",
      run: (inputs: Record<string, number>) => (inputs[`p${at - 1}`] ?? 0) + 1,
    }),
  );
  return pipelineOf("chain", steps.toReversed());
}
