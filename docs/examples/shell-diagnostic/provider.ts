import { join } from "node:path";
import { defineDiagnostic, defineProvider } from "almanac";

/** A diagnostic written for the shell: one execution per dataset, its script beside this file. */
const size = defineDiagnostic({
  slug: "size",
  name: "Bytes of a dataset's files",
  version: 1,
  requirements: [{ sourceType: "cmip6", groupBy: ["instance_id"] }],
  facets: ["source_id", "metric"],
  limits: { timeoutSeconds: 60 },
  // The definition is there to choose arguments from: selectors, facets of the datasets, parameters.
  command: ({ datasets }) => [
    "/bin/sh",
    join(import.meta.dirname, "size.sh"),
    datasets[0]?.facets["source_id"] ?? "unknown",
  ],
});

/** What a configuration names as a provider module. */
export default defineProvider({ slug: "shell-example", version: "1.0.0", diagnostics: [size] });
