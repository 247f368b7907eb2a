import { defineDiagnostic, defineProvider } from "../../entry/library/define.ts";
import { changingSurface, monthlyVariable, withControl } from "./requirements.ts";

const perVariable = [
  "source_id",
  "experiment_id",
  "member_id",
  "table_id",
  "variable_id",
  "grid_label",
  "region",
  "season",
  "metric",
  "statistic",
];
const perRun = [
  "source_id",
  "experiment_id",
  "member_id",
  "grid_label",
  "region",
  "season",
  "metric",
  "statistic",
];

/** The diagnostics that come with Almanac. Computations are loaded when they run: planning needs none of them. */
const climate = defineProvider({
  slug: "climate",
  name: "Climate",
  version: "1.0.0",
  diagnostics: [
    defineDiagnostic({
      slug: "global-mean-timeseries",
      name: "Global mean time series",
      description: "Monthly and annual area means of one variable.",
      facets: [...perVariable, "level"],
      requirementSets: monthlyVariable,
      run: async (context) => (await import("./global-mean.ts")).runGlobalMean(context),
    }),
    defineDiagnostic({
      slug: "annual-cycle",
      name: "Mean annual cycle",
      description: "Mean of all Januaries to mean of all Decembers of one variable's area mean.",
      facets: [...perVariable, "level"],
      requirementSets: monthlyVariable,
      run: async (context) => (await import("./annual-cycle.ts")).runAnnualCycle(context),
    }),
    defineDiagnostic({
      slug: "equilibrium-climate-sensitivity",
      name: "Effective climate sensitivity",
      description: "Regression of net radiation on temperature in abrupt-4xCO2 minus its control.",
      facets: perRun,
      requirementSets: withControl("abrupt-4xCO2", ["tas", "rsdt", "rsut", "rlut"]),
      run: async (context) => (await import("./climate-sensitivity.ts")).runClimateSensitivity(context),
    }),
    defineDiagnostic({
      slug: "transient-climate-response",
      name: "Transient climate response",
      description: "Mean warming of years 61 to 80 of 1pctCO2 against its control.",
      facets: perRun,
      requirementSets: withControl("1pctCO2", ["tas"]),
      run: async (context) => (await import("./transient-response.ts")).runTransientResponse(context),
    }),
    defineDiagnostic({
      slug: "trend-map",
      name: "Trend map",
      description: "Linear trend of annual means in every cell.",
      facets: perVariable,
      requirementSets: changingSurface,
      run: async (context) => (await import("./trend-map.ts")).runTrendMap(context),
    }),
  ],
});

/** The built-in provider `climate`. */
export default climate;
