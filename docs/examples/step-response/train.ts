// Learns from the training part, and leaves the model as a file.
import { writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";
import { fitRidge } from "./ridge.ts";
import { predictors, readSamples } from "./samples.ts";

/** Fits a ridge regression; `-p penalty=…` says how small slopes are to be. */
export async function train(given: ModelArguments): Promise<void> {
  const { config, execution } = given;
  const penalty = Number(config["penalty"] ?? 0.001);
  const samples = await readSamples(given);
  const model = fitRidge(samples, { predictors, penalty });
  const place = execution.outputPath("model.json", {
    types: ["model"],
    metadata: { penalty },
    description: `Ridge regression on ${samples.length} samples`,
  });
  // The samples are kept as well: evaluation compares with copying the most similar one.
  writeFileSync(place, JSON.stringify({ ...model, samples }));
  execution.log.info(
    `fitted ${samples.length} samples of ${new Set(samples.map((each) => each.model)).size} models`,
  );
}
