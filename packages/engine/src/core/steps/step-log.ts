import { type ArgumentsOf, checkStep } from "./check-step.ts";
import { buildGraph, type StepGraph, twoProducers, unknownRequirement } from "./graph.ts";
import { destructuredNames } from "./parameters.ts";
import type { Step } from "./step.ts";

/**
 * Steps in the order of declaration. Pipelines that grow from each other share one list, of which each sees the first
 * `length`: adding a step costs the same however many there are.
 */
export interface StepLog {
  readonly steps: Step[];
  readonly producers: Map<string, number>;
  readonly length: number;
  /** True if a requirement must have been produced before. */
  readonly ordered: boolean;
  /** The names that a function's text takes as arguments; many steps are often made with one text. */
  readonly argumentsOf: ArgumentsOf;
}

/** Steps as they are declared, none yet. @param ordered a step requires only what earlier ones produce */
export function emptyLog(ordered: boolean): StepLog {
  return { steps: [], producers: new Map(), length: 0, ordered, argumentsOf: rememberedArguments() };
}

function rememberedArguments(): ArgumentsOf {
  const known = new Map<string, readonly string[] | undefined>();
  return (source) => {
    if (!known.has(source)) known.set(source, destructuredNames(source));
    return known.get(source);
  };
}

/**
 * The steps and one more.
 * @throws PIPELINE_INVALID when the step is wrong, its product is produced already, or (ordered) what it requires is not
 */
export function appendStep(log: StepLog, step: Step): StepLog {
  const { steps, producers, length, ordered, argumentsOf } =
    log.steps.length === log.length ? log : copyOf(log);
  checkStep(step, argumentsOf);
  for (const product of step.requires)
    if (ordered && !step.produces.includes(product) && !producers.has(product))
      throw unknownRequirement(step.id, product, producers.keys());
  if (ordered && step.produces.some((product) => step.requires.includes(product))) buildGraph("", [step]);
  for (const product of step.produces) {
    const other = producers.get(product);
    if (other !== undefined) throw twoProducers(product, [steps[other]?.id ?? "", step.id]);
  }
  for (const product of step.produces) producers.set(product, length);
  steps.push(step);
  return { steps, producers, length: length + 1, ordered, argumentsOf };
}

/** A list of its own for a pipeline that branches off. */
function copyOf({ steps, length, ordered, argumentsOf }: StepLog): StepLog {
  const own = steps.slice(0, length);
  const producers = new Map(
    own.flatMap(({ produces }, number) => produces.map((product) => [product, number] as const)),
  );
  return { steps: own, producers, length, ordered, argumentsOf };
}

/** The graph of the steps. @throws PIPELINE_INVALID */
export function graphOfLog(name: string, { steps, length }: StepLog): StepGraph {
  return buildGraph(name, steps.slice(0, length));
}
