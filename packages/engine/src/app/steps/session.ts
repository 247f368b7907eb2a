import { AlmanacError } from "../../core/errors.ts";
import { nearestNames } from "../../core/identity/nearest-names.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import type { Codec } from "../../core/steps/codec.ts";
import type { StepGraph } from "../../core/steps/graph.ts";
import type { PipelineOptions } from "../../core/steps/pipeline.ts";
import type { AnyFunction, Step } from "../../core/steps/step.ts";
import type { Clock } from "../../ports/clock.ts";
import type { CodeIdentity } from "../../ports/code-identity.ts";
import type { OpenProductStore, ProductStore } from "../../ports/product-store.ts";
import type { StepInputs } from "../../ports/step-inputs.ts";
import type { EventHub } from "./event-hub.ts";

/** What building needs of the world. */
export interface StepPorts {
  readonly store: ProductStore;
  readonly code: CodeIdentity;
  readonly inputs: StepInputs;
  readonly clock: Clock;
}

/** How builds of a runner go unless a call says otherwise. */
export interface RunnerOptions {
  /** Steps at once; default 4. */
  readonly jobs?: number;
  /** Codecs of the user's, before the built-in ones. */
  readonly codecs?: readonly Codec[];
}

/**
 * How many steps, or items of a map step, run at once.
 * @throws USAGE when it is no whole number from 1 on
 */
export function jobsOf(
  { options }: Pick<RunnerSession, "options">,
  { jobs = options.jobs ?? 4 }: { readonly jobs?: number },
): number {
  if (Number.isSafeInteger(jobs) && jobs > 0) return jobs;
  throw new AlmanacError("USAGE", `${jobs} steps cannot run at once`, { hint: "let jobs be 1 or more" });
}

/** A value in memory under the digest of what it is. */
export interface Remembered {
  readonly digest: string;
  readonly value: unknown;
}

/** What lives as long as a runner does. */
export interface RunnerSession {
  readonly graph: StepGraph;
  readonly options: RunnerOptions;
  /** The user's codecs, then the built-in ones. */
  readonly codecs: readonly Codec[];
  readonly pipeline: Pick<PipelineOptions<unknown>, "module" | "unfollowed">;
  readonly configuration: unknown;
  readonly ports: StepPorts;
  readonly events: EventHub;
  /** Products of this session by name. */
  readonly memory: Map<string, Remembered>;
  /** Code by step number, once it is known. */
  readonly code: CodeFacts[];
  /** Code of captured functions. */
  readonly capturedCode: Map<AnyFunction, CodeFacts>;
  /** Steps that run now, by what they run for. */
  readonly flights: Map<string, Promise<void>>;
  /** Steps that run now, by number. */
  readonly running: Set<number>;
  /** The store, opened when it is first needed. */
  store(): Promise<OpenProductStore>;
}

/** Pipeline and step, as the store knows a step. */
export function storeName({ graph }: Pick<RunnerSession, "graph">, step: Step): string {
  return `${graph.name}/${step.id}`;
}

/** The step of a number. */
export function stepAt({ graph }: Pick<RunnerSession, "graph">, number: number): Step {
  const step = graph.steps[number];
  if (step === undefined) throw new RangeError(`there is no step ${number}`);
  return step;
}

/**
 * The number of the step that makes a product, or of a step without product by its name.
 * @throws UNKNOWN_NAME listing what there is, nearest names first
 */
// allow-parameters: the pipeline, what is asked for, and what else could have been meant
export function requireProducer(
  { graph }: Pick<RunnerSession, "graph">,
  name: string,
  saved: Iterable<string> = [],
): number {
  const producer = graph.producers.get(name);
  if (producer !== undefined) return producer;
  const bare = graph.steps.findIndex(({ id, produces }) => id === name && produces.length === 0);
  if (bare >= 0) return bare;
  const step = graph.steps.find(({ id }) => id === name);
  if (step !== undefined)
    throw new AlmanacError("UNKNOWN_NAME", `"${name}" is a step, not a product`, {
      hint: `ask for what it produces: ${step.produces.join(", ")}`,
      facts: { name, near: step.produces },
    });
  throw unknownProduct(name, [...graph.producers.keys(), ...saved]);
}

const mostListed = 20;

/** The error of a product that does not exist. @param available names that do */
export function unknownProduct(name: string, available: readonly string[]): AlmanacError {
  const near = nearestNames(name, available);
  const others = [...new Set(available)].filter((each) => !near.includes(each)).sort();
  const listed = [...near, ...others].slice(0, mostListed);
  const more = near.length + others.length - listed.length;
  return new AlmanacError("UNKNOWN_NAME", `there is no product "${name}"`, {
    hint:
      listed.length === 0
        ? "the pipeline has no products"
        : `products: ${listed.join(", ")}${more > 0 ? ` and ${more} more` : ""}`,
    facts: { name, near },
  });
}
