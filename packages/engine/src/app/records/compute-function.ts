import type { RunContext } from "../../core/execution/run-context.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import type { OutputCapture } from "../../ports/output-capture.ts";
import { callFunction } from "../call-function.ts";
import type { ContextParts } from "../execution-context.ts";
import type { WorkerPorts } from "../worker-ports.ts";
import type { ComputeRun } from "./execute-run.ts";
import { type InputBagPorts, usingDatasets } from "./input-bags.ts";
import { createRunContext, type RunContextParts } from "./run-context.ts";
import { type UseAssetPorts, usingAssets } from "./use-asset.ts";

/** What running a function in this process needs. */
export interface FunctionPorts extends UseAssetPorts, InputBagPorts {
  readonly runs: UseAssetPorts["runs"] & InputBagPorts["runs"];
  readonly worker: Pick<WorkerPorts, "trees" | "clock">;
  readonly files: InputFiles;
  readonly capture: OutputCapture;
  readonly progress: ContextParts["progress"];
  readonly nested: RunContextParts["nested"];
  readonly earlier?: RunContextParts["earlier"];
}

/** The code of a run: what it leaves is registered, what it returns is nobody's. */
export type RunFunction = (context: RunContext) => unknown;

/** Computes a run by calling a function in this process. What it throws fails the run. */
export function computeByFunction(run: RunFunction, ports: FunctionPorts): ComputeRun {
  return async (computation) => {
    const { collected, signal, definition } = computation;
    signal.throwIfAborted();
    const parts = { ...computation, definition, clock: ports.worker.clock, progress: ports.progress };
    const useAsset = usingAssets(computation, ports);
    const useDataset = usingDatasets(parts, { ...ports, useAsset });
    const { files, nested, earlier, bagging } = ports;
    const taking = { useAsset, useDataset, catalog: bagging.reader };
    const context = createRunContext({ ...parts, ...taking, files, nested, earlier }, collected);
    return callFunction(computation, {
      call: () => run(context),
      capture: ports.capture,
      trees: ports.worker.trees,
      isolated: false,
      givenUp: signal,
    });
  };
}
