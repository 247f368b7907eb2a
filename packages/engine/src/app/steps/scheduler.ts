import { AlmanacError } from "../../core/errors.ts";
import type { Action } from "../../core/steps/action.ts";
import { type Decision, unavailable } from "../../core/steps/decide.ts";
import type { Reason } from "../../core/steps/reason.ts";
import type { BuildContext } from "./build-context.ts";
import { stepAt } from "./session.ts";
import { createWaitingList, type WaitingList } from "./waiting-list.ts";

/** How running one step ended. */
export type StepEnd =
  | { readonly kind: "done"; readonly action: Action | undefined }
  /** Another build or process runs the same: to be decided again. */
  | { readonly kind: "again" }
  /** Required products that could not be loaded must be made first. */
  | { readonly kind: "unloadable"; readonly steps: readonly LostStep[] };

/** A step whose stored products cannot be loaded. */
export interface LostStep {
  readonly number: number;
  readonly reason: Reason;
}

/** Runs one step whose needs are settled and there. */
export type StepRunner = (
  number: number,
  run: {
    readonly reasons: readonly Reason[];
    readonly parent: number;
    readonly requirers: () => readonly string[];
  },
) => Promise<StepEnd>;

/** A step that failed, or could not run because another did. */
export interface StepFailure {
  readonly number: number;
  readonly error: AlmanacError;
  /** The step that failed first. */
  readonly root: number;
}

/** What the scheduler is told. */
export interface SchedulerParts {
  readonly context: BuildContext;
  readonly decisions: ReadonlyMap<number, Decision>;
  readonly jobs: number;
  readonly run: StepRunner;
  /** Turns what a step threw into its error; throws what is none. */
  readonly asError: (error: unknown, number: number) => AlmanacError;
}

interface Schedule extends SchedulerParts {
  readonly list: WaitingList;
  /** Steps that must not only be settled: their products must be there. */
  readonly wanted: Set<number>;
  /** Steps whose products are known not to be there, in spite of what the store says. */
  readonly lost: Map<number, Reason>;
  /** Event `building` by step. */
  readonly announced: Map<number, number>;
  readonly failures: Map<number, StepFailure>;
  readonly ran: Set<number>;
  readonly active: Map<number, Promise<void>>;
  stopped: boolean;
}

/**
 * Brings steps to where their products are there, without recursion: each step waits for a number of others and goes on when the
 * last of them is done. A step is first settled (the digests of its products are known); its products are brought only if it is a
 * target or something that runs requires it.
 * @returns failures, of targets and of what they need; empty when all is there
 */
export async function bringSteps(
  targets: readonly number[],
  parts: SchedulerParts,
): Promise<readonly StepFailure[]> {
  const schedule: Schedule = {
    ...parts,
    list: createWaitingList(),
    wanted: new Set(targets),
    lost: new Map(parts.context.options.lost),
    announced: new Map(),
    failures: new Map(),
    ran: new Set(),
    active: new Map(),
    stopped: false,
  };
  const { list, active, jobs } = schedule;
  for (const target of targets) if (!isDone(schedule, target)) list.enter(target);
  for (;;) {
    while (!schedule.stopped && active.size < jobs) {
      const next = list.next();
      if (next === undefined) break;
      advance(schedule, next);
    }
    if (active.size === 0) return [...schedule.failures.values()];
    await Promise.race(active.values());
  }
}

function isThere({ context: { settled, store, session }, lost }: Schedule, number: number): boolean {
  const action = settled.get(number);
  if (action === undefined || lost.has(number)) return false;
  return action.outputs.every(
    (output) => store.history.holds(output) || session.memory.get(output.product)?.digest === output.digest,
  );
}

function isDone(schedule: Schedule, number: number): boolean {
  const { failures, wanted, context, ran } = schedule;
  if (failures.has(number) || ran.has(number)) return true;
  return context.settled.has(number) && (!wanted.has(number) || isThere(schedule, number));
}

function advance(schedule: Schedule, number: number): void {
  try {
    take(schedule, number);
  } catch (error) {
    fail(schedule, { number, root: number, error: schedule.asError(error, number) });
  }
}

