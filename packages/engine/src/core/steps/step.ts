import type { Codec } from "./codec.ts";

/** One name or several. */
export type Names = string | readonly string[];

/** Anything that can be called; the arguments of steps are typed by the builder and erased here. */
export type AnyFunction = (...inputs: never[]) => unknown;

/** What a running step gets beside its arguments. */
export interface StepContext {
  /** Aborted when the build is stopped. */
  readonly signal: AbortSignal;
  /** 1 at first, counted up by retries; not part of the key. */
  readonly attempt: number;
  /** The step's declared seed. */
  readonly seed: unknown;
  /** What a killed or grown run of this step left behind. */
  readonly checkpoint: Checkpoint;
  /** Tells how far it is. */
  progress(report: { readonly fraction?: number; readonly text?: string }): void;
}

/** Keeps a state that a later run of the step can go on from. */
export interface Checkpoint {
  /** The last state saved from the same ingredients; undefined when there is none. */
  load(): Promise<unknown>;
  /** Replaces it, durably. */
  save(state: unknown): Promise<void>;
}

/** What can be said of a step beside its products, requirements and function. */
export interface StepOptions<C = unknown> {
  /** Configuration paths that count, such as `mesh.cellsize`; without it those that the step is seen to read. */
  readonly uses?: readonly string[];
  /** Stands for the step's code: change it when the code changes. Without it the source is followed. */
  readonly version?: string;
  /** Values of captured variables by name; they count by value. */
  readonly captures?: Readonly<Record<string, unknown>>;
  /** Files and folders whose content counts, relative to the working directory. */
  readonly files?: readonly string[] | ((config: C) => readonly string[]);
  /** Names of environment variables that count; `node`, `platform` and `arch` name those of the running program. */
  readonly environment?: readonly string[];
  /** Counts by value; handed over in the context. */
  readonly seed?: unknown;
  /** How often to try again after a failure; default 0. */
  readonly retries?: number;
  /** Codecs by product, before the general ones. */
  readonly codecs?: Readonly<Record<string, Codec>>;
  /**
   * Checkpoints stay valid when these configuration paths change, such as a step budget. What is loaded may come from a larger
   * budget than the present one: the step must not go on from a state beyond its end.
   */
  readonly checkpoints?: { readonly across: readonly string[] };
  /** `existence`: whatever is stored is taken, without a key. */
  readonly freshness?: "existence";
}

/** A declared step as graph and runner see it. */
export interface Step {
  /** Unique in its pipeline. */
  readonly id: string;
  readonly kind: "step" | "map" | "input";
  readonly produces: readonly string[];
  readonly requires: readonly string[];
  /** Absent for an input. For a map step the function of one item. */
  readonly run: AnyFunction | undefined;
  /** The product whose items a map step goes over; it is among the requirements. */
  readonly over?: string;
  /** Text for people that names an item. */
  readonly itemName?: (item: never) => string;
  readonly options: StepOptions<never>;
}

/** The names as a list. */
export function namesOf(names: Names | undefined): readonly string[] {
  if (names === undefined) return [];
  return typeof names === "string" ? [names] : names;
}
