import type { Reason } from "./reason.ts";

/** What an event is about. */
export interface EventSubject {
  /** Counted up in a runner's life. */
  readonly id: number;
  /** The event `building` of the step that this was needed for. */
  readonly parent?: number;
  /** The build it belongs to. */
  readonly build: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** A warning about the whole build has the pipeline's name. */
  readonly step: string;
  readonly product?: string;
}

/** What happens while products are built. */
export type StepEvent = EventSubject &
  (
    | { readonly kind: "cached" | "waiting" }
    | { readonly kind: "loaded"; readonly bytes: number; readonly durationMs: number }
    /** Brought from a shared store into the own one. */
    | { readonly kind: "fetched"; readonly bytes: number; readonly durationMs: number }
    | { readonly kind: "load-failed"; readonly message: string }
    | { readonly kind: "building"; readonly reasons: readonly Reason[] }
    | {
        readonly kind: "built";
        readonly durationMs: number;
        readonly bytes: number;
        readonly reasons: readonly Reason[];
      }
    | { readonly kind: "retrying"; readonly attempt: number; readonly message: string }
    | {
        readonly kind: "failed";
        readonly message: string;
        /** What to do about it. */
        readonly hint?: string;
        readonly durationMs: number;
      }
    | { readonly kind: "progress"; readonly fraction?: number; readonly text?: string }
    | { readonly kind: "checkpoint"; readonly bytes: number }
    /** Items of a map step so far. */
    | { readonly kind: "items"; readonly done: number; readonly total: number; readonly run: number }
    | { readonly kind: "warning"; readonly message: string }
  );

/** An event without what the runner adds. */
export type StepEventInput = StepEvent extends infer E
  ? E extends StepEvent
    ? Omit<E, "id" | "build" | "at">
    : never
  : never;
