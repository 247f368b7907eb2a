import type { LocalDataset } from "../core/execution/context.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import type { Failure, Outcome, ResourceUse } from "../core/execution/outcome.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionFolder, ExecutionFolders } from "../ports/execution-folder.ts";
import type { RunRequest } from "../ports/folder-runner.ts";
import type { OutputCapture } from "../ports/output-capture.ts";
import type { ProcessTrees } from "../ports/process-tree.ts";
import type { ProviderLoader } from "../ports/provider-loader.ts";
import type { Collected } from "./execution-context.ts";

/** What running one execution needs of the outside. */
export interface WorkerPorts {
  readonly folders: ExecutionFolders;
  readonly trees: ProcessTrees;
  readonly loadProviders: ProviderLoader;
  readonly capture: OutputCapture;
  readonly clock: Clock;
  /** Milliseconds a command has to end itself before it is killed. */
  readonly graceMs: number;
  /** True in a process that does nothing else. */
  readonly isolated: boolean;
}

/** A computation that came to its end, well or not. */
export interface Computed {
  readonly bundles: Outcome["bundles"];
  readonly failure?: Failure;
}

/** What a computation works with. */
export interface Computation {
  readonly definition: ExecutionDefinition;
  readonly inputs: readonly LocalDataset[];
  readonly folder: ExecutionFolder;
  readonly collected: Collected;
  /** Aborts on cancel and on the time limit; its reason is an error. */
  readonly signal: AbortSignal;
  /** To be called once when the computation itself begins: the time limit counts from here. */
  readonly begin: RunRequest["started"];
  /** To be called once when it is over, however it ended. */
  readonly used: (resources: ResourceUse) => void;
}
