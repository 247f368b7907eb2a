import type { Vocabulary, VocabularyDimension, VocabularyValue } from "./vocabulary.ts";

type Given = Pick<VocabularyDimension, "longName" | "description"> & Partial<VocabularyDimension>;

function dimension(name: string, given: Given): VocabularyDimension {
  return { name, required: false, allowExtraValues: true, values: [], ...given };
}

function values(names: Readonly<Record<string, string>>): readonly VocabularyValue[] {
  return Object.entries(names).map(([name, longName]) => ({ name, longName }));
}

/**
 * The vocabulary of a project that names none: the nineteen dimensions of CMIP's assessment fast track. None is
 * required, because diagnostics differ in what they tell apart; `kind`, `mode` and `method` are closed lists.
 */
export const defaultVocabulary: Vocabulary = {
  dimensions: [
    dimension("kind", {
      longName: "Kind",
      description: "Whether a number describes a model or what models are compared with.",
      allowExtraValues: false,
      values: values({ model: "Model", reference: "Reference" }),
    }),
    dimension("mip_id", {
      longName: "Project",
      description: "The intercomparison project and phase, such as CMIP6.",
    }),
    dimension("source_id", {
      longName: "Model",
      description: "The model that made the data, such as ACCESS-ESM1-5.",
    }),
    dimension("reference_source_id", {
      longName: "Reference data",
      description: "The data set that the model was compared with.",
    }),
    dimension("experiment_id", {
      longName: "Experiment",
      description: "The experiment that was run, such as historical.",
    }),
    dimension("variable_id", {
      longName: "Variable",
      description: "The variable that was diagnosed, such as tas.",
    }),
    dimension("reference_variable_id", {
      longName: "Reference variable",
      description: "The variable taken from the reference data.",
    }),
    dimension("grid_label", {
      longName: "Grid",
      description: "The label of the grid that the model's data are on, such as gn.",
    }),
    dimension("member_id", {
      longName: "Member",
      description: "The ensemble member, with its sub-experiment if there is one.",
    }),
    dimension("variant_label", {
      longName: "Variant",
      description: "Realization, initialization, physics and forcing: r1i1p1f1.",
    }),
    dimension("table_id", {
      longName: "Table",
      description: "The table that defines the variable, such as Amon.",
    }),
    dimension("global_warming_level", {
      longName: "Warming level",
      description: "Global warming over pre-industrial times that the number is for.",
    }),
    dimension("level", { longName: "Level", description: "The vertical level, such as a pressure in Pa." }),
    dimension("metric", { longName: "Metric", description: "What was computed, such as ecs." }),
    dimension("region", {
      longName: "Region",
      description: "The part of the globe that the number is for.",
      values: values({
        global: "Whole globe",
        NHEX: "Northern hemisphere north of 20 degrees",
        SHEX: "Southern hemisphere south of 20 degrees",
        Tropics: "20 degrees south to 20 degrees north",
      }),
    }),
    dimension("season", {
      longName: "Season",
      description: "The part of the year that the number is for.",
      values: values({
        ann: "Whole year",
        djf: "December to February",
        mam: "March to May",
        jja: "June to August",
        son: "September to November",
      }),
    }),
    dimension("mode", {
      longName: "Mode of variability",
      description: "The pattern of variability that was looked at.",
      allowExtraValues: false,
      values: values({
        NAM: "Northern annular mode",
        NAO: "North Atlantic oscillation",
        PNA: "Pacific-North America pattern",
        SAM: "Southern annular mode",
        PDO: "Pacific decadal oscillation",
        NPO: "North Pacific oscillation",
        NPGO: "North Pacific gyre oscillation",
      }),
    }),
    dimension("method", {
      longName: "Method",
      description: "How a mode of variability was found in the model's data.",
      allowExtraValues: false,
      values: values({
        cbf: "Projection on the observed pattern (common basis function)",
        eof1: "First empirical orthogonal function",
        eof2: "Second empirical orthogonal function",
      }),
    }),
    dimension("statistic", {
      longName: "Statistic",
      description: "How the number summarises the data.",
      values: values({
        mean: "Mean",
        trend: "Linear trend",
        bias: "Mean difference from the reference",
        rmse: "Root of the mean squared difference from the reference",
        std: "Standard deviation",
        "overall score": "Score over all aspects",
      }),
    }),
  ],
};
