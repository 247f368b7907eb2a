/** One measured figure. */
export interface Figure {
  /** Stable name, such as `fullSolve`. */
  readonly id: string;
  /** What was measured, with the sizes: shown to people. */
  readonly what: string;
  /** Median over the runs. */
  readonly value: number;
  readonly unit: string;
  /** The most it should be, in the same unit; undefined when the figure is for information. */
  readonly aim?: number;
  /** How many times as much a reference needs for the same; undefined without one. */
  readonly ratio?: number;
  /** Number of measurements. */
  readonly runs: number;
  /** Smallest and largest measurement. */
  readonly spread: readonly [number, number];
}

/** A named measurement. Each lies in a file of its own and is loaded when it is asked for. */
export interface Bench {
  readonly run: () => Promise<readonly Figure[]>;
}

/**
 * A figure of several measurements.
 * @param about `reference`: what a reference needs for the same, in the same unit
 * @param measured at least one number
 */
export function figure(
  about: Pick<Figure, "id" | "what" | "unit"> & { readonly aim?: number; readonly reference?: number },
  measured: readonly number[],
): Figure {
  const sorted = [...measured].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const { reference, ...shown } = about;
  const value = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
  return {
    ...shown,
    value,
    ...(reference === undefined ? {} : { ratio: Math.round(reference / value) }),
    runs: sorted.length,
    spread: [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN],
  };
}

/** Milliseconds that an operation takes. */
export async function elapsedMs(operation: () => unknown): Promise<number> {
  const start = performance.now();
  await operation();
  return performance.now() - start;
}
