import type { MapDeclaration, Produced, StepDeclaration } from "./declaration.ts";
import type { StepGraph } from "./graph.ts";
import { type AnyFunction, type Names, namesOf, type Step, type StepOptions } from "./step.ts";
import { appendStep, emptyLog, graphOfLog, type StepLog } from "./step-log.ts";

/** A class, a schema with `parse`, or an object of defaults: where a pipeline's configuration comes from. */
export type ConfigSource<C> = (new () => C) | { readonly parse: (input: unknown) => C } | (C & object);

/** The configuration's type, from its source. */
export type ConfigOf<S> = S extends new () => infer C
  ? C
  : S extends { readonly parse: (input: unknown) => infer C }
    ? C
    : S;

/** How to declare a pipeline. */
export interface PipelineOptions<S> {
  /** Where configurations come from when none is given. */
  readonly config?: S;
  /** Address of the declaring module, `import.meta.url`; found from the call where it is not given. */
  readonly module?: string;
  /** What to do with code that cannot be followed: `error` (default), or run the step each time. */
  readonly unfollowed?: "error" | "always-stale";
}

/**
 * A pipeline: steps by what they produce and require. Each method returns a new pipeline; products are typed by the steps
 * that produce them, so that requiring one that no earlier step produces does not compile.
 * @typeParam C the configuration
 * @typeParam P products by name
 */
export interface Pipeline<C, P> {
  readonly name: string;
  readonly options: PipelineOptions<unknown>;
  /** Adds a step. @throws PIPELINE_INVALID when its declaration is wrong */
  step<
    const N extends Names = readonly [],
    const R extends readonly (keyof P & string)[] = readonly [],
    O = unknown,
  >(id: string, declaration: StepDeclaration<C, P, N, R, O>): Pipeline<C, P & Produced<N, O>>;
  /** Adds a step that runs once for each item of a product. @throws PIPELINE_INVALID when its declaration is wrong */
  map<
    const N extends string,
    const V extends keyof P & string,
    const R extends readonly (keyof P & string)[] = readonly [],
    O = unknown,
  >(id: string, declaration: MapDeclaration<C, P, N, V, R, O>): Pipeline<C, P & Record<N, Awaited<O>[]>>;
  /** Declares a product that is saved from outside; it counts by its digest. */
  input<const N extends string, T = unknown>(product: N): Pipeline<C, P & Record<N, T>>;
  /** The steps in the order of their declaration. */
  steps(): readonly Step[];
  /** Who needs whom. @throws PIPELINE_INVALID */
  graph(): StepGraph;
  /** For runners: sources that were found to be what the program runs, by path, with the time and text they had. */
  comparedSources(): Map<string, string>;
}

/**
 * Begins a pipeline.
 * @param name part of every key: two pipelines do not share results
 * @example pipeline("squares").step("numbers", { produces: "numbers", run: () => [1, 2, 3] })
 */
export function declarePipeline<S = unknown>(
  name: string,
  options: PipelineOptions<S> = {},
): Pipeline<ConfigOf<S>, Record<never, never>> {
  return pipelineOf(name, options, emptyLog(true));
}

/**
 * A pipeline of steps in any order. Products are not typed: each step types its own.
 * @throws PIPELINE_INVALID as `graph` does
 */
export function pipelineOfSteps<S = unknown>(
  name: string,
  steps: readonly LooseStep[],
  options: PipelineOptions<S> = {},
): Pipeline<ConfigOf<S>, Record<string, unknown>> {
  let log = emptyLog(false);
  for (const step of steps) log = appendStep(log, stepOf(step.id, step));
  const pipeline = pipelineOf<ConfigOf<S>, Record<string, unknown>>(name, options, log);
  pipeline.graph();
  return pipeline;
}

/** A step of an unordered list: its name and what `.step` takes; its function types its arguments itself. */
export interface LooseStep extends StepOptions<never> {
  readonly id: string;
  readonly produces?: Names;
  readonly requires?: Names;
  readonly run: AnyFunction;
}

// allow-parameters: name, options and steps are what a pipeline is
function pipelineOf<C, P>(name: string, options: PipelineOptions<unknown>, log: StepLog): Pipeline<C, P> {
  let joined: StepGraph | undefined;
  let compared: Map<string, string> | undefined;
  const next = <Q>(step: Step): Pipeline<C, Q> => pipelineOf<C, Q>(name, options, appendStep(log, step));
  return {
    name,
    options,
    step: (id, declaration) => next(stepOf(id, declaration)),
    map: (id, { item, over, requires = [], produces, ...others }) =>
      next({
        id,
        kind: "map",
        produces: namesOf(produces),
        requires: [over, ...requires],
        run: item,
        over,
        ...(others.itemName === undefined ? {} : { itemName: others.itemName as (item: never) => string }),
        options: others,
      }),
    input: (product) =>
      next({ id: product, kind: "input", produces: [product], requires: [], run: undefined, options: {} }),
    steps: () => log.steps.slice(0, log.length),
    graph: () => {
      joined ??= graphOfLog(name, log);
      return joined;
    },
    comparedSources: () => {
      compared ??= new Map();
      return compared;
    },
  };
}

function stepOf(
  id: string,
  declaration: { readonly produces?: Names; readonly requires?: Names; readonly run: Step["run"] },
): Step {
  const { produces, requires } = declaration;
  return {
    id,
    kind: "step",
    produces: namesOf(produces),
    requires: namesOf(requires),
    run: declaration.run,
    options: declaration as Step["options"],
  };
}
