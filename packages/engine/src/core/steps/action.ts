import type { Reading } from "./reading.ts";
import type { Reason } from "./reason.ts";

/** A file that belongs to a product. */
export interface OutputFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** One product of an action. */
export interface Output {
  readonly product: string;
  /** Name of the codec; `live` for a value that cannot be stored. */
  readonly codec: string;
  /** Over codec, bytes and files: what counts downstream. */
  readonly digest: string;
  /** Size with its files. */
  readonly bytes: number;
  /** Of the bytes; undefined when live, or when `digest` alone verifies them. */
  readonly sha256?: string;
  /** Where the store keeps the bytes; opaque to all others. */
  readonly at?: number;
  readonly files?: readonly OutputFile[];
}

/** A name with a text: digest, version or value. */
export type Named = readonly [name: string, text: string];

/** Everything that decided an output, for people and for `explain`. */
export interface Ingredients {
  /** Digest of the code, or `version:` and the version given. */
  readonly code: string;
  readonly readings: readonly Reading[];
  /** Output digests by requirement. */
  readonly requires: readonly Named[];
  readonly files?: readonly Named[];
  readonly environment?: readonly Named[];
  readonly captures?: readonly Named[];
  readonly seed?: string;
}

/** How an action came about. */
export interface Provenance {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly durationMs: number;
  /** The build that ran it. */
  readonly build: string;
  readonly attempt?: number;
  readonly reasons: readonly Reason[];
}

/** A finished run of a step: its key and what it produced. */
export interface Action {
  readonly key: string;
  readonly outputs: readonly Output[];
  /** Its place in the order of recording. */
  readonly ordinal: number;
}

/** Everything stored of an action. */
export interface ActionRecord {
  readonly key: string;
  /** Pipeline and step: `convection/mesh`. */
  readonly step: string;
  /** Digest of the ingredients without the requirements; only its first 16 hex digits are stored. */
  readonly own: string;
  /** Digest of the paths read; only its first 16 hex digits are stored. */
  readonly shape: string;
  readonly outputs: readonly Output[];
  readonly ingredients: Ingredients;
  readonly provenance: Provenance;
}
