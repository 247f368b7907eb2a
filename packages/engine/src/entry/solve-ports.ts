import { setTimeout as sleep } from "node:timers/promises";
import { localInputFiles } from "../adapters/files/input-files.ts";
import { makeScratchFolder, scratchPlaces } from "../adapters/files/scratch-folder.ts";
import { isAlive } from "../adapters/process-tree/owner.ts";
import type { BringInputs } from "../app/bring-inputs.ts";
import { catalogQueue } from "../app/catalog-queue.ts";
import { clearScratch, type KeepScratch } from "../app/clear-scratch.ts";
import type { PlanPorts } from "../app/plan.ts";
import type { RunPorts } from "../app/run-executions.ts";
import { settle } from "../app/settle.ts";
import type { SolvePorts } from "../app/solve.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { Executor } from "../ports/executor.ts";
import type { RemoteInputs } from "../ports/remote-inputs.ts";
import { type ExecutorParts, startExecutor } from "./executors.ts";
import { finishingPorts } from "./finishing-ports.ts";
import type { Catalog } from "./project.ts";
import type { Publishing } from "./publishing.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./system-clock.ts";

/** What the ports of a solve are made of. */
export interface SolvePortParts extends PlanPorts, Stores {
  readonly catalog: Catalog;
  readonly folder: string;
  readonly publishing: Publishing;
  readonly observer: DurableObserver;
  readonly executor: ExecutorParts;
  readonly keepScratch: KeepScratch;
  readonly remote: RemoteInputs;
}

/** What brings inputs is loaded when there are any to bring. */
function bringer({ results, folder, remote, emit }: SolvePortParts): BringInputs {
  let bring: BringInputs | undefined;
  return async (definition, how) => {
    if (definition.datasets.every(({ authored }) => authored === undefined)) return;
    const { inputBringer } = await import("../app/bring-inputs.ts");
    bring ??= inputBringer({
      ...{ results, remote, emit, projectFolder: folder, places: scratchPlaces },
      files: localInputFiles(),
      worker: { clock: systemClock },
    });
    await bring(definition, how);
  };
}

/** Wires the outside of a solve; disposing ends the executor, if it was started. */
export function solvePorts(parts: SolvePortParts): SolvePorts & AsyncDisposable {
  const { catalog, scratch, publishing } = parts;
  const transitions = catalogQueue(catalog);
  const publish = publishing.publisher(transitions);
  let executor: Executor | undefined;
  let run: RunPorts | undefined;
  const startRun = (): RunPorts => {
    executor ??= startExecutor(parts.executor);
    run ??= {
      executor,
      events: executor.events()[Symbol.asyncIterator](),
      transitions,
      prepare: async (fragment, file) =>
        makeScratchFolder(scratch.folder(fragment), { file, observer: parts.observer }),
      bring: bringer(parts),
      settle: (finished) => settle(finished, { scratch, transitions, publish }),
      clock: systemClock,
      emit: parts.emit,
      projectFolder: parts.folder,
    };
    return run;
  };
  return {
    ...parts,
    authored: catalog.authored,
    startRun,
    clearScratch: () =>
      clearScratch({
        executions: catalog.executions,
        scratch,
        keepScratch: parts.keepScratch,
        alive: isAlive,
      }),
    ...finishingPorts({ catalog, scratch, transitions, publish }),
    sleep: async (seconds, signal) => {
      // An interrupted pause is simply over: the caller looks at the signal itself.
      await sleep(seconds * 1000, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
    [Symbol.asyncDispose]: async () => executor?.close(),
  };
}
