import { writeFileSync } from "node:fs";
import { defineDiagnostic, defineProvider, type ExecutionContext, requireContiguousTimerange } from "almanac";
import { annualMeans, latitudeWeights, openMonthlyChain, readGrid, weightedMean } from "almanac/science";

/** Warming from the first to the last ten years of each historical run: one execution per model and member. */
const warming = defineDiagnostic({
  slug: "warming",
  name: "Warming over the historical run",
  version: 1,
  requirements: [
    {
      sourceType: "cmip6",
      filters: { table_id: "Amon", variable_id: "tas", experiment_id: "historical" },
      groupBy: ["source_id", "member_id", "grid_label"],
      constraints: [requireContiguousTimerange()],
    },
  ],
  facets: ["source_id", "member_id", "grid_label", "metric"],
  parameters: { years: 10 },
  limits: { timeoutSeconds: 600 },
  run,
});

/** What a configuration names as a provider module. */
export default defineProvider({ slug: "function-example", version: "1.0.0", diagnostics: [warming] });

async function run(context: ExecutionContext): Promise<void> {
  const [dataset] = context.inputsOf("cmip6");
  if (dataset === undefined) return context.fail("no dataset");
  const { years, values } = await annualGlobalMeans(dataset.localPaths, context.signal);
  const span = Number(context.parameters["years"]);
  if (years.length < 2 * span) context.fail(`${years.length} complete years; ${2 * span} are needed`);
  const { source_id = "", member_id = "", grid_label = "" } = dataset.facets;
  context.scalar({
    dimensions: { source_id, member_id, grid_label, metric: "warming" },
    value: mean(values.slice(-span)) - mean(values.slice(0, span)),
    units: "K",
  });
  const table = context.data("annual-means.csv", { longName: "Annual global means of temperature" });
  writeFileSync(table, years.map((year, at) => `${year},${values[at]}\n`).join(""));
  context.log.info(`${years.length} years of ${dataset.id}`);
}

/** Files are joined in time order and read piece by piece; missing values are NaN. */
async function annualGlobalMeans(paths: readonly string[], signal: AbortSignal) {
  const chain = await openMonthlyChain(paths, "tas");
  try {
    const weights = latitudeWeights(readGrid(chain.first, chain.variable));
    const monthly = new Float64Array(chain.months.length);
    for (const { first, values } of chain.chunks(signal))
      for (let at = 0; at * chain.nCell < values.length; at++)
        monthly[first + at] = weightedMean(
          values.subarray(at * chain.nCell, (at + 1) * chain.nCell),
          weights,
        );
    return annualMeans(monthly, chain);
  } finally {
    chain.close();
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
