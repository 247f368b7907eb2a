import { AlmanacError } from "../errors.ts";

/** A straight line fitted by ordinary least squares, y = intercept + slope · x. */
export interface Line {
  /** @units those of y over those of x */
  readonly slope: number;
  /** @units those of y */
  readonly intercept: number;
  /** Points used: those where both x and y are there. */
  readonly n: number;
  /** Standard error of the slope for independent residuals; NaN below three points. */
  readonly slopeError: number;
  /** Share of the variance of y that the line explains, 0 to 1; NaN when y is constant. */
  readonly rSquared: number;
}

/**
 * Ordinary least squares of y on x. Points with a NaN are left out.
 * @param x @shape [n]
 * @param y @shape [n]
 * @throws DIAGNOSTIC_FAILED when fewer than two points or only one value of x are left
 * @source Draper and Smith, Applied Regression Analysis, 3rd edition, 1998, section 1.2
 */
export function fitLine(x: ArrayLike<number>, y: ArrayLike<number>): Line {
  const line = fitLineOrNothing(x, y);
  if (line === undefined)
    throw new AlmanacError("DIAGNOSTIC_FAILED", "a line needs two points with different x", {
      facts: { points: Math.min(x.length, y.length) },
    });
  return line;
}

/** Like `fitLine`, but undefined where no line is determined: for cells of a map. */
export function fitLineOrNothing(x: ArrayLike<number>, y: ArrayLike<number>): Line | undefined {
  const { n, meanX, meanY } = means(x, y);
  let xx = 0;
  let xy = 0;
  let yy = 0;
  for (let point = 0; point < x.length; point++) {
    // Deviations from the means: the textbook sums of squares lose half the digits for temperatures in kelvin.
    const dx = (x[point] ?? Number.NaN) - meanX;
    const dy = (y[point] ?? Number.NaN) - meanY;
    if (Number.isNaN(dx) || Number.isNaN(dy)) continue;
    xx += dx * dx;
    xy += dx * dy;
    yy += dy * dy;
  }
  if (n < 2 || xx === 0) return undefined;
  const slope = xy / xx;
  const residual = Math.max(0, yy - slope * xy);
  return {
    slope,
    intercept: meanY - slope * meanX,
    n,
    slopeError: n > 2 ? Math.sqrt(residual / (n - 2) / xx) : Number.NaN,
    rSquared: yy === 0 ? Number.NaN : 1 - residual / yy,
  };
}

function means(x: ArrayLike<number>, y: ArrayLike<number>) {
  let n = 0;
  let sumX = 0;
  let sumY = 0;
  for (let point = 0; point < x.length; point++) {
    const a = x[point] ?? Number.NaN;
    const b = y[point] ?? Number.NaN;
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    n += 1;
    sumX += a;
    sumY += b;
  }
  return { n, meanX: sumX / n, meanY: sumY / n };
}

/** The value of a line at x. */
export function lineAt(line: Pick<Line, "slope" | "intercept">, x: number): number {
  return line.intercept + line.slope * x;
}
