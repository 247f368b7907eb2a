import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import type { NestedEnd } from "../../core/execution/run-context.ts";
import { dryRunRid, type Rid } from "../../core/identity/rid.ts";
import type { Asset } from "../../core/records/asset.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { ExecutionEnd } from "../run-executions.ts";
import { type ComputeRun, executeRun } from "./execute-run.ts";
import { defineRun, recordRun, runFrame } from "./record-run.ts";
import type { RunPorts } from "./run-ports.ts";
import type { RunRequest } from "./run-request.ts";

/** How a recorded run ended, and what it stored. */
export interface RunReport extends ExecutionEnd {
  readonly definition: RunDefinition;
  /** Files that are assets now; empty when the run failed. */
  readonly stored: readonly Asset[];
  readonly remarks: readonly string[];
  /** Its parts that were recorded as executions of their own, in the order they ended. */
  readonly parts: readonly NestedEnd[];
}

/** A report before it is known which parts there were. */
export type OwnReport = Omit<RunReport, "parts">;

/** What is known once a run is recorded, before it starts. */
export type OnRecorded = (definition: RunDefinition) => void | Promise<void>;

/** What carries a run out, what cancels it, and whom to tell of it. */
export interface RunHow {
  readonly compute: ComputeRun;
  readonly signal: AbortSignal;
  readonly recorded?: OnRecorded;
}

/**
 * Records, carries out and publishes one run.
 * @throws RUN_INVALID before anything is written; a failed computation is no error but the report's state
 */
export async function runOnce(
  request: RunRequest,
  {
    how,
    ports,
  }: { readonly how: RunHow; readonly ports: RunPorts & { readonly assets: Pick<AssetCatalog, "list"> } },
): Promise<OwnReport> {
  const { definition, remarks } = await recordRun(request, ports);
  await how.recorded?.(definition);
  const { compute, signal } = how;
  const end = await executeRun({ definition, documents: request.documents, compute, signal }, ports);
  const { items } = await ports.assets.list({ execution: definition.rid, role: "Output" });
  return { ...end, definition, stored: items, remarks };
}

/**
 * What a run would be, everything that it names found and checked; nothing is written, every RID is `0000`.
 * @throws RUN_INVALID
 */
export async function previewRun(
  request: RunRequest,
  ports: Parameters<typeof runFrame>[1],
): Promise<RunDefinition> {
  const frame = await runFrame(request, ports);
  const assets = frame.inputs.assets.map(({ rid }): Rid => rid ?? dryRunRid);
  return defineRun(frame, { execution: dryRunRid, workflow: dryRunRid, reserved: dryRunRid, assets });
}

/** The error that ends a computation which the person cancelled. */
export function cancelledRun(): AlmanacError {
  return new AlmanacError("INTERRUPTED", "the run was cancelled", {
    hint: "almanac executions list --state aborted",
  });
}
