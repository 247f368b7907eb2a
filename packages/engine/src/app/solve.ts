import { Defect } from "../core/errors.ts";
import { requireSolverDefinition, type SolverDefinition } from "../core/execution/definition.ts";
import { passesByItself } from "../core/execution/retry.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { Plan, SolveError } from "../core/solver/plan.ts";
import type { GroupChange } from "../ports/execution-catalog.ts";
import type { ReleasedCatalog } from "./pin-released.ts";
import { type MadePlan, makePlan, type PlanInput, type PlanPorts } from "./plan.ts";
import { recordRuns } from "./record-runs.ts";
import { type RecoverPorts, type Recovery, recover } from "./recover.ts";
import { rememberSolve } from "./remember-solve.ts";
import type { RunControl } from "./run-control.ts";
import { type ExecutionEnd, type RunPorts, runExecutions } from "./run-executions.ts";

/** What to solve. */
export interface SolveInput extends PlanInput {
  readonly vocabulary: Vocabulary;
  /** False: groups and executions are recorded, and submitted by the next solve. */
  readonly execute: boolean;
}

/** What solving needs of the outside. */
export interface SolvePorts extends PlanPorts, Omit<RecoverPorts, "finish" | "executions"> {
  readonly executions: RecoverPorts["executions"];
  readonly authored: ReleasedCatalog;
  readonly finish: RecoverPorts["finish"];
  /** Removes the scratch folders that executions have left which ended in a process that was killed then. */
  readonly clearScratch: () => Promise<unknown>;
  /** Started only when there is something to run. */
  readonly startRun: () => RunPorts;
  readonly sleep: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** What a solve did. */
export interface SolveReport {
  /** The first plan; what was tried again after system failures is in `retried`, how that ended in `ends`. */
  readonly plan: Plan;
  readonly opened: number;
  readonly recovered: readonly Recovery[];
  readonly ends: readonly ExecutionEnd[];
  /** System failures that this solve tried again, with a new execution. */
  readonly retried: readonly ExecutionEnd[];
  /** Recorded without being submitted. */
  readonly held: readonly Rid[];
  /** Number of planned runs that another process had recorded or run before this one could. */
  readonly outrun: number;
}

/** Seconds before a system failure is tried again: doubled each time. */
const firstBackOffSeconds = 1;

/**
 * Brings the results up to date: recovers what a dead process left, plans, records, runs and publishes. System
 * failures that may pass meanwhile are tried again, after a pause that doubles, until the solver says that their retries
 * are exhausted; others (a limit, a full disk) are left to the next solve.
 */
export async function solveAll(
  input: SolveInput,
  { ports, control }: { ports: SolvePorts; control: RunControl },
): Promise<SolveReport> {
  const recovered = await recover(ports, { dryRun: false });
  await ports.clearScratch();
  const first = await makePlan(input, ports);
  const held: Rid[] = [];
  let outrun = 0;
  const refused = new Map<string, SolveError>();
  const ends = [...recovered.flatMap(({ end }) => end ?? []), ...(await actOnSkips(first, ports))];
  const retried = new Set<Rid>();
  let made = first;
  for (let pause = firstBackOffSeconds; ; pause *= 2) {
    const { providers, vocabulary, execute } = input;
    const owner = execute ? ports.owner : undefined;
    const recorded = await recordRuns(made, { providers, vocabulary, owner, ports, refused });
    outrun += recorded.outrun;
    const definitions = [...(await heldBefore(made, ports, input)), ...recorded.definitions];
    if (!execute) held.push(...definitions.map(({ rid }) => rid));
    if (!execute || definitions.length === 0) break;
    const passed = await runExecutions(definitions, { ports: ports.startRun(), control });
    ends.push(...passed);
    const again = new Set(passed.filter(({ failure }) => passesByItself(failure)).map(({ rid }) => rid));
    if (again.size === 0 || control.stop.aborted) break;
    await ports.sleep(pause, control.stop);
    made = await onlyRetries(await makePlan(input, ports), { failed: again, retried });
  }
  await rememberSolve(first, input, ports);
  return {
    plan: { ...first.plan, errors: [...first.plan.errors, ...refused.values()] },
    opened: first.opened,
    recovered: recovered.map(({ rid, state, action }) => ({ rid, state, action })),
    ends: ends.filter(({ rid }) => !retried.has(rid)),
    retried: ends.filter(({ rid }) => retried.has(rid)),
    held,
    outrun,
  };
}

/** Keeps the runs that try a failure of the pass before again; adds these failures to `retried`. */
async function onlyRetries(
  made: MadePlan,
  { failed, retried }: { readonly failed: ReadonlySet<Rid>; readonly retried: Set<Rid> },
): Promise<MadePlan> {
  const { groups } = await made.history();
  const latest = new Map(groups.map((group) => [group.rid, group.executions.at(-1)?.rid]));
  const decisions = made.plan.decisions.filter(({ decision, group }) => {
    const before = decision === "run" && group !== undefined ? latest.get(group) : undefined;
    if (before === undefined || !failed.has(before)) return false;
    retried.add(before);
    return true;
  });
  return { ...made, plan: { ...made.plan, decisions } };
}

/** Skips that ask for something other than computing: publish, make current, flag as orphaned. */
async function actOnSkips({ plan }: MadePlan, ports: SolvePorts): Promise<readonly ExecutionEnd[]> {
  const restored = skips(plan, "restored").flatMap(({ group, execution }) =>
    group === undefined || execution === undefined
      ? []
      : [{ group, current: execution, dirty: { value: false } }],
  );
  await ports.executions.flag([...restored, ...(await orphanChanges(plan, ports))]);
  const ends: ExecutionEnd[] = [];
  for (const { execution } of skips(plan, "unpublished")) {
    if (execution === undefined) continue;
    const { items } = await ports.executions.list({ rids: [execution] });
    for (const item of items) ends.push(await ports.finish(item));
  }
  return ends;
}

/** Groups that became orphaned, and those that no longer are as their datasets are back. */
async function orphanChanges(
  { orphaned, decisions }: Plan,
  { executions }: Pick<SolvePorts, "executions">,
): Promise<readonly GroupChange[]> {
  const { items } = await executions.groups({ orphaned: true });
  const flagged = new Set(items.map(({ rid }) => rid));
  const alive = new Set(decisions.map(({ group }) => group));
  return [
    ...orphaned.filter((group) => !flagged.has(group)).map((group) => ({ group, orphaned: true })),
    ...items.filter(({ rid }) => alive.has(rid)).map(({ rid }) => ({ group: rid, orphaned: false })),
  ];
}

function skips(
  plan: Plan,
  code: string,
): readonly { readonly group: Rid | undefined; readonly execution: Rid | undefined }[] {
  return plan.decisions
    .filter(({ decision, reasons }) => decision === "skip" && reasons[0].code === code)
    .map(({ group, reasons }) => ({ group, execution: reasons[0].execution }));
}

/** Executions that an earlier `--no-execute` recorded: the same ones are submitted now. */
async function heldBefore(
  { plan }: MadePlan,
  ports: SolvePorts,
  { execute }: SolveInput,
): Promise<readonly SolverDefinition[]> {
  if (!execute) return [];
  const definitions: SolverDefinition[] = [];
  for (const { execution } of skips(plan, "unsubmitted")) {
    if (execution === undefined || !(await ports.executions.claim(execution, undefined, ports.owner)))
      continue;
    const definition = await ports.executions.definition(execution);
    if (definition === undefined) throw new Defect(`execution ${execution} has no definition`);
    definitions.push(requireSolverDefinition(definition));
  }
  return definitions;
}
