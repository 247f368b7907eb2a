import { type AlmanacError, isAlmanacError } from "../core/errors.ts";
import type { Failure } from "../core/execution/outcome.ts";
import {
  type Ingested,
  type Materialized,
  type ResolvedStatus,
  resolveStatus,
} from "../core/execution/resolve-status.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventSink } from "../ports/events.ts";
import type { Transition } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { ValueCatalog } from "../ports/value-catalog.ts";
import type { TransitionQueue } from "./catalog-queue.ts";
import type { KeepScratch } from "./clear-scratch.ts";
import { readResults } from "./ingest-results.ts";
import { type MaterializeInput, materialize } from "./materialize.ts";
import { readOutcome } from "./read-outcome.ts";
import type { ExecutionEnd } from "./run-executions.ts";
import type { EndedExecution } from "./settle.ts";
import { transferProgress } from "./transfer-progress.ts";

/** What publishing needs of the outside. */
export interface PublishPorts {
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
  readonly values: Pick<ValueCatalog, "publish">;
  readonly transitions: TransitionQueue;
  readonly vocabulary: Vocabulary;
  /** What the vocabulary does not allow is a warning. */
  readonly lenient?: boolean;
  readonly clock: Clock;
  readonly keepScratch: KeepScratch;
  /**
   * Ends copying large files: the execution stays `publishing`. One that has been given before publication begins has ended
   * the computation, and means nothing more.
   */
  readonly signal?: AbortSignal | undefined;
  readonly emit?: EventSink;
}

/** Failures that pass by themselves: the execution stays `publishing`. */
const passing = ["STORE_UNAVAILABLE", "DISK_FULL", "FILE_MISSING"] as const;

/**
 * Ends an execution whose computation is over: materialize, resolve, ingest. A failed one leaves its log in results
 * and becomes `failed`. When store or catalog are not available now, it stays `publishing`, to be published again, never
 * computed again. May be called from `completed`, `publishing` and `failed` (publish again), and repeated from wherever
 * a kill left it; from `running` it records how the computation failed.
 * @throws CATALOG_LOCKED and what else the catalog throws; the execution then stays as it is
 */
export async function publishExecution(ended: EndedExecution, ports: PublishPorts): Promise<ExecutionEnd> {
  const startedMs = ports.clock.monotonicMs();
  const outcome = ended.outcome ?? (await readOutcome(ended.definition.fragment, ports.results));
  const known = { ...ended, outcome };
  if (ended.state === "failed" && outcome?.result !== "ok")
    return { rid: ended.definition.rid, state: "failed" };
  const state = outcome?.result === "ok" ? await toPublishing(known, ports) : ended.state;
  const status = await resolve({ ...known, state }, { ports, startedMs });
  if (status.state === "failed") await recordFailure({ ...known, state }, { status, ports });
  if (status.state !== "publishing") await removeScratch(known, { status, ports });
  return endOf(ended.definition.rid, status);
}

function endOf(rid: Rid, { state, failure }: ResolvedStatus): ExecutionEnd {
  return { rid, state, ...(failure === undefined ? {} : { failure }) };
}

async function toPublishing(
  { definition, state }: EndedExecution,
  ports: PublishPorts,
): Promise<ExecutionState> {
  if (state === "publishing") return state;
  const at = ports.clock.now();
  const step = { rid: definition.rid, at, message: "", actor: "controller" } as const;
  await ports.transitions.push({ ...step, from: state, to: "publishing" });
  return "publishing";
}

interface Progress {
  readonly ports: PublishPorts;
  readonly startedMs: number;
}

/** Materializes, and ingests what is good; the catalog has `published` when this says so. */
async function resolve(ended: EndedExecution, progress: Progress): Promise<ResolvedStatus> {
  const { ports } = progress;
  const evidence = {
    outcome: ended.outcome,
    ...(ended.failure === undefined ? {} : { lost: ended.failure }),
  };
  const materialized = await orUnavailable(() =>
    materialize({ ...ports, ...ended.definition, ...copying(ended, ports), published: false }),
  );
  if ("unavailable" in materialized) {
    // A computation that failed has failed, whether its log can be kept or not.
    const there = { log: "there", problems: [] } as const;
    return resolveStatus({ ...evidence, materialized: there, ingested: materialized.unavailable });
  }
  const before = resolveStatus({ ...evidence, materialized: materialized.value, ingested: { kind: "none" } });
  if (before.state !== "publishing") return before;
  const ingested = await orUnavailable(() => ingest(ended, progress));
  return resolveStatus({
    ...evidence,
    materialized: materialized.value,
    ingested: "unavailable" in ingested ? ingested.unavailable : ingested.value,
  });
}

/** How its files are copied: until when, and who is told. */
function copying(
  { definition }: EndedExecution,
  { signal, emit, clock }: PublishPorts,
): Pick<MaterializeInput, "signal" | "telling"> {
  return {
    signal: signal?.aborted === true ? undefined : signal,
    telling:
      emit &&
      ((totalBytes) => transferProgress({ phase: "copy", rid: definition.rid, totalBytes, emit, clock })),
  };
}

async function orUnavailable<T extends Materialized | Ingested>(
  attempt: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly unavailable: Ingested }> {
  try {
    return { value: await attempt() };
  } catch (error) {
    if (!isAlmanacError(error, ...passing)) throw error;
    return { unavailable: { kind: "unavailable", code: error.code, reason: error.message } };
  }
}

async function ingest({ definition }: EndedExecution, { ports, startedMs }: Progress): Promise<Ingested> {
  const read = await readResults(definition.fragment, ports);
  if (!read.ok) return { kind: "refused", problems: read.problems };
  const seconds = (ports.clock.monotonicMs() - startedMs) / 1000;
  const published: Transition = {
    ...{ rid: definition.rid, from: "publishing", to: "published", message: "", actor: "controller" },
    at: ports.clock.now(),
    dirty: { value: false },
    durations: { publish: seconds },
    owner: null,
    worker: null,
  };
  try {
    await ports.values.publish(read.results, published);
    return { kind: "done" };
  } catch (error) {
    if (!isAlmanacError(error, "BUNDLE_INVALID", "DATASET_REFUSED", "FEATURE_INVALID", "VOCABULARY_REFUSED"))
      throw error;
    return { kind: "refused", problems: [(error satisfies AlmanacError).message] };
  }
}

async function recordFailure(
  { definition, state, finishedAt, outcome }: EndedExecution,
  { status, ports }: { readonly status: ResolvedStatus; readonly ports: PublishPorts },
): Promise<void> {
  const { failure, dirty } = status;
  await ports.transitions.push({
    ...{ rid: definition.rid, from: state, to: "failed", at: finishedAt, actor: "controller" },
    message: failure?.message ?? "",
    ...(failure === undefined ? {} : { failure }),
    dirty: dirty
      ? { value: true, reason: `retry after a system failure: ${codeOf(failure)}` }
      : { value: false },
    ...(outcome === undefined
      ? {}
      : { resources: outcome.resources, durations: { compute: outcome.resources.wallSeconds } }),
    owner: null,
    worker: null,
  });
}

function codeOf(failure: Failure | undefined): string {
  return failure?.code ?? "unknown";
}

/** Scratch goes once its execution has ended for good, if the settings say so. */
async function removeScratch(
  { definition }: EndedExecution,
  { status, ports }: { readonly status: ResolvedStatus; readonly ports: PublishPorts },
): Promise<void> {
  const keep =
    ports.keepScratch === "always" || (ports.keepScratch === "failed" && status.state === "failed");
  if (!keep) await ports.scratch.remove(definition.fragment);
}
