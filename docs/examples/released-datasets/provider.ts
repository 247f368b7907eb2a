// Needs datasets that were put together here: the source type is their name.
import { readFileSync } from "node:fs";
import { defineDiagnostic, defineProvider } from "almanac";

/** Adds up the numbers in all files of a region. */
export default defineProvider({
  slug: "readings",
  version: "1",
  diagnostics: [
    defineDiagnostic({
      slug: "sum",
      requirements: [{ sourceType: "stations", groupBy: ["region"] }],
      run: ({ inputs, scalar }) => {
        const numbers = inputs
          .flatMap(({ localPaths }) => localPaths)
          .map((file) => Number(readFileSync(file, "utf8")));
        const value = numbers.reduce((sum, each) => sum + each, 0);
        scalar({ dimensions: { metric: `sum-of-${inputs[0]?.facets["region"]}` }, value, units: "1" });
      },
    }),
  ],
});
