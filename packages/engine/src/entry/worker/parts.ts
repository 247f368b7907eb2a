import { createExecutionFolders } from "../../adapters/files/execution-folder.ts";
import { captureStandardStreams } from "../../adapters/output-capture/standard-streams.ts";
import { createProcessTrees } from "../../adapters/process-tree/process-trees.ts";
import { runExecution } from "../../app/run-execution.ts";
import type { WorkerPorts } from "../../app/worker-ports.ts";
import type { Provider } from "../../core/diagnostic/diagnostic.ts";
import type { DurableObserver } from "../../ports/durable.ts";
import type { FolderRunner } from "../../ports/folder-runner.ts";
import type { ProcessTrees } from "../../ports/process-tree.ts";
import type { ProviderLoader } from "../../ports/provider-loader.ts";
import { loadProviders } from "../load-providers.ts";
import { systemClock } from "../system-clock.ts";
import { graceMs } from "./program.ts";

/** Settings of the worker side. */
export interface WorkerOptions {
  readonly observer: DurableObserver;
  /** True in a process that does nothing else. */
  readonly isolated: boolean;
  readonly graceMs?: number;
  /** What stands in for files, modules and streams of this process, where a library runs computations. */
  readonly instead?: Partial<Pick<WorkerPorts, "folders" | "loadProviders" | "capture">>;
}

/** What runs one execution folder in this process, and the processes it starts. */
export interface WorkerSide {
  readonly run: FolderRunner;
  readonly trees: ProcessTrees;
}

/** Imports each module once for the life of the process. */
function cachedProviders(): ProviderLoader {
  const modules = new Map<string, Promise<readonly Provider[]>>();
  return (module, projectFolder) => {
    const name = JSON.stringify([module, projectFolder]);
    const known = modules.get(name);
    if (known !== undefined) return known;
    const loading = loadProviders([module], { folder: projectFolder }).then((all) =>
      all.map(({ provider }) => provider),
    );
    modules.set(name, loading);
    return loading;
  };
}

/** Puts the worker side together. Takes over this process's standard streams, unless told otherwise: call it once. */
export function createWorkerSide(options: WorkerOptions): WorkerSide {
  const trees = createProcessTrees();
  const { instead = {} } = options;
  const ports = {
    folders: instead.folders ?? createExecutionFolders(options.observer),
    trees,
    loadProviders: instead.loadProviders ?? cachedProviders(),
    capture: instead.capture ?? captureStandardStreams(),
    clock: systemClock,
    graceMs: options.graceMs ?? graceMs,
    isolated: options.isolated,
  };
  return { trees, run: (request) => runExecution(ports, request) };
}
