import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { ListedExecution } from "../../ports/execution-catalog.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import { abandonable, isHeldBySomebody, type RecoverPorts, recoverOne } from "../recover.ts";
import type { ExecutionEnd } from "../run-executions.ts";
import { type PublishedFiles, publishedFiles } from "./published-files.ts";

/** What publishing what is pending needs of the outside. */
export interface PublishPendingPorts extends RecoverPorts {
  /** Sleeps, or throws the signal's reason. */
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
  readonly results: FragmentStore;
  /** True while this very process works on a run. */
  readonly isUnderWay: (rid: Rid) => boolean;
  /** From 0 to 1: pauses of several processes are to differ. */
  readonly random: () => number;
}

/** What to publish, and how stubbornly. */
export interface PublishPendingOptions {
  /** Absent: every execution whose process is gone. */
  readonly rids?: readonly Rid[];
  /** Tries after the first, while store or catalog are not available. */
  readonly retries: number;
  readonly signal: AbortSignal;
}

/** How publishing one execution went. */
export interface Published {
  readonly rid: Rid;
  /** State it was found in. */
  readonly from: string;
  /** State it is in now. */
  readonly state: string;
  /** Why it is not published. */
  readonly reason: string;
  /** What has become of every file that it registered; absent while nothing is in results. */
  readonly files?: PublishedFiles;
}

/** First pause between two tries, in seconds; each further one is twice as long. */
const firstPauseSeconds = 0.5;

/**
 * Publishes several executions whose computation is over, each by itself: what goes wrong with one leaves the others
 * alone. What a dead process had not computed fails as lost. While store or catalog are not available, it is tried again.
 */
export async function publishPending(
  options: PublishPendingOptions,
  ports: PublishPendingPorts,
): Promise<readonly Published[]> {
  const published: Published[] = [];
  for (const execution of await pending(options, ports)) {
    options.signal.throwIfAborted();
    published.push(await publishOne(execution, { options, ports }));
  }
  return published;
}

async function pending(
  { rids }: PublishPendingOptions,
  ports: PublishPendingPorts,
): Promise<readonly ListedExecution[]> {
  if (rids === undefined) {
    const { items } = await ports.executions.list({ states: abandonable });
    return items.filter((execution) => !isTaken(execution, ports)).reverse();
  }
  const { items } = await ports.executions.list({ rids });
  const unknown = rids.filter((rid) => !items.some((each) => each.rid === rid));
  if (unknown.length > 0)
    throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${unknown.join(", ")}`, {
      hint: "almanac executions list",
      facts: { unknown },
    });
  return items.toReversed();
}

/** True for one that somebody works on; what this process itself could not publish before is nobody's. */
function isTaken(execution: ListedExecution, ports: PublishPendingPorts): boolean {
  return isHeldBySomebody(execution, ports) && !isLeftByUs(execution, ports);
}

function isLeftByUs(
  { rid, held, origin, state, owner }: ListedExecution,
  { owner: own, isUnderWay }: PublishPendingPorts,
): boolean {
  if (held || origin === "solver" || state !== "publishing" || isUnderWay(rid)) return false;
  return owner?.host === own.host && owner.bootId === own.bootId && owner.pid === own.pid;
}

async function publishOne(
  execution: ListedExecution,
  work: { readonly options: PublishPendingOptions; readonly ports: PublishPendingPorts },
): Promise<Published> {
  const { rid, state: from } = execution;
  try {
    const { state, failure } = await toEnd(execution, work);
    const known = failure ?? (state === "failed" ? execution.failure : undefined);
    const reason = known?.message ?? (state === "publishing" ? "it waits" : "");
    const files = await publishedFiles(execution.fragment, work.ports.results);
    return { rid, from, state, reason, ...(files === undefined ? {} : { files }) };
  } catch (error) {
    if (!(error instanceof AlmanacError) || error.code === "INTERRUPTED") throw error;
    return { rid, from, state: from, reason: error.message };
  }
}

async function toEnd(
  execution: ListedExecution,
  work: { readonly options: PublishPendingOptions; readonly ports: PublishPendingPorts },
): Promise<ExecutionEnd> {
  const { rid, state, owner, abortReason } = execution;
  if (state === "published") return { rid, state };
  if (state === "aborted")
    throw new AlmanacError("TRANSITION_REFUSED", `execution ${rid} was given up (${abortReason})`, {
      hint: `almanac run --from ${rid}`,
    });
  if (state === "failed") return again(execution, work);
  const { ports } = work;
  if (isTaken(execution, ports) || !(await ports.executions.claim(rid, owner, ports.owner)))
    throw new AlmanacError("CONFLICT", `execution ${rid} belongs to a process that works on it`, {
      hint: "wait for it to end",
    });
  const recovery = await recoverOne(execution, ports);
  if (recovery.action === "waits") return again({ ...execution, state: "publishing" }, work);
  const { action, end, failure } = recovery;
  if (end !== undefined) return end;
  return {
    rid,
    state: action === "published" ? action : "failed",
    ...(failure === undefined ? {} : { failure }),
  };
}

/** Finishes, and while it waits for store or catalog tries once more after a pause. */
async function again(
  execution: ListedExecution,
  { options, ports }: { readonly options: PublishPendingOptions; readonly ports: PublishPendingPorts },
): Promise<ExecutionEnd> {
  let end = await ports.finish(execution);
  for (let tried = 0; end.state === "publishing" && tried < options.retries; tried++) {
    const pause = firstPauseSeconds * 2 ** tried * (0.5 + ports.random());
    await ports.sleep(pause, options.signal);
    end = await ports.finish({ ...execution, state: "publishing" });
  }
  return end;
}
