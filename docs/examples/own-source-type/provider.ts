import { defineDiagnostic, defineProvider, type ExecutionContext, requireContiguousTimerange } from "almanac";

/** Files of each model's temperature: one execution per model, where no month is missing. */
const files = defineDiagnostic({
  slug: "files",
  name: "Number of files",
  version: 1,
  requirements: [
    {
      sourceType: "runs",
      filters: { variable_id: "tas" },
      groupBy: ["source_id"],
      constraints: [requireContiguousTimerange()],
    },
  ],
  facets: ["source_id", "metric"],
  run,
});

/** What a configuration names as a provider module. */
export default defineProvider({ slug: "own-type-example", version: "1.0.0", diagnostics: [files] });

function run(context: ExecutionContext): void {
  const [dataset] = context.inputsOf("runs");
  if (dataset === undefined) return context.fail("no dataset");
  const { source_id = "" } = dataset.facets;
  context.scalar({ dimensions: { source_id, metric: "files" }, value: dataset.files.length, units: "1" });
}
