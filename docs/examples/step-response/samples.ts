// What training and evaluation read: samples of a dataset with their targets.
import { readFileSync } from "node:fs";
import type { ModelArguments } from "almanac";
import type { Sample } from "./ridge.ts";

/** Mean warming of these years of abrupt-4xCO2, the first and the last one included. */
const periods = [
  [1, 5],
  [6, 10],
  [11, 20],
] as const;

/** Names of the predictors. */
export const predictors = periods.map(([from, to]) => `warming of years ${from} to ${to}`);

/** A sample that knows whose it is. */
export interface NamedSample extends Sample {
  readonly model: string;
  readonly member: string;
}

/** The samples of the dataset that is given to the run, with what the feature `StepResponse/tcr` says of each. */
export async function readSamples({ execution, catalog }: ModelArguments): Promise<readonly NamedSample[]> {
  const [dataset] = execution.inputsOf("authored");
  if (dataset === undefined) return execution.fail("no dataset is given: --dataset <name>@<version>");
  const files = dataset.files.flatMap(({ asset }, at) =>
    asset === undefined ? [] : [{ rid: asset.rid, place: dataset.localPaths[at] ?? "" }],
  );
  const targets = new Map<string, number>();
  for (const { target, values } of await catalog.features.values({
    feature: "StepResponse/tcr",
    targets: files.map(({ rid }) => rid),
    limit: files.length,
  }))
    targets.set(target, Number(values["tcr"]));
  return Promise.all(
    files.map(async ({ rid, place }) => {
      const { model, member } = (await catalog.assets.asset(rid))?.metadata ?? {};
      const y = targets.get(rid) ?? execution.fail(`${rid} has no StepResponse/tcr`);
      return { model: String(model), member: String(member), x: predictorsOf(place), y };
    }),
  );
}

/** Predictors of one file of annual warming. */
export function predictorsOf(file: string): readonly number[] {
  const [, ...rows] = readFileSync(file, "utf8").trim().split("\n");
  const warming = rows.map((row) => Number(row.split(",")[1]));
  return periods.map(([from, to]) => {
    const years = warming.slice(from - 1, to);
    return years.reduce((sum, value) => sum + value, 0) / years.length;
  });
}

/** The sample whose predictors are most like these. */
export function mostSimilar(samples: readonly NamedSample[], x: readonly number[]): NamedSample {
  const distance = (sample: NamedSample): number =>
    sample.x.reduce((sum, value, at) => sum + (value - (x[at] ?? Number.NaN)) ** 2, 0);
  return samples.reduce((best, sample) => (distance(sample) < distance(best) ? sample : best));
}
