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

/** The samples that are given to the run, with what the feature `StepResponse/tcr` says of each. */
export async function readSamples({ execution, catalog }: ModelArguments): Promise<readonly NamedSample[]> {
  const files = execution.assets.filter(({ kind }) => kind === "StepResponse");
  const values = await catalog.features.values({
    feature: "StepResponse/tcr",
    targets: files.map(({ rid }) => rid),
    limit: files.length,
  });
  const targets = new Map(values.map((value) => [value.target, Number(value.values["tcr"])]));
  return Promise.all(
    files.map(async ({ rid, localPath }) => {
      const { model, member } = (await catalog.assets.asset(rid))?.metadata ?? {};
      const y = targets.get(rid) ?? execution.fail(`${rid} has no StepResponse/tcr`);
      return { model: String(model), member: String(member), x: predictorsOf(localPath), y };
    }),
  );
}

function predictorsOf(file: string): readonly number[] {
  const [, ...rows] = readFileSync(file, "utf8").trim().split("\n");
  const warming = rows.map((row) => Number(row.split(",")[1]));
  return periods.map(([from, to]) => {
    const years = warming.slice(from - 1, to);
    return years.reduce((sum, value) => sum + value, 0) / years.length;
  });
}
