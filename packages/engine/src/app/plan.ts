import type { Snapshot } from "../core/catalog/snapshot.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { Owner } from "../core/execution/record.ts";
import type { History } from "../core/solver/history.ts";
import { datasetsToOpen } from "../core/solver/opening.ts";
import type { IgnoreList, SolveOptions } from "../core/solver/options.ts";
import type { Plan } from "../core/solver/plan.ts";
import { solve } from "../core/solver/solve.ts";
import type { DatasetCatalog } from "../ports/dataset-catalog.ts";
import type { EventSink } from "../ports/events.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { LoadedProvider } from "./loaded-provider.ts";

/** What to plan. */
export interface PlanInput {
  readonly providers: readonly LoadedProvider[];
  readonly ignore: IgnoreList;
  readonly options: SolveOptions;
  readonly sourceTypes: readonly SourceType[];
  /** False: datasets known from their path only are not opened; the plan may lack what depends on them. */
  readonly open: boolean;
}

/** What planning needs of the outside. */
export interface PlanPorts {
  readonly datasets: DatasetCatalog;
  readonly executions: Pick<ExecutionCatalog, "history">;
  /** Opens the files of these datasets; stores what it found unless the run is dry. */
  readonly finalise: Finalise;
  readonly alive: (owner: Owner) => boolean;
  readonly emit: EventSink;
}

/** Opens datasets that were known from their path only. @returns the snapshot with what was found in them */
export type Finalise = (ids: ReadonlyMap<string, readonly string[]>, snapshot: Snapshot) => Promise<Snapshot>;

/** A plan with what it was made from. */
export interface MadePlan {
  readonly plan: Plan;
  readonly snapshot: Snapshot;
  readonly history: History;
  /** How many datasets were opened to make it, or would have to be with `open: false`. */
  readonly opened: number;
}

/**
 * Decides what would run and why. Datasets that a requirement selects and that have not been opened are opened first,
 * in batches, until none is left.
 */
export async function makePlan(input: PlanInput, ports: PlanPorts): Promise<MadePlan> {
  const providers = input.providers.map(({ provider }) => provider);
  const { snapshot, opened } = await openedSnapshot(input, ports);
  const history = await ports.executions.history(ports.alive);
  const plan = solve(snapshot, providers, { ...input.options, ignore: input.ignore, history });
  const run = plan.decisions.filter(({ decision }) => decision === "run").length;
  ports.emit({ kind: "solve.planned", run, skip: plan.decisions.length - run });
  return { plan, snapshot, history, opened };
}

/** The snapshot in which everything that the providers select has been opened. */
export async function openedSnapshot(
  { providers, ignore, options, open, sourceTypes }: PlanInput,
  ports: Pick<PlanPorts, "datasets" | "finalise">,
): Promise<{ readonly snapshot: Snapshot; readonly opened: number }> {
  let snapshot = await ports.datasets.snapshot();
  let opened = 0;
  const known = providers.map(({ provider }) => provider);
  for (;;) {
    const needed = datasetsToOpen(snapshot, known, { ...options, ignore, sourceTypes });
    const count = [...needed.values()].reduce((sum, ids) => sum + ids.length, 0);
    if (count === 0) return { snapshot, opened };
    if (!open) return { snapshot, opened: count };
    snapshot = await ports.finalise(needed, snapshot);
    opened += count;
  }
}
