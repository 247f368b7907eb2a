import type { RunDefinition } from "../../core/execution/definition.ts";
import type { ExecutionRecord } from "../../core/execution/record.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Asset } from "../../core/records/asset.ts";
import type { NestedExecution } from "../../ports/run-catalog.ts";
import type { Catalog } from "../project.ts";

/** What there is to show of a recorded run beside what every execution has. */
export interface ShownRun {
  readonly lines: readonly string[];
  readonly value: object;
}

/** Reads what only recorded runs have. @returns undefined for an execution of the solver */
export async function recordedRun(
  rid: Rid,
  { execution, catalog }: { readonly execution: ExecutionRecord; readonly catalog: Catalog },
): Promise<ShownRun | undefined> {
  if (execution.origin === "solver") return undefined;
  const definition = await catalog.executions.definition(rid);
  if (definition?.origin === undefined) return undefined;
  const { items: outputs } = await catalog.assets.list({ execution: rid, role: "Output" });
  // Those that it began with, and those that it took while it went on.
  const { items: used } = await catalog.assets.list({ execution: rid, role: "Input" });
  const begun = new Set(definition.assets.map((asset) => asset.rid));
  const inputs = [...definition.assets, ...used.filter((asset) => !begun.has(asset.rid))];
  const children = await catalog.runs.children(rid, false);
  const parents = await catalog.runs.parents(rid, false);
  return {
    lines: runLines(
      { ...definition, description: execution.description },
      { inputs, outputs, children, parents },
    ),
    value: {
      ...{ workflow: definition.workflow, code: definition.code, parameters: definition.parameters },
      ...(definition.resumes === undefined ? {} : { resumes: definition.resumes }),
      ...{ commandLine: definition.commandLine, workingFolder: definition.workingFolder },
      assets: { inputs, outputs },
      ...{ children, parents },
    },
  };
}

function runLines(
  { description, workflow, code, commandLine, parameters, resumes }: RunDefinition,
  related: {
    readonly inputs: readonly Pick<Asset, "rid" | "fileName">[];
    readonly outputs: readonly Asset[];
    readonly children: readonly NestedExecution[];
    readonly parents: readonly NestedExecution[];
  },
): readonly string[] {
  return [
    ...(description === "" ? [] : [description]),
    `workflow  ${workflow.rid}  ${workflow.name}  ${workflow.url}`,
    `code  ${code.source}${code.commit === undefined ? "" : `  ${code.commit}`}${code.dirty ? "  dirty" : ""}`,
    ...(commandLine.length === 0 ? [] : [`command  ${commandLine.join(" ")}`]),
    ...Object.entries(parameters).map(([name, value]) => `parameter  ${name} = ${JSON.stringify(value)}`),
    ...related.inputs.map(({ rid, fileName }) => `input   ${rid}  ${fileName}`),
    ...related.outputs.map((asset) => `asset   ${asset.rid}  ${asset.kind}  ${asset.fileName}`),
    ...(resumes === undefined ? [] : [`resumes  ${resumes}`]),
    ...related.parents.map(({ rid, state }) => `part of  ${rid}  ${state}`),
    ...related.children.map(({ rid, state, sequence }) => `part  ${sequence ?? "-"}  ${rid}  ${state}`),
  ];
}
