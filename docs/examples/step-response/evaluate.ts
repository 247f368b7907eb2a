// Judges a model on samples that it has not seen, beside two simpler ways to predict.
import { readFileSync, writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";
import { scatterFigure } from "almanac/science";
import { predict, type RidgeModel, rootMeanSquare } from "./ridge.ts";
import { mostSimilar, type NamedSample, readSamples } from "./samples.ts";

interface TrainedModel extends RidgeModel {
  readonly samples: readonly NamedSample[];
}

/** Leaves the root mean square error of each way as a value, all predictions as a table, and a figure. */
export async function evaluate(given: ModelArguments): Promise<void> {
  const { execution } = given;
  const model = JSON.parse(readFileSync(execution.asset("model.json").localPath, "utf8")) as TrainedModel;
  const samples = await readSamples(given);
  const ways = {
    ridge: ({ x }: NamedSample) => predict(model, x),
    // What somebody says who knows nothing of the model at hand.
    mean: () => model.intercept,
    // What somebody says who copies the most similar sample.
    nearest: ({ x }: NamedSample) => mostSimilar(model.samples, x).y,
  };
  for (const [method, way] of Object.entries(ways))
    execution.scalar({
      dimensions: { metric: `rmse-${method}` },
      value: rootMeanSquare(samples.map((sample) => way(sample) - sample.y)),
      units: "K",
      attributes: { samples: samples.length },
    });
  const seen = new Set(model.samples.map((each) => each.model));
  const leaking = new Set(samples.filter((sample) => seen.has(sample.model)).map((sample) => sample.model));
  if (leaking.size > 0)
    execution.log.warn(`members of ${leaking.size} models are in both parts: the errors are too small`);

  const rows = samples.map((sample) =>
    [sample.model, sample.member, sample.y, ...Object.values(ways).map((way) => way(sample))].join(","),
  );
  const table = execution.data("predictions.csv", {
    longName: "Transient climate response, true and predicted",
  });
  writeFileSync(table, `model,member,true,${Object.keys(ways).join(",")}\n${rows.join("\n")}\n`);
  const figure = execution.plot("predictions.svg", {
    longName: "Predicted and true transient climate response",
  });
  writeFileSync(
    figure,
    scatterFigure({
      title: `Transient climate response of models ${leaking.size > 0 ? "partly" : "not"} seen in training`,
      subtitle: `ridge regression on ${model.samples.length} samples`,
      x: { name: "true", units: "K" },
      y: { name: "predicted", units: "K" },
      points: {
        label: "member of a model",
        x: samples.map(({ y }) => y),
        y: samples.map((sample) => ways.ridge(sample)),
      },
      line: { label: "as it should be", slope: 1, intercept: 0 },
      toAxes: false,
    }),
  );
}
