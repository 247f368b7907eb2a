import type { CleanUp } from "./clean-up.ts";
import { cmip6Path } from "./cmip6-file.ts";
import { CommandLineProject } from "./command-line.ts";

/** A CMIP6 path as the tests' provider groups it: one dataset and so one group for each model. */
export function probePath(source: string, variable = "tas"): string {
  const file = { institution: "INST", source, variable, version: "v1", months: "185001-185012" };
  return `archive/${cmip6Path(file)}`;
}

/** Text of a provider module with the given diagnostics, one group of `tas` for each model. */
export function probeProvider(diagnostics: Readonly<Record<string, string>>, slug = "probe"): string {
  const declared = Object.entries(diagnostics).map(
    ([name, rest]) => `defineDiagnostic({ slug: "${name}", requirements: [tas], ${rest} }),`,
  );
  return [
    `import { appendFileSync, writeFileSync } from "node:fs";`,
    `import { defineDiagnostic, defineProvider } from "almanac";`,
    `const tas = { sourceType: "cmip6", filters: [{ variable_id: ["tas"] }], groupBy: ["source_id"] };`,
    `const model = (context) => context.inputs[0].facets.source_id;`,
    `const give = (context, value) => context.scalar({ dimensions: { source_id: model(context), metric: "probe" }, value, units: "1" });`,
    `const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));`,
    `void [appendFileSync, writeFileSync, give, sleep];`,
    `export default defineProvider({ slug: "${slug}", version: "1", diagnostics: [`,
    ...declared,
    `] });`,
    "",
  ].join("\n");
}

/** A diagnostic that leaves one scalar, the same for the same inputs. */
export const wellBehaved = `run: (context) => give(context, context.inputs[0].files.length)`;

/** A configuration that loads these modules. */
export function probeConfig(...modules: readonly string[]): string {
  const list = JSON.stringify(modules);
  return `export default { providers: { modules: ${list} }, executor: { jobs: 2 } };\n`;
}

/**
 * A project with path-only datasets of the given models, whose files are never opened, and a provider in `probe.ts`.
 * @param options.diagnostics slug → the rest of the declaration, as source text
 */
export function probeProject(
  cleanUp: CleanUp,
  {
    models = ["MODEL-A"],
    diagnostics = { fine: wellBehaved },
  }: { readonly models?: readonly string[]; readonly diagnostics?: Readonly<Record<string, string>> } = {},
): CommandLineProject {
  const project = new CommandLineProject(cleanUp);
  for (const model of models) project.write(probePath(model), `content of ${model}`);
  project.write("probe.ts", probeProvider(diagnostics));
  project.write("almanac.config.ts", probeConfig("probe.ts"));
  project.succeed("init");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  return project;
}
