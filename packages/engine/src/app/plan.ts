import type { Snapshot } from "../core/catalog/snapshot.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { Provider } from "../core/diagnostic/diagnostic.ts";
import type { Owner } from "../core/execution/record.ts";
import { openWorkspace } from "../core/solver/answer.ts";
import type { History } from "../core/solver/history.ts";
import { recallPlan, rememberedGroups } from "../core/solver/memory/recall.ts";
import { recollect } from "../core/solver/memory/recollection.ts";
import { pastsToAsk } from "../core/solver/memory/remembered-ruling.ts";
import { memoryVersion, type SolverMemory } from "../core/solver/memory/solver-memory.ts";
import { datasetsToOpen } from "../core/solver/opening.ts";
import type { IgnoreList, SolveOptions } from "../core/solver/options.ts";
import type { Plan } from "../core/solver/plan.ts";
import { decideFindings, type Findings, findAll } from "../core/solver/solve.ts";
import type { DatasetName } from "../ports/dataset-catalog.ts";
import type { EventSink } from "../ports/events.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { KeptDecisions } from "../ports/solver-memory.ts";
import {
  type CurrentSnapshot,
  currentSnapshot,
  declarationsText,
  type SnapshotPorts,
} from "./current-snapshot.ts";
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
export interface PlanPorts extends SnapshotPorts {
  readonly executions: Pick<ExecutionCatalog, "history" | "historyMark">;
  /** Opens the files of these datasets; stores what it found unless the run is dry. */
  readonly finalise: Finalise;
  readonly alive: (owner: Owner) => boolean;
  readonly emit: EventSink;
}

/** Opens datasets that were known from their path only. @returns the snapshot with what was found in them */
export type Finalise = (ids: ReadonlyMap<string, readonly string[]>, snapshot: Snapshot) => Promise<Snapshot>;

/** How much of a plan was computed for it; the rest was known from the last solve. */
export interface Recomputed {
  /** Groups of requirements that were computed. */
  readonly groups: number;
  /** All groups of the requirements that were looked at. */
  readonly ofGroups: number;
  /** What made it necessary, in one line. */
  readonly because: string;
}

/** A plan with what it was made from. */
export interface MadePlan {
  readonly plan: Plan;
  /** How many datasets were opened to make it, or would have to be with `open: false`. */
  readonly opened: number;
  readonly recomputed: Recomputed;
  /** The catalog it was made from; a plan that was recalled reads it only now. */
  readonly snapshot: () => Promise<Snapshot>;
  readonly history: () => Promise<History>;
  /** What was found on the way; absent when the plan was recalled. */
  readonly findings?: Findings;
}

/**
 * Decides what would run and why. Where nothing changed since the last solve that is known already; else only what the
 * changes reach is computed. Datasets that a requirement selects and that have not been opened are opened first, in
 * batches, until none is left.
 */
export async function makePlan(input: PlanInput, ports: PlanPorts): Promise<MadePlan> {
  const kept = await usableDecisions(input, ports);
  const made =
    (kept && (await recalledPlan(kept.memory, input, ports))) ?? (await newPlan(input, ports, kept));
  const run = made.plan.decisions.filter(({ decision }) => decision === "run").length;
  ports.emit({ kind: "solve.planned", run, skip: made.plan.decisions.length - run });
  return made;
}

/** What the last solve kept, if it is of this program and of these source types. */
export async function usableDecisions(
  { sourceTypes }: Pick<PlanInput, "sourceTypes">,
  { memory }: Pick<PlanPorts, "memory">,
): Promise<KeptDecisions | undefined> {
  const kept = await memory.decisions();
  const usable =
    kept?.memory.version === memoryVersion && kept.declarations === declarationsText(sourceTypes);
  return usable ? kept : undefined;
}

function providersOf({ providers }: PlanInput): readonly Provider[] {
  return providers.map(({ provider }) => provider);
}

