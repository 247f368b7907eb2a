import { Defect } from "../../core/errors.ts";
import type { ExecutionEnd } from "../run-executions.ts";
import { type ComputeRun, executeRun } from "./execute-run.ts";
import { type OwnReport, previewRun } from "./run-once.ts";
import type { RunPorts } from "./run-ports.ts";
import type { RunRequest } from "./run-request.ts";

/** What trying a run needs: everything of a run but what could write to catalog or results. */
export type TryRunPorts = Omit<RunPorts, "transitions" | "publish" | "runs">;

/**
 * Carries out a run that nobody records: inputs are found and checked, the code runs in a scratch folder that is not the
 * project's, every RID is `0000`; states and publication go nowhere.
 * @throws RUN_INVALID
 */
export async function tryRun(
  request: RunRequest,
  {
    how,
    ports,
  }: {
    readonly how: { readonly compute: ComputeRun; readonly signal: AbortSignal };
    readonly ports: TryRunPorts;
  },
): Promise<OwnReport> {
  const definition = await previewRun(request, ports);
  const end = await executeRun(
    { definition, documents: request.documents, ...how },
    { ...ports, ...nowhere },
  );
  return { ...end, definition, stored: [], remarks: [] };
}

/** Where the states and the results of a dry run go. */
const nowhere: Pick<RunPorts, "transitions" | "publish" | "runs"> = {
  transitions: { push: async () => {}, pushSoon: async () => {} },
  publish: async ({ definition, outcome, failure: lost }): Promise<ExecutionEnd> => {
    const failure = outcome?.failure ?? (outcome === undefined ? lost : undefined);
    const state = outcome?.result === "ok" ? "completed" : "failed";
    return { rid: definition.rid, state, ...(failure === undefined ? {} : { failure }) };
  },
  runs: {
    addInput: async () => {},
    addInputDataset: async () => {},
    record: () => {
      throw new Defect("a dry run was to be recorded");
    },
  },
};
