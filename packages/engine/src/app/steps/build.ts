import { AlmanacError, Defect } from "../../core/errors.ts";
import { digestOfValue } from "../../core/identity/value-encoding.ts";
import type { Action, Output } from "../../core/steps/action.ts";
import type { Lease } from "../../ports/product-store.ts";
import { type BuildContext, type BuildOptions, beginBuild, settleHits } from "./build-context.ts";
import { hintOf, requireGoing } from "./call-step.ts";
import { flightName } from "./checkpoints.ts";
import { runMap } from "./run-map.ts";
import { type RunEnd, runStep, type StepToRun } from "./run-step.ts";
import { bringSteps, type StepEnd, type StepFailure, type StepRunner } from "./scheduler.ts";
import { jobsOf, type RunnerSession, stepAt, storeName } from "./session.ts";
import { bringTargets, exchange } from "./sharing.ts";

/** How a build ended. */
export interface BuildEnd {
  readonly context: BuildContext;
  readonly failures: readonly StepFailure[];
  /** Numbers of the steps that ran. */
  readonly ran: readonly number[];
  /** Numbers of the steps whose products are those of others. */
  readonly taken: readonly number[];
}

/** Milliseconds between two looks at what another process runs: the first, and the most. */
const firstLookMs = 5;
const longestLookMs = 200;

/**
 * Builds steps: what is stored under the present keys stays, the rest runs. Everything that was recorded is durable when it
 * returns.
 * @throws what looking up code and files throws; STORE_UNAVAILABLE when a shared store is required; failures of steps are returned
 */
export async function buildSteps(
  session: RunnerSession,
  targets: readonly number[],
  options: BuildOptions,
): Promise<BuildEnd> {
  const jobs = jobsOf(session, options);
  const context = await beginBuild(session, targets, options);
  const decisions = settleHits(context);
  pointNames(context);
  const ran: number[] = [];
  // allow-parameters: the steps, and those of them whose products are known not to be there
  const bring = (wanted: readonly number[], lost: BuildOptions["lost"]): Promise<readonly StepFailure[]> =>
    bringSteps(wanted, {
      context: lost === undefined ? context : { ...context, options: { ...options, lost } },
      decisions,
      jobs,
      run: flying(context, ran),
      asError: (error, number) => asStepError(context, { error, number }),
    });
  try {
    const failures = [...(await bring(targets, options.lost))];
    const lost = await bringTargets(context, targets);
    if (lost.size > 0) failures.push(...(await bring([...lost.keys()], lost)));
    await context.store.flush();
    return { context, failures, ran, taken: await exchange(context) };
  } finally {
    await context.store.flush();
  }
}

/** Names point at what is a hit now, which may be an action of long ago. */
function pointNames({ settled, store, session }: BuildContext): void {
  for (const [number, { key }] of settled.notCurrent())
    store.note({ kind: "current", step: storeName(session, stepAt(session, number)), key });
}

/** Runs steps so that each runs once, in this process and among processes. */
function flying(context: BuildContext, ran: number[]): StepRunner {
  const { session, store } = context;
  const configuration = wholeConfiguration(session.configuration);
  const looks = new Map<number, number>();
  return async (number, run) => {
    const step = stepAt(session, number);
    if (step.kind === "input") throw notSaved(step.id);
    const name = flightName(context.facts(number), context.requires(number), { configuration });
    const other = session.flights.get(name);
    if (other !== undefined) {
      await other;
      return { kind: "again" };
    }
    const lease = step.produces.length === 0 ? noLease : store.lease(name);
    if (lease === undefined) {
      const look = looks.get(number) ?? firstLookMs;
      if (look === firstLookMs) context.emit({ kind: "waiting", step: step.id, parent: run.parent });
      looks.set(number, Math.min(look * 2, longestLookMs));
      await pause(look, context);
      store.refresh();
      return { kind: "again" };
    }
    const flight = fly(context, { number, ...run }, { lease, ran });
    const landed = flight.then(
      () => {},
      // allow-catch: whoever runs the step reports its error; others only wait for its end
      () => {},
    );
    session.flights.set(name, landed);
    session.running.add(number);
    try {
      return await flight;
    } finally {
      session.flights.delete(name);
      session.running.delete(number);
    }
  };
}

