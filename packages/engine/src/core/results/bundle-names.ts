/** File names of the three bundles, unless an outcome names others. */
export const executionBundleNames = {
  metric: "diagnostic.json",
  output: "output.json",
  series: "series.json",
} as const;
