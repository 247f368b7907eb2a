import type { Named } from "./action.ts";
import type { Reason } from "./reason.ts";

/** A product as a build left it. */
export interface RecordedProduct {
  readonly product: string;
  /** Name of the codec; `live` for a value that cannot be stored. */
  readonly codec: string;
  readonly digest: string;
  /** Size with its files. */
  readonly bytes: number;
}

/** What became of one step of a build. */
export interface RecordedStep {
  readonly step: string;
  /** `hit`: stored before under the same key; `not-run`: a failure came first. */
  readonly outcome: "ran" | "hit" | "failed" | "not-run";
  /** Why it ran; empty for others. */
  readonly reasons: readonly Reason[];
  /** Of a step that is settled and has products. */
  readonly key?: string;
  /** When its products were made, which for a hit is earlier. ISO 8601, UTC. */
  readonly madeAt?: string;
  /** The shared store that its products were taken over from by this build. */
  readonly takenFrom?: string;
  readonly products: readonly RecordedProduct[];
  /** Its declared files with the digests that its key covers; `absent` for what was not there. Left out when there are none. */
  readonly files?: readonly Named[];
  /** Of a failed step. */
  readonly error?: { readonly code: string; readonly message: string };
}

/** What a build was asked for and what became of its steps, each after those it needs. */
export interface BuildRecord {
  readonly pipeline: string;
  readonly asked: readonly string[];
  readonly steps: readonly RecordedStep[];
}
