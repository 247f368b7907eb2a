import { resolve } from "node:path";
import { AlmanacError } from "../core/errors.ts";
import type { LocalDataset } from "../core/execution/context.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import { executionFiles, type ResourceUse } from "../core/execution/outcome.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import { parseDefinition } from "../documents/definition.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionFolder, FileToSeal } from "../ports/execution-folder.ts";
import type { RunRequest, RunResult } from "../ports/folder-runner.ts";
import { failureOf } from "./computation-failure.ts";
import { nothingCollected } from "./execution-context.ts";
import { logLine } from "./log-line.ts";
import { computeCommand } from "./run-command.ts";
import { computeFunction } from "./run-function.ts";
import type { Computation, Computed, WorkerPorts } from "./worker-ports.ts";

const nothingUsed: ResourceUse = { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0, measured: "none" };

/** Longest delay of a timer, in milliseconds: 24.8 days. */
const longestTimer = 2 ** 31 - 1;

/**
 * Runs one execution from its folder and answers in it: log, manifest, bundles, artifacts, and `outcome.json` last.
 * Opens no catalog. Whatever goes wrong becomes the outcome's failure; only when no outcome could be written is it in
 * the result.
 */
export async function runExecution(ports: WorkerPorts, request: RunRequest): Promise<RunResult> {
  return runFolder(ports, {
    request,
    compute: (computation) => {
      const command = computation.definition.computation.kind === "command";
      return (command ? computeCommand : computeFunction)(computation, { ports, request });
    },
  });
}

/** What computes, once the inputs are known to be there; it begins and ends through the computation it is given. */
export type Compute = (computation: Computation) => Promise<Computed>;

/**
 * The same with what computes given: a recorded run's own function, or a block of code that runs meanwhile.
 * @throws FILE_MISSING when there is no such folder
 */
export async function runFolder(
  ports: Pick<WorkerPorts, "folders" | "clock">,
  { request, compute }: { readonly request: RunRequest; readonly compute: Compute },
): Promise<RunResult> {
  const folder = ports.folders.take(request.folder);
  if (folder === undefined) return { kind: "taken" };
  const run = new Run(ports.clock, { request, folder, compute });
  return run.toEnd();
}

/** One run: its folder, its journal, its time limit. */
class Run {
  readonly #clock: Clock;
  readonly #compute: Compute;
  readonly #request: RunRequest;
  readonly #folder: ExecutionFolder;
  readonly #collected = nothingCollected();
  readonly #states: { readonly state: ExecutionState; readonly at: string }[] = [];
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #rid = "";
  #resources = nothingUsed;

  constructor(
    clock: Clock,
    { request, folder, compute }: { request: RunRequest; folder: ExecutionFolder; compute: Compute },
  ) {
    this.#clock = clock;
    this.#compute = compute;
    this.#request = request;
    this.#folder = folder;
  }

  async toEnd(): Promise<RunResult> {
    const { signal } = this.#request;
    const cancel = (): void => this.#abort.abort(signal.reason);
    signal.addEventListener("abort", cancel, { once: true });
    if (signal.aborted) cancel();
    const computed = await this.#attempt(() => this.#start());
    clearTimeout(this.#timer);
    signal.removeEventListener("abort", cancel);
    const sealed = await this.#attempt(() => this.#seal(computed));
    return this.#conclude(sealed);
  }

  /** Turns anything thrown into a failure, with its stack in the log. */
  async #attempt(step: () => Promise<Computed>): Promise<Computed> {
    try {
      return await step();
    } catch (error) {
      const failure = failureOf(error);
      this.#folder.log(logLine(`${this.#clock.now()} ERROR ${failure.code}: ${stackOf(error)}`));
      return { bundles: {}, failure };
    }
  }

  async #start(): Promise<Computed> {
    const definition = parseDefinition(this.#folder.read(executionFiles.definition));
    this.#rid = definition.rid;
    const computation: Computation = {
      definition,
      inputs: this.#localInputs(definition),
      folder: this.#folder,
      collected: this.#collected,
      signal: this.#abort.signal,
      begin: (worker) => this.#begin(definition, worker),
      used: (resources) => {
        clearTimeout(this.#timer);
        this.#resources = resources;
      },
    };
    return this.#compute(computation);
  }

  #begin(definition: ExecutionDefinition, worker: Parameters<RunRequest["started"]>[0]): void {
    const { timeoutSeconds } = definition.limits;
    this.#journal("running");
    this.#request.started(worker);
    if (timeoutSeconds === undefined) return;
    const late = new AlmanacError("TIMEOUT", `the computation passed its time limit of ${timeoutSeconds} s`, {
      facts: { timeoutSeconds },
    });
    this.#timer = setTimeout(() => this.#abort.abort(late), Math.min(timeoutSeconds * 1000, longestTimer));
  }

  #localInputs(definition: ExecutionDefinition): readonly LocalDataset[] {
    const inputs = definition.datasets.map((dataset) => {
      const from = dataset.authored === undefined ? this.#request.projectFolder : this.#folder.path;
      return { ...dataset, localPaths: dataset.files.map((file) => resolve(from, file.path)) };
    });
    // Files of authored datasets are brought into the folder with the other assets.
    const missing = this.#folder.missing(
      inputs.flatMap(({ authored, localPaths }) => (authored === undefined ? localPaths : [])),
    );
    if (missing.length > 0)
      throw new AlmanacError("FILE_MISSING", `input files are not there: ${missing.slice(0, 5).join(", ")}`, {
        hint: "ingest the folder again, so that the catalog knows what is there",
        facts: { missing },
      });
    return inputs;
  }

  /** Hashes what was left: of a failed run only what is to be kept, and only if it is there. */
  async #seal(computed: Computed): Promise<Computed> {
    const artifacts: readonly FileToSeal[] = [...this.#collected.manifest.artifacts.values()]
      .filter(
        ({ path, keepOnFailure }) =>
          computed.failure === undefined || (keepOnFailure && this.#folder.has(path)),
      )
      .map(({ path, mode }) => ({ path, mode }));
    const bundles = Object.values(computed.bundles).map((path) => ({ path, mode: "write" as const }));
    if (computed.failure === undefined || artifacts.length > 0)
      await this.#folder.seal([...artifacts, ...bundles], this.#request.sealing);
    return computed;
  }

  #journal(state: ExecutionState): void {
    const at = this.#clock.now();
    this.#states.push({ state, at });
    this.#folder.journal(state, at);
  }

  /** Writes the outcome; what prevents it is the result's failure. */
  #conclude({ bundles, failure }: Computed): RunResult {
    const resources = this.#resources;
    try {
      this.#journal(failure === undefined ? "completed" : "failed");
      this.#folder.close();
      const result =
        failure === undefined ? { result: "ok" as const } : { result: "failed" as const, failure };
      const states = this.#states;
      this.#folder.writeOutcome({ formatVersion: 1, rid: this.#rid, ...result, states, resources, bundles });
      return { kind: "done", resources };
    } catch (error) {
      return { kind: "done", failure: failure ?? failureOf(error), resources };
    }
  }
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
