import type { Constraint, Requirement, RequirementSet } from "../../entry/library/index.ts";

/** Monthly variables of the atmosphere that have a meaningful area mean. */
export const atmosphereVariables = [
  "tas",
  "tasmin",
  "tasmax",
  "ts",
  "pr",
  "psl",
  "prw",
  "evspsbl",
  "huss",
  "hurs",
  "clt",
  "hfls",
  "hfss",
  "rlds",
  "rlus",
  "rlut",
  "rlutcs",
  "rsds",
  "rsdt",
  "rsus",
  "rsut",
  "rsutcs",
  "ta",
] as const;

const landVariables = ["gpp", "npp", "ra", "rh", "nbp", "lai", "cVeg", "mrso", "mrsos", "tsl"] as const;

const oceanVariables = ["tos", "sos", "zos"] as const;

const perVariable = ["source_id", "experiment_id", "member_id", "table_id", "variable_id", "grid_label"];

const contiguous: Constraint = { kind: "requireContiguousTimerange", groupBy: ["instance_id"] };

/** Adds the best cell areas or fractions of a model and grid. */
function addCells(variable: string): Constraint {
  return {
    kind: "addSupplementary",
    facets: { variable_id: [variable] },
    matching: ["source_id", "grid_label"],
    optional: ["table_id", "experiment_id", "member_id", "version"],
  };
}

function requireVariables(values: readonly string[], groupBy: readonly string[] = []): Constraint {
  return { kind: "requireFacets", facet: "variable_id", values, match: "all", groupBy };
}

function monthly(
  table: string,
  {
    variables,
    constraints,
  }: { readonly variables: readonly string[]; readonly constraints: readonly Constraint[] },
): RequirementSet {
  return [
    {
      sourceType: "cmip6",
      filters: [{ table_id: [table], variable_id: variables }],
      groupBy: perVariable,
      constraints: [contiguous, ...constraints],
    },
  ];
}

/**
 * One monthly variable of one run, with what its area mean needs: in the atmosphere cell areas if there are any (latitudes
 * else), over land the land fraction too, in the ocean the cell areas without fail, because its grids are curvilinear.
 */
export const monthlyVariable: readonly RequirementSet[] = [
  monthly("Amon", { variables: atmosphereVariables, constraints: [addCells("areacella")] }),
  monthly("Lmon", {
    variables: landVariables,
    constraints: [addCells("sftlf"), requireVariables(["sftlf"]), addCells("areacella")],
  }),
  monthly("Omon", {
    variables: oceanVariables,
    constraints: [addCells("areacello"), requireVariables(["areacello"])],
  }),
];

const forcedExperiments = [
  "historical",
  "esm-hist",
  "hist-GHG",
  "hist-aer",
  "hist-nat",
  "amip",
  "1pctCO2",
  "ssp119",
  "ssp126",
  "ssp245",
  "ssp370",
  "ssp434",
  "ssp460",
  "ssp534-over",
  "ssp585",
];

/** One surface variable of an experiment in which the climate changes. */
export const changingSurface: readonly RequirementSet[] = [
  [
    {
      sourceType: "cmip6",
      filters: [
        { table_id: ["Amon"], variable_id: ["tas", "ts", "pr", "psl"], experiment_id: forcedExperiments },
      ],
      groupBy: perVariable,
      constraints: [contiguous, addCells("areacella")],
    },
  ],
];

/** An experiment with its control: each variable of both, and cell areas. */
export function withControl(experiment: string, variables: readonly string[]): readonly RequirementSet[] {
  const requirement: Requirement = {
    sourceType: "cmip6",
    filters: [{ table_id: ["Amon"], variable_id: variables, experiment_id: [experiment] }],
    groupBy: ["source_id", "experiment_id", "member_id", "grid_label"],
    constraints: [
      requireVariables(variables),
      {
        kind: "addParent",
        map: {
          source_id: "parent_source_id",
          experiment_id: "parent_experiment_id",
          variant_label: "parent_variant_label",
          table_id: "table_id",
          variable_id: "variable_id",
          grid_label: "grid_label",
        },
      },
      // A variable without parent has been dropped: then the experiment's own set is incomplete.
      requireVariables(variables, ["experiment_id"]),
      {
        kind: "requireFacets",
        facet: "experiment_id",
        values: [experiment, "piControl"],
        match: "all",
        groupBy: [],
      },
      contiguous,
      addCells("areacella"),
    ],
  };
  return [[requirement]];
}
