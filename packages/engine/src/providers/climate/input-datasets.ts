import type { ExecutionContext, LocalDataset } from "../../entry/library/define.ts";

/** What to look for among the inputs: facet → value. */
export type Wanted = Readonly<Record<string, string>>;

const cellVariables: ReadonlySet<string> = new Set(["areacella", "areacello", "sftlf"]);

/** The input datasets that carry values, not cell areas or fractions. */
export function valueDatasets(context: ExecutionContext): readonly LocalDataset[] {
  return context.inputs.filter(({ facets }) => !cellVariables.has(facets["variable_id"] ?? ""));
}

/** The first input dataset with these facets, in catalog order. */
export function findDataset(context: ExecutionContext, wanted: Wanted): LocalDataset | undefined {
  return context.inputs.find(({ facets }) =>
    Object.entries(wanted).every(([facet, value]) => facets[facet] === value),
  );
}

/** Like `findDataset`; the execution fails when there is none. */
export function requireDataset(context: ExecutionContext, wanted: Wanted): LocalDataset {
  const spelt = Object.entries(wanted)
    .map(([facet, value]) => `${facet}=${value}`)
    .join(" ");
  return findDataset(context, wanted) ?? context.fail(`no input dataset with ${spelt}`);
}

/**
 * The cell dataset that belongs to a value dataset: of its experiment and member if there is one, else any of its model and
 * grid.
 */
export function cellDataset(
  context: ExecutionContext,
  { variable, of }: { readonly variable: string; readonly of: LocalDataset },
): LocalDataset | undefined {
  const facets = (names: readonly string[]): Wanted =>
    Object.fromEntries([["variable_id", variable], ...names.map((name) => [name, of.facets[name] ?? ""])]);
  return (
    findDataset(context, facets(["source_id", "grid_label", "experiment_id", "member_id"])) ??
    findDataset(context, facets(["source_id", "grid_label", "experiment_id"])) ??
    findDataset(context, facets(["source_id", "grid_label"]))
  );
}
