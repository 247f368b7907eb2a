import { join } from "node:path";
import { defineDiagnostic, defineProvider } from "almanac";

/** A diagnostic written in Python: one execution per model, its program beside this file. */
const coverage = defineDiagnostic({
  slug: "coverage",
  name: "Years covered by the files of a model",
  version: 1,
  requirements: [{ sourceType: "cmip6", filters: { variable_id: "tas" }, groupBy: ["source_id"] }],
  facets: ["source_id", "experiment_id", "metric"],
  limits: { timeoutSeconds: 600, memoryBytes: 1_000_000_000 },
  // -u: what it prints is in the log at once. In a conda environment: ["conda", "run", "-n", "NAME", "python", …].
  command: () => ["python3", "-u", join(import.meta.dirname, "coverage.py")],
});

/** What a configuration names as a provider module. */
export default defineProvider({ slug: "python-example", version: "1.0.0", diagnostics: [coverage] });