const noLease: Lease = { release: () => {} };

// allow-parameters: the build, the step and the right to run it
async function fly(
  context: BuildContext,
  run: StepToRun,
  { lease, ran }: { readonly lease: Lease; readonly ran: number[] },
): Promise<StepEnd> {
  const { session, store } = context;
  const step = stepAt(session, run.number);
  try {
    const already = foundMeanwhile(context, run);
    if (already !== undefined) return { kind: "done", action: already };
    const end = step.kind === "map" ? await runMap(context, run) : await runStep(context, run);
    if ("unloadable" in end) return { kind: "unloadable", steps: end.unloadable };
    ran.push(run.number);
    remember(context, end);
    const bytes = end.made.reduce((sum, { output }) => sum + (output?.bytes ?? 0), 0);
    const [product] = step.produces;
    context.emit({
      kind: "built",
      step: step.id,
      ...(product === undefined ? {} : { product }),
      parent: run.parent,
      durationMs: end.durationMs,
      bytes,
      reasons: run.reasons,
    });
    return { kind: "done", action: end.action };
  } catch (error) {
    if (error instanceof AlmanacError && error.code === "STEP_FAILED") {
      const { name } = context.facts(run.number);
      store.note({ kind: "failed", step: name, at: session.ports.clock.now(), message: error.message });
    }
    throw error;
  } finally {
    lease.release();
  }
}

/** What another process recorded between the decision and the lease; undefined if the step must run still. */
function foundMeanwhile(context: BuildContext, { number, reasons }: StepToRun): Action | undefined {
  const mustRun = reasons.some(
    ({ code }) => code !== "first-time" && code !== "requirement-runs" && !comparing.has(code),
  );
  if (mustRun) return undefined;
  context.store.refresh();
  const decision = context.decide(number);
  return decision.kind === "hit" && decision.action.outputs.every(context.store.history.holds)
    ? decision.action
    : undefined;
}

/** Reasons that another process may have done away with. */
const comparing: ReadonlySet<string> = new Set([
  "code",
  "configuration",
  "requirement",
  "file",
  "environment",
  "capture",
  "seed",
  "declaration",
  "output-missing",
  "invalidated",
  "failed-last-time",
]);

function remember({ session }: BuildContext, end: Exclude<RunEnd, { unloadable: unknown }>): void {
  for (const { product, value, output, isLent } of end.made) {
    const digest = end.action?.outputs.find((each) => each.product === product)?.digest;
    if (digest !== undefined && !isReadWhenNeeded(output, isLent))
      session.memory.set(product, { digest, value });
  }
}

/** A list of items, a file, and what holds the configuration as the step was handed it, are read from the store. */
function isReadWhenNeeded(output: Output | undefined, isLent = false): boolean {
  return output !== undefined && (output.codec === "items" || output.files !== undefined || isLent);
}

/** Two runs with configurations that have no digest count as of one configuration: they wait for each other. */
function wholeConfiguration(configuration: unknown): string {
  try {
    return digestOfValue(configuration);
  } catch (error) {
    if (error instanceof AlmanacError && error.code === "VALUE_UNHASHABLE") return error.code;
    throw error;
  }
}

async function pause(ms: number, context: BuildContext): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  requireGoing(context);
}

function notSaved(product: string): AlmanacError {
  return new AlmanacError("PRODUCT_MISSING", `product "${product}" is saved from outside, and has not been`, {
    hint: `runner.save("${product}", value)`,
    facts: { product },
  });
}

/** What a step threw as its error, told in an event. A bug of ours is thrown on. */
function asStepError(
  context: BuildContext,
  { error, number }: { readonly error: unknown; readonly number: number },
): AlmanacError {
  const step = stepAt(context.session, number);
  if (!(error instanceof AlmanacError)) throw error instanceof Error ? error : new Defect(String(error));
  const [product] = step.produces;
  // To correct a step that failed is what everybody knows to do: only what its own error says is told.
  const hint = error.code === "STEP_FAILED" ? hintOf(error.cause) : error.hint;
  context.emit({
    kind: "failed",
    step: step.id,
    ...(product === undefined ? {} : { product }),
    message: error.message,
    ...(hint === undefined ? {} : { hint }),
    durationMs: 0,
  });
  return error;
}