/** The plan that the last solve left, if neither datasets nor executions nor declarations changed. */
async function recalledPlan(
  memory: SolverMemory,
  input: PlanInput,
  ports: PlanPorts,
): Promise<MadePlan | undefined> {
  if (!memory.settled || (await ports.datasets.mark()) !== memory.mark) return undefined;
  if ((await ports.executions.historyMark()) !== memory.historyMark) return undefined;
  const plan = recallPlan(memory, providersOf(input), { ...input.options, ignore: input.ignore });
  if (plan === undefined) return undefined;
  const because = "nothing changed since the last solve";
  return {
    plan,
    opened: 0,
    recomputed: { groups: 0, ofGroups: rememberedGroups(memory), because },
    snapshot: async () => (await openedSnapshot(input, ports)).snapshot,
    history: () => ports.executions.history(ports.alive),
  };
}

/** Solves; what the last solve found is used as far as no change reaches it. */
async function newPlan(
  input: PlanInput,
  ports: PlanPorts,
  kept: KeptDecisions | undefined,
): Promise<MadePlan> {
  const { snapshot, opened, since } = await openedSnapshot(input, ports);
  const memory = since?.before.mark === kept?.memory.mark ? kept?.memory : undefined;
  const recollection = memory && since && recollect(memory, { ...since, now: snapshot });
  const options = { ...input.options, ignore: input.ignore };
  const findings = findAll(openWorkspace(snapshot, recollection), providersOf(input), options);
  const past = await pastOf(findings, { memory, input }, ports);
  const { groups, computed } = findings.workspace.tally;
  return {
    plan: decideFindings(findings, { ...options, ...past }),
    opened,
    recomputed: {
      groups: computed,
      ofGroups: groups,
      because: memory === undefined ? unknownText(kept) : changesText(since?.changed.length ?? 0),
    },
    snapshot: async () => snapshot,
    history: async () => (past.asRemembered ? ports.executions.history(ports.alive) : past.history),
    findings,
  };
}

function unknownText(kept: KeptDecisions | undefined): string {
  return kept === undefined ? "no solve is remembered" : "too much changed since the last solve";
}

function changesText(count: number): string {
  if (count === 0) return "no dataset changed since the last solve";
  return `${count === 1 ? "1 dataset" : `${count} datasets`} changed since the last solve`;
}

/** The past that decisions need: all of it, or where no execution changed that of the groups memory does not tell of. */
async function pastOf(
  { found }: Findings,
  { memory, input }: { readonly memory: SolverMemory | undefined; readonly input: PlanInput },
  { executions, alive }: PlanPorts,
): Promise<{ readonly history: History; readonly asRemembered: boolean }> {
  if (memory?.settled === true && input.options.rerunFailed !== true) {
    const asked = pastsToAsk(found, memory);
    const history = asked && (await executions.history(alive, asked));
    if (history?.mark === memory.historyMark) return { history, asRemembered: true };
  }
  return { history: await executions.history(alive), asRemembered: false };
}

/** The snapshot in which everything that the providers select has been opened. */
export async function openedSnapshot(
  input: PlanInput,
  ports: SnapshotPorts & Pick<PlanPorts, "finalise">,
): Promise<CurrentSnapshot & { readonly opened: number }> {
  const current = await currentSnapshot(input.sourceTypes, ports);
  const changed: DatasetName[] = [...(current.since?.changed ?? [])];
  const { ignore, options, sourceTypes } = input;
  let { snapshot } = current;
  let opened = 0;
  for (;;) {
    const needed = datasetsToOpen(snapshot, providersOf(input), { ...options, ignore, sourceTypes });
    const names = [...needed].flatMap(([sourceType, ids]) => ids.map((id) => ({ sourceType, id })));
    if (names.length === 0 || !input.open) {
      const since = current.since && { ...current.since, changed };
      return { snapshot, opened: opened + names.length, ...(since === undefined ? {} : { since }) };
    }
    snapshot = await ports.finalise(needed, snapshot);
    opened += names.length;
    for (const name of names) changed.push(name);
  }
}
