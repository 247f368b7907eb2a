import { defineDiagnostic, defineProvider, requireContiguousTimerange } from "almanac";

/** How many files each model's monthly temperature comes in. */
export const fileCount = defineDiagnostic({
  slug: "file-count",
  requirements: [
    {
      sourceType: "cmip6",
      filters: { variable_id: "tas", experiment_id: ["historical", "piControl"] },
      groupBy: ["source_id", "experiment_id", "member_id", "grid_label"],
      constraints: [requireContiguousTimerange()],
    },
  ],
  run: (context) => {
    const { source_id = "", experiment_id = "" } = context.inputs[0]?.facets ?? {};
    const value = context.inputs.reduce((sum, { localPaths }) => sum + localPaths.length, 0);
    context.scalar({ dimensions: { source_id, experiment_id, metric: "file-count" }, value, units: "1" });
  },
});

/** The provider that a configuration names. */
export default defineProvider({ slug: "testing-example", version: "1.0.0", diagnostics: [fileCount] });
