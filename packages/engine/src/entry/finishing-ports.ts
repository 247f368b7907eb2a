import { isAlive, ownIdentity } from "../adapters/process-tree/owner.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import type { TransitionQueue } from "../app/catalog-queue.ts";
import { readOutcome } from "../app/read-outcome.ts";
import type { RecoverPorts } from "../app/recover.ts";
import type { ExecutionEnd } from "../app/run-executions.ts";
import { replay } from "../app/settle.ts";
import { Defect } from "../core/errors.ts";
import { executionFiles } from "../core/execution/outcome.ts";
import type { ListedExecution } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { Catalog } from "./project.ts";
import type { Publishing } from "./publishing.ts";
import { systemClock } from "./system-clock.ts";

/** What finishing executions of dead processes is made of. */
export interface FinishingParts {
  readonly catalog: Catalog;
  readonly scratch: FragmentStore;
  readonly transitions: TransitionQueue;
  readonly publish: ReturnType<Publishing["publisher"]>;
}

/** Wires what brings executions of dead or earlier processes to their end. */
export function finishingPorts(parts: FinishingParts): RecoverPorts {
  const { catalog, scratch } = parts;
  const trees = createProcessTrees();
  return {
    executions: catalog.executions,
    owner: ownIdentity(),
    alive: isAlive,
    clock: systemClock,
    endProcesses: async (worker, fragment) => void (await trees.endOwned(worker, scratch.folder(fragment))),
    finishedInScratch: async (fragment) =>
      (await scratch.read(fragment, executionFiles.outcome)) !== undefined,
    finish: (execution) => finish(execution, parts),
  };
}

/** Brings an execution whose computation is over to its end. */
async function finish(
  { rid, state, fragment }: ListedExecution,
  { catalog, scratch, transitions, publish }: FinishingParts,
): Promise<ExecutionEnd> {
  const definition = await catalog.executions.definition(rid);
  if (definition === undefined) throw new Defect(`execution ${rid} has no definition`);
  const outcome = await readOutcome(fragment, scratch);
  const finishedAt = systemClock.now();
  const reached =
    state === "pending" || state === "running"
      ? await replay({ definition, from: state, outcome, finishedAt }, transitions)
      : state;
  return publish({ definition, state: reached, outcome, failure: undefined, finishedAt });
}
