import type { RunDefinition } from "../core/execution/definition.ts";
import type { AllowedRecords } from "../core/records/allowed-records.ts";
import type { WorkflowIdentity } from "../core/records/workflow.ts";
import type { NewRun } from "./run-catalog.ts";
import { sampleTime } from "./sample-records.contract.ts";

/** A workflow of a contract suite, one for each name. */
export function sampleWorkflow(name: string): WorkflowIdentity {
  return { name, types: ["Training"], url: `file:///${name}.ts`, checksum: name, description: "" };
}

/** A run of a workflow without inputs. */
export function sampleRun(
  name: string,
  {
    allowed,
    createdAt = sampleTime,
  }: { readonly allowed?: AllowedRecords; readonly createdAt?: string } = {},
): NewRun {
  const workflow = sampleWorkflow(name);
  return {
    ...{ workflow, inputs: [], reserve: 2, parametersDigest: "parameters" },
    define: (rids): RunDefinition => ({
      ...{ formatVersion: 2, origin: "run", rid: rids.execution, fragment: `runs/${name}/${rids.execution}` },
      workflow: { ...workflow, rid: rids.workflow },
      code: { source: "given", dirty: false, dirtyPaths: [] },
      ...{ description: "", datasets: [], assets: [], kinds: [], fingerprint: `f${rids.execution}` },
      ...{ parameters: {}, limits: {}, computation: { kind: "function", module: `${name}.ts` } },
      ...{ vocabulary: { dimensions: [] }, commandLine: [], workingFolder: "." },
      ...(allowed === undefined ? {} : { allowed }),
      reserved: { first: rids.reserved, count: 2 },
      createdAt,
    }),
  };
}
