// Ridge regression in plain TypeScript: a straight line through several predictors whose slopes are kept small.

/** What has been fitted: everything that predicting needs. */
export interface RidgeModel {
  /** Names of the predictors, in their order. */
  readonly predictors: readonly string[];
  /** Mean and standard deviation of each predictor in the training data. */
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  /** Slopes for standardised predictors. */
  readonly slopes: readonly number[];
  /** Mean of the target in the training data: what the model says of an average sample. */
  readonly intercept: number;
}

/** One sample: its predictors, and what is to be predicted. */
export interface Sample {
  readonly x: readonly number[];
  readonly y: number;
}

/**
 * Fits y = intercept + Σ slope · (x − mean) / deviation with the smallest sum of squared errors plus
 * penalty · n · Σ slope², n the number of samples.
 * @source Hoerl and Kennard, Ridge regression, Technometrics 12, 1970, 55–67
 */
export function fitRidge(
  samples: readonly Sample[],
  { predictors, penalty }: { readonly predictors: readonly string[]; readonly penalty: number },
): RidgeModel {
  const columns = predictors.map((_, at) => samples.map(({ x }) => x[at] ?? Number.NaN));
  const means = columns.map(mean);
  const deviations = columns.map(deviation);
  const intercept = mean(samples.map(({ y }) => y));
  const z = columns.map((column, at) =>
    column.map((value) => (value - (means[at] ?? 0)) / (deviations[at] ?? 1)),
  );
  const y = samples.map((sample) => sample.y - intercept);
  const matrix = z.map((one, row) =>
    z.map((other, column) => dot(one, other) + (row === column ? penalty * samples.length : 0)),
  );
  return {
    predictors,
    means,
    deviations,
    slopes: solve(
      matrix,
      z.map((one) => dot(one, y)),
    ),
    intercept,
  };
}

/** What a model says of one sample. */
export function predict(model: RidgeModel, x: readonly number[]): number {
  return model.slopes.reduce(
    (sum, slope, at) =>
      sum + (slope * ((x[at] ?? Number.NaN) - (model.means[at] ?? 0))) / (model.deviations[at] ?? 1),
    model.intercept,
  );
}

/** Root of the mean squared difference. */
export function rootMeanSquare(differences: readonly number[]): number {
  return Math.sqrt(mean(differences.map((each) => each ** 2)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return rootMeanSquare(values.map((value) => value - centre));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** Gauss's elimination of a symmetric positive definite system; it needs no exchange of rows. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): readonly number[] {
  const rows = matrix.map((row, at) => [...row, right[at] ?? 0]);
  for (const [at, pivot] of rows.entries())
    for (const [other, row] of rows.entries()) {
      if (other === at) continue;
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (const column of row.keys()) row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  return rows.map((row, at) => (row.at(-1) ?? 0) / (row[at] ?? 1));
}
