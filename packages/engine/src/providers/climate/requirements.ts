import {
  addParent,
  addSupplementary,
  type Constraint,
  type RequirementInput,
  requireContiguousTimerange,
  requireFacets,
} from "../../entry/library/define.ts";

// Monthly variables that have a meaningful area mean.
const atmosphereVariables = [
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
];

const landVariables = ["gpp", "npp", "ra", "rh", "nbp", "lai", "cVeg", "mrso", "mrsos", "tsl"];

const oceanVariables = ["tos", "sos", "zos"];

const perVariable = ["source_id", "experiment_id", "member_id", "table_id", "variable_id", "grid_label"];

type RequirementSets = readonly (readonly RequirementInput[])[];

/** Adds the best cell areas or fractions of a model and grid. */
function addCells(variable: string): Constraint {
  return addSupplementary({ variable_id: variable });
}

function requireVariable(values: string): Constraint {
  return requireFacets({ facet: "variable_id", values });
}

function monthly(
  table: string,
  { variables, cells }: { readonly variables: readonly string[]; readonly cells: readonly Constraint[] },
): readonly RequirementInput[] {
  return [
    {
      sourceType: "cmip6",
      filters: { table_id: table, variable_id: variables },
      groupBy: perVariable,
      constraints: [requireContiguousTimerange(), ...cells],
    },
  ];
}

/**
 * One monthly variable of one run, with what its area mean needs: in the atmosphere cell areas if there are any (latitudes
 * else), over land the land fraction too, in the ocean the cell areas without fail, because its grids are curvilinear.
 */
export const monthlyVariable: RequirementSets = [
  monthly("Amon", { variables: atmosphereVariables, cells: [addCells("areacella")] }),
  monthly("Lmon", {
    variables: landVariables,
    cells: [addCells("sftlf"), requireVariable("sftlf"), addCells("areacella")],
  }),
  monthly("Omon", {
    variables: oceanVariables,
    cells: [addCells("areacello"), requireVariable("areacello")],
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
export const changingSurface: RequirementSets = [
  [
    {
      sourceType: "cmip6",
      filters: {
        table_id: "Amon",
        variable_id: ["tas", "ts", "pr", "psl"],
        experiment_id: forcedExperiments,
      },
      groupBy: perVariable,
      constraints: [requireContiguousTimerange(), addCells("areacella")],
    },
  ],
];

/** An experiment with its control: each variable of both, and cell areas. */
export function withControl(experiment: string, variables: readonly string[]): RequirementSets {
  return [
    [
      {
        sourceType: "cmip6",
        filters: { table_id: "Amon", variable_id: variables, experiment_id: experiment },
        groupBy: ["source_id", "experiment_id", "member_id", "grid_label"],
        constraints: [
          requireFacets({ facet: "variable_id", values: variables }),
          addParent(),
          // A variable without parent has been dropped: then the experiment's own set is incomplete.
          requireFacets({ facet: "variable_id", values: variables, groupBy: ["experiment_id"] }),
          requireFacets({ facet: "experiment_id", values: [experiment, "piControl"] }),
          requireContiguousTimerange(),
          addCells("areacella"),
        ],
      },
    ],
  ];
}
