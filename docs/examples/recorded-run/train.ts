import { readFileSync, writeFileSync } from "node:fs";
import type { ModelArguments } from "almanac";

/** Fits a line to two columns by least squares with a penalty on its slope (ridge regression). */
export function train({ config, execution }: ModelArguments): void {
  const [, ...rows] = readFileSync(execution.asset("growth.csv").localPath, "utf8").trim().split("\n");
  const points = rows.map((row) => row.split(",").map(Number) as [number, number]);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([each]) => each)), mean(points.map(([, each]) => each))];
  const penalty = Number(config["penalty"] ?? 0);
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  const variance = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  const slope = covariance / (variance + penalty);
  const model = { slope, intercept: y - slope * x };
  execution.log.info(`fitted ${points.length} points`);
  const place = execution.outputPath("model.json", {
    types: ["model"],
    metadata: { penalty },
    description: "Slope and intercept",
  });
  writeFileSync(place, JSON.stringify(model));
  execution.scalar({ dimensions: { metric: "slope" }, value: slope });
}