/** Does the next thing about a step that waits for nothing now. */
function take(schedule: Schedule, number: number): void {
  const { context, decisions, failures, list, wanted, active } = schedule;
  if (active.has(number)) return;
  const needs = context.session.graph.needs[number] ?? [];
  const blocked = needs.map((need) => failures.get(need)).find((each) => each !== undefined);
  if (blocked !== undefined) return fail(schedule, { ...blocked, number });
  if (isDone(schedule, number)) return list.finish(number);
  const known = decisions.get(number);
  if (known?.kind === "run") announce(schedule, number, known.reasons);
  const unsettled = needs.filter((need) => !context.settled.has(need));
  if (unsettled.length > 0) return list.wait(number, unsettled);
  const reasons = reasonsNow(schedule, number);
  if (reasons === undefined) return list.finish(number);
  const absent = needs.filter((need) => !isThere(schedule, need));
  const parent = announce(schedule, number, reasons);
  if (absent.length === 0) return start(schedule, number, { reasons, parent });
  for (const need of absent) wanted.add(need);
  list.wait(number, absent);
}

/** Why a step whose needs are settled must run; undefined when it need not. */
function reasonsNow(schedule: Schedule, number: number): readonly Reason[] | undefined {
  const { context, wanted, lost } = schedule;
  const decision = context.decide(number);
  if (decision.kind === "run") return decision.reasons;
  if (decision.kind !== "hit") return [];
  context.settled.set(number, decision.action);
  if (!wanted.has(number) || isThere(schedule, number)) return undefined;
  const gone = lost.get(number);
  return gone === undefined ? unavailable(decision.action, context.store.history) : [gone];
}

/** Tells once that a step will run. @returns id of the event */
function announce(
  { context, list, announced }: Schedule,
  number: number,
  reasons: readonly Reason[],
): number {
  const known = announced.get(number);
  if (known !== undefined) return known;
  const { id: step, produces } = stepAt(context.session, number);
  const parent = announced.get(list.requirer(number) ?? -1);
  const [product] = produces;
  const id = context.emit({
    kind: "building",
    step,
    reasons,
    ...(product === undefined ? {} : { product }),
    ...(parent === undefined ? {} : { parent }),
  });
  announced.set(number, id);
  return id;
}

// allow-parameters: the schedule, the step and why it runs
function start(
  schedule: Schedule,
  number: number,
  { reasons, parent }: { readonly reasons: readonly Reason[]; readonly parent: number },
): void {
  const { active, run, asError } = schedule;
  const running = (async () => {
    try {
      const requirers = (): readonly string[] => requirersOf(schedule, number);
      end(schedule, number, await run(number, { reasons, parent, requirers }));
    } catch (error) {
      fail(schedule, { number, root: number, error: asError(error, number) });
    } finally {
      active.delete(number);
    }
  })();
  active.set(number, running);
}

// allow-parameters: the schedule, the step and how it ended
function end({ context, list, lost, ran }: Schedule, number: number, how: StepEnd): void {
  switch (how.kind) {
    case "done":
      if (how.action !== undefined) context.settled.set(number, how.action);
      lost.delete(number);
      ran.add(number);
      return list.finish(number);
    case "again":
      // What somebody else runs is looked at again after everything else that can go on.
      return list.enterLast(number);
    case "unloadable":
      for (const each of how.steps) {
        // What was made in this very build and cannot be loaded would be made for ever.
        if (ran.has(each.number)) throw unreadable(stepAt(context.session, each.number).id, each.reason);
        lost.set(each.number, each.reason);
      }
      return list.enter(number);
  }
}

function fail(schedule: Schedule, failure: StepFailure): void {
  schedule.failures.set(failure.number, failure);
  if (schedule.context.options.keepGoing !== true) schedule.stopped = true;
  schedule.list.finish(failure.number);
}

/** The steps that wait for a step, nearest first. */
function requirersOf({ context, list }: Schedule, number: number): readonly string[] {
  const chain: string[] = [];
  for (let at = list.requirer(number); at !== undefined; at = list.requirer(at))
    chain.push(stepAt(context.session, at).id);
  return chain;
}

function unreadable(id: string, reason: Reason): AlmanacError {
  const why = "message" in reason ? `: ${reason.message}` : "";
  return new AlmanacError("CODEC_FAILED", `what step "${id}" has just made cannot be loaded${why}`, {
    hint: "correct the codec of its product",
    facts: { step: id, reason },
  });
}
