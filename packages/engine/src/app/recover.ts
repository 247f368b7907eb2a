import { signatureOf } from "../core/execution/failure-signature.ts";
import type { Failure } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionCatalog, ListedExecution, Transition } from "../ports/execution-catalog.ts";
import type { ExecutionEnd } from "./run-executions.ts";

/** What recovery needs of the outside. */
export interface RecoverPorts {
  readonly executions: ExecutionCatalog;
  readonly owner: Owner;
  readonly alive: (owner: Owner) => boolean;
  /** Ends what is left of a computation: its process group, and what its scratch folder marks as its own. */
  readonly endProcesses: (worker: Owner, fragment: string) => Promise<void>;
  /** True if the scratch folder holds a finished computation. */
  readonly finishedInScratch: (fragment: string) => Promise<boolean>;
  /** Brings an execution whose computation is over to its end. */
  readonly finish: (execution: ListedExecution) => Promise<ExecutionEnd>;
  readonly clock: Clock;
}

/** What recovery did, or in a dry run would do, with one execution. */
export interface Recovery {
  readonly rid: Rid;
  readonly state: string;
  /** `waits`: computed, and cannot be published now. */
  readonly action: "published" | "failed" | "waits" | "would be finished";
  /** How it ended, where it ended for good or waits; one that was lost runs again. */
  readonly end?: ExecutionEnd;
  /** Why it failed. */
  readonly failure?: Failure;
}

/** States in which an execution can be left by a process that died. */
export const abandonable = [
  "created",
  "initializing",
  "pending",
  "running",
  "completed",
  "publishing",
] as const;

/**
 * Deals with executions whose owner died: what had been computed is published, the rest fails as a system failure and
 * may run again. Executions recorded on purpose without submission are left alone.
 */
export async function recover(
  ports: RecoverPorts,
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly Recovery[]> {
  const { items } = await ports.executions.list({ states: abandonable });
  const recoveries: Recovery[] = [];
  for (const execution of items) {
    if (isHeldBySomebody(execution, ports)) continue;
    if (dryRun) recoveries.push({ rid: execution.rid, state: execution.state, action: "would be finished" });
    // Another solve may be recovering at the same time; whoever claims it deals with it.
    else if (await ports.executions.claim(execution.rid, execution.owner, ports.owner))
      recoveries.push(await recoverOne(execution, ports));
  }
  return recoveries;
}

/** Deals with one execution that has been claimed. */
export async function recoverOne(execution: ListedExecution, ports: RecoverPorts): Promise<Recovery> {
  const { rid, state } = execution;
  if (execution.worker !== undefined) await ports.endProcesses(execution.worker, execution.fragment);
  if (await isComputed(execution, ports)) {
    const end = await ports.finish(execution);
    const { failure } = end;
    return {
      ...{ rid, state, action: actionOf(end) },
      ...(endsHere(end) ? { end } : {}),
      ...(failure === undefined ? {} : { failure }),
    };
  }
  const failure = lossOf(execution);
  await ports.executions.transition([lost(execution, { at: ports.clock.now(), failure })]);
  return { rid, state, action: "failed", failure };
}

function actionOf({ state }: ExecutionEnd): Recovery["action"] {
  if (state === "published") return state;
  return state === "publishing" ? "waits" : "failed";
}

/** A system failure is tried again by the solve that recovers it. */
function endsHere({ state, failure }: ExecutionEnd): boolean {
  return state !== "failed" || failure?.class !== "system";
}

/** True for an execution that a living process has, or that was put aside on purpose. */
export function isHeldBySomebody(
  { held, owner }: ListedExecution,
  { alive }: Pick<RecoverPorts, "alive">,
): boolean {
  return held || (owner !== undefined && alive(owner));
}

async function isComputed({ state, fragment }: ListedExecution, ports: RecoverPorts): Promise<boolean> {
  if (state === "completed" || state === "publishing") return true;
  return (state === "running" || state === "pending") && (await ports.finishedInScratch(fragment));
}

function lossOf({ state }: ListedExecution): Failure {
  const message = `its process ended while it was ${state}`;
  const signature = signatureOf("system", "EXECUTION_LOST", message);
  return { class: "system", code: "EXECUTION_LOST", message, signature };
}

function lost(
  { rid, state }: ListedExecution,
  { at, failure }: { readonly at: string; readonly failure: Failure },
): Transition {
  return {
    rid,
    from: state,
    to: "failed",
    at,
    message: failure.message,
    actor: "recovery",
    failure,
    dirty: { value: true, reason: "lost" },
    owner: null,
    worker: null,
  };
}
