import { defineConfig, defineSourceType } from "almanac";

/** Files such as `MODEL-A_tas_185001-185912.nc`, in whatever folders. */
const runs = defineSourceType({
  name: "runs",
  paths: "{source_id}_{variable_id}_{time_range}.nc",
  identityFacets: ["source_id", "variable_id"],
  attributes: { experiment_id: "experiment" },
  variableAttributes: ["units"],
});

/** The type, and the provider beside this file. */
export default defineConfig({
  datasets: { types: [runs] },
  providers: { modules: ["provider.ts"] },
});
