import type { RunDefinition } from "../../core/execution/definition.ts";
import { executionFiles } from "../../core/execution/outcome.ts";
import { capturedFolder } from "../../core/execution/run-fragment.ts";
import type { ExecutionState } from "../../core/execution/state.ts";
import type { LocalAsset } from "../../core/records/asset.ts";
import type { CapturedDocument } from "../../core/records/captured.ts";
import { writeDefinition } from "../../documents/definition.ts";
import type { RunRequest as FolderRequest } from "../../ports/folder-runner.ts";
import { register } from "../execution-context.ts";
import { runFolder } from "../run-execution.ts";
import type { ExecutionEnd } from "../run-executions.ts";
import { settle } from "../settle.ts";
import { transferProgress } from "../transfer-progress.ts";
import type { Computation, Computed } from "../worker-ports.ts";
import { fetchInputs } from "./fetch-inputs.ts";
import { bagInputs } from "./input-bags.ts";
import type { RunPorts } from "./run-ports.ts";

/** A computation of a run whose inputs are there. */
export interface RunComputation extends Computation {
  readonly definition: RunDefinition;
  readonly assets: readonly LocalAsset[];
}

/** What computes a run: a function, a command line, or whatever happens until somebody says that it is over. */
export type ComputeRun = (computation: RunComputation) => Promise<Computed>;

/** A recorded run and how to carry it out. */
export interface RunToExecute {
  readonly definition: RunDefinition;
  readonly documents: readonly CapturedDocument[];
  readonly compute: ComputeRun;
  /** Aborts to end the computation; its reason is an error. */
  readonly signal: AbortSignal;
}

const never = new AbortController().signal;

/**
 * Carries out a recorded run: folder, inputs, computation, outcome, and then publishes it or records how it failed. The
 * folder, the states and the publication are those of every execution.
 */
export async function executeRun(run: RunToExecute, ports: RunPorts): Promise<ExecutionEnd> {
  const { definition, signal } = run;
  const life = new Life(definition, ports);
  const text = writeDefinition(definition);
  const folder = await ports.prepare(definition.fragment, { name: executionFiles.definition, text });
  await life.to("initializing");
  const result = await runFolder(ports.worker, {
    request: {
      folder,
      projectFolder: ports.projectFolder,
      signal,
      crashed: never,
      started: (worker) => life.started(worker),
      progress: (progress) => ports.emit({ kind: "execution.progress", rid: definition.rid, ...progress }),
      sealing: (totalBytes) =>
        transferProgress({
          ...{ phase: "seal", rid: definition.rid, totalBytes },
          ...{ emit: ports.emit, clock: ports.worker.clock },
        }),
    },
    compute: (computation) => prepareAndCompute({ run, life, ports }, computation),
  });
  await life.settled();
  return settle(
    {
      definition,
      from: life.state,
      finishedAt: ports.worker.clock.now(),
      failure: result.kind === "done" ? result.failure : undefined,
      cancelled: signal.aborted,
    },
    ports,
  );
}

async function prepareAndCompute(
  { run, life, ports }: { readonly run: RunToExecute; readonly life: Life; readonly ports: RunPorts },
  computation: Computation,
): Promise<Computed> {
  const { definition } = run;
  storeDocuments(run.documents, computation);
  const how = { definition, folder: computation.folder, signal: run.signal };
  await bagInputs(how, { ...ports, files: "none" });
  const assets = await fetchInputs(how, ports);
  await bagInputs(how, { ...ports, files: "all" });
  await life.to("pending");
  return run.compute({ ...computation, definition, assets });
}

/** Written before the computation starts, and kept when it fails. */
function storeDocuments(documents: readonly CapturedDocument[], { folder, collected }: Computation): void {
  for (const { path, text, description } of documents) {
    const place = register(collected, folder, {
      path: `${capturedFolder}/${path}`,
      mode: "write",
      kind: "execution-metadata",
      types: ["execution-metadata"],
      description,
      keepOnFailure: true,
    });
    folder.prepare(place);
    folder.write(place, text);
  }
}

/** The states of one run in the catalog, up to the end of its computation. */
class Life {
  state: ExecutionState = "created";
  readonly #definition: RunDefinition;
  readonly #ports: RunPorts;
  readonly #beganMs: number;
  #started: Promise<{ readonly error: unknown } | undefined> | undefined;

  constructor(definition: RunDefinition, ports: RunPorts) {
    this.#definition = definition;
    this.#ports = ports;
    this.#beganMs = ports.worker.clock.monotonicMs();
  }

  async to(state: "initializing" | "pending"): Promise<void> {
    const seconds = (this.#ports.worker.clock.monotonicMs() - this.#beganMs) / 1000;
    await this.#ports.transitions.push({
      ...{ rid: this.#definition.rid, from: this.state, to: state, message: "", actor: "controller" },
      at: this.#ports.worker.clock.now(),
      ...(state === "pending" ? { durations: { download: seconds } } : {}),
    });
    this.state = state;
  }

  /** The computation does not wait until the catalog knows of its start. */
  started(worker: Parameters<FolderRequest["started"]>[0]): void {
    const pushed = this.#ports.transitions.push({
      ...{ rid: this.#definition.rid, from: "pending", to: "running", message: "", actor: "worker" },
      at: this.#ports.worker.clock.now(),
      ...(worker === undefined ? {} : { worker }),
    });
    // Thrown once the computation is over.
    this.#started = pushed.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    this.state = "running";
  }

  /** Resolves once the catalog has what happened so far. */
  async settled(): Promise<void> {
    const failed = await this.#started;
    if (failed !== undefined) throw failed.error;
  }
}
