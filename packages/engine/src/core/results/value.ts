import type { Json } from "../json.ts";

/** Dimension name → value. */
export type Dimensions = Readonly<Record<string, string>>;

/** Whether a value comes from a model or from a reference. */
export type ValueKind = "model" | "reference";

/** One scientific number with controlled dimensions. `null` is missing. */
export interface Scalar {
  readonly dimensions: Dimensions;
  readonly kind: ValueKind;
  readonly value: number | null;
  readonly units?: string;
  readonly attributes: Readonly<Record<string, Json>>;
}

/** Numbers along an index. */
export interface Series {
  readonly dimensions: Dimensions;
  readonly kind: ValueKind;
  /** @shape [n] */
  readonly values: readonly (number | null)[];
  /** Numbers or ISO date texts, unique. @shape [n] */
  readonly index: readonly (number | string)[];
  readonly indexName: string;
  readonly indexUnits?: string;
  readonly calendar?: string;
  readonly valueUnits?: string;
  readonly valueLongName?: string;
  readonly referenceId?: string;
  readonly attributes: Readonly<Record<string, Json>>;
}
