// Makes samples of CMIP6 files: of each member of a model the first years after CO2 is quadrupled at once, and, as what is to
// be predicted, how warm it gets while CO2 rises slowly.
import { writeFileSync } from "node:fs";
import type { LocalDataset, ModelArguments } from "almanac";
import { annualMeans, latitudeWeights, openMonthlyChain, readGrid, weightedMeans } from "almanac/science";

/** Years of abrupt-4xCO2 that a sample has. */
const sampleYears = 20;

/** Leaves a file for each member, its warming as a feature, and a dataset of all files. */
export async function prepare({ config, execution }: ModelArguments): Promise<void> {
  const runs = execution.inputsOf("cmip6");
  const paths: string[] = [];
  for (const abrupt of runs.filter(({ facets }) => facets["experiment_id"] === "abrupt-4xCO2")) {
    const { source_id: model = "", member_id: member = "" } = abrupt.facets;
    const of = (experiment: string, variant: string): LocalDataset =>
      runs.find(
        ({ facets }) =>
          facets["source_id"] === model &&
          facets["experiment_id"] === experiment &&
          facets["member_id"] === variant,
      ) ?? execution.fail(`${model} has no ${experiment} ${variant} among the inputs`);
    const control = mean(await globalMeans(of("piControl", "r1i1p1f1")));
    const response = (await globalMeans(abrupt)).slice(0, sampleYears).map((value) => value - control);
    const rising = (await globalMeans(of("1pctCO2", member))).map((value) => value - control);
    if (response.length < sampleYears || rising.length < 80)
      execution.fail(`${model} ${member} is too short`);

    const path = `${model}_${member}.csv`;
    const place = execution.outputPath(path, { kind: "StepResponse", metadata: { model, member } });
    const rows = Array.from(response, (value, year) => `${year + 1},${value.toFixed(4)}\n`);
    writeFileSync(place, `year,warming\n${rows.join("")}`);
    // The transient climate response: the mean of years 61 to 80, in the middle of which CO2 has doubled.
    const tcr = mean(rising.slice(60, 80));
    execution.addFeatures([{ feature: "StepResponse/tcr", target: { path }, values: { tcr } }]);
    paths.push(path);
  }
  execution.createDataset({
    name: String(config["name"] ?? "step-responses"),
    description: "Global mean warming after CO2 is quadrupled at once, a file for each member of a model",
    types: ["Complete"],
    members: paths,
  });
  execution.log.info(`${paths.length} samples`);
}

/** Annual global means of near-surface air temperature. */
async function globalMeans({ localPaths }: LocalDataset): Promise<Float64Array> {
  const chain = await openMonthlyChain(localPaths, "tas");
  try {
    const weights = latitudeWeights(readGrid(chain.first, chain.variable));
    const monthly = new Float64Array(chain.months.length);
    for (const { first, values } of chain.chunks()) monthly.set(weightedMeans(values, weights), first);
    return annualMeans(monthly, chain).values;
  } finally {
    chain.close();
  }
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
