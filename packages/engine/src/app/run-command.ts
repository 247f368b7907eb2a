import { AlmanacError, Defect } from "../core/errors.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import type { LocalAsset } from "../core/records/asset.ts";
import { stagedFileOptions } from "../core/records/staged-files.ts";
import { inputsFile } from "../ports/execution-folder.ts";
import type { CommandEnd } from "../ports/process-tree.ts";
import { failureOf, failureOfCommand } from "./computation-failure.ts";
import { register } from "./execution-context.ts";
import { filesLeft } from "./files-left.ts";
import type { Computation, Computed, WorkerPorts } from "./worker-ports.ts";
import { bundlesLeft } from "./write-bundles.ts";

function argvOf({ rid, computation }: ExecutionDefinition): readonly [string, ...string[]] {
  if (computation.kind !== "command") throw new Defect("a function has no command line");
  const [program, ...rest] = computation.argv;
  if (program === undefined || program === "")
    throw new AlmanacError("PROVIDER_INVALID", `the command line of execution ${rid} is empty`, {
      hint: "let `command` of the diagnostic begin with the name of a program",
    });
  return [program, ...rest];
}

/** A computation by a command line; of a recorded run with input files and configuration. */
export interface CommandComputation extends Computation {
  readonly assets?: readonly LocalAsset[];
  /** Absolute folder to run it in; default: the folder of the execution. */
  readonly workingFolder?: string;
}

/** Text of `inputs.json`: the pinned datasets, each file with its absolute path; of a run also its files and configuration. */
function inputsText({ inputs, definition, assets = [] }: CommandComputation): string {
  const datasets = inputs.map(({ localPaths, files, ...dataset }) => ({
    ...dataset,
    files: files.map((file, index) => ({ ...file, path: localPaths[index] })),
  }));
  if (definition.origin === undefined) return `${JSON.stringify({ formatVersion: 1, datasets }, null, 1)}\n`;
  const files = assets.map(({ localPath, ...asset }) => ({ ...asset, path: localPath }));
  const { parameters: config } = definition;
  return `${JSON.stringify({ formatVersion: 1, config, datasets, assets: files }, null, 1)}\n`;
}

function memoryError(bytes: number, limit: number | undefined): AlmanacError {
  const mebibytes = (value: number): number => Math.round(value / 1024 / 1024);
  const text = `the computation used ${mebibytes(bytes)} MiB, its limit is ${mebibytes(limit ?? 0)} MiB`;
  return new AlmanacError("MEMORY_LIMIT", text, { facts: { bytes, limit } });
}

/** Throws why we ended the command, or why it failed by itself. */
function judge({ definition, folder, signal }: Computation, end: CommandEnd): Pick<Computed, "failure"> {
  if (end.exceededBytes !== undefined) throw memoryError(end.exceededBytes, definition.limits.memoryBytes);
  signal.throwIfAborted();
  const failure = failureOfCommand(end);
  if (failure === undefined) return {};
  // A program that found no space left says so in its own words and exit code.
  if (failure.class === "diagnostic" && folder.isFull())
    return {
      failure: failureOf(new AlmanacError("DISK_FULL", `${failure.message}; there is no space left`)),
    };
  return { failure };
}

/**
 * Runs a diagnostic's command line in the execution's folder. Every file it leaves there becomes an artifact, the
 * bundles under their fixed names become the results.
 * @throws TIMEOUT, MEMORY_LIMIT, INTERRUPTED when it was ended; ENVIRONMENT_INVALID when it cannot be started
 */
export async function computeCommand(
  computation: CommandComputation,
  { ports }: { readonly ports: Pick<WorkerPorts, "trees" | "graceMs"> },
): Promise<Computed> {
  const { definition, folder, collected, signal } = computation;
  const argv = argvOf(definition);
  signal.throwIfAborted();
  folder.write(inputsFile, inputsText(computation));
  const { memoryBytes } = definition.limits;
  const end = await ports.trees.run({
    argv,
    cwd: computation.workingFolder ?? folder.path,
    environment: {},
    marker: folder.path,
    signal,
    graceMs: ports.graceMs,
    output: (bytes) => folder.log(bytes),
    started: computation.begin,
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  });
  computation.used(end.resources);
  const judged = judge(computation, end);
  const bundles = judged.failure === undefined ? bundlesLeft(folder) : {};
  const artifacts = judged.failure === undefined ? filesLeft(computation, bundles) : [];
  const isRun = definition.origin !== undefined;
  for (const path of artifacts)
    register(collected, folder, { ...(isRun ? stagedFileOptions(path) : {}), path, mode: "write" });
  return { bundles, ...judged };
}
