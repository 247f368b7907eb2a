import { AlmanacError } from "../../core/errors.ts";
import { leavesOf } from "../../core/steps/reach.ts";
import type { Reason } from "../../core/steps/reason.ts";
import { type BuildEnd, buildSteps } from "./build.ts";
import type { BuildOptions } from "./build-context.ts";
import { loadProduct } from "./load-product.ts";
import { loadSaved } from "./saved-products.ts";
import { type RunnerSession, requireProducer, stepAt } from "./session.ts";

/** What a build of several products came to. */
export interface BuildReport {
  /** Steps that ran. */
  readonly ran: readonly string[];
  /** Steps needed, those that were hits too. */
  readonly steps: number;
  /** Steps whose products were taken over from a shared store. */
  readonly taken: readonly string[];
  readonly failures: readonly {
    readonly step: string;
    readonly root: string;
    readonly error: AlmanacError;
  }[];
}

/** How often a product that cannot be loaded is made again before that is an error. */
const mostTries = 3;

/**
 * One product: from memory, from the store if it is fresh, else made now.
 * @throws UNKNOWN_NAME; STEP_FAILED and what else its steps or the store throw
 */
export async function getProduct(
  session: RunnerSession,
  name: string,
  options: BuildOptions,
): Promise<unknown> {
  if (!session.graph.producers.has(name)) {
    const store = await session.store();
    store.refresh();
    const saved = store.history.saved(name);
    if (saved !== undefined) return loadSaved(session, store, saved);
  }
  const number = requireProducer(
    session,
    name,
    (await session.store()).products({ all: false }).map(({ output }) => output.product),
  );
  const lost = new Map<number, Reason>();
  for (let tries = 1; ; tries++) {
    const { context, failures } = await buildSteps(
      session,
      [number],
      tries === 1 ? options : { ...options, lost },
    );
    const failure = failures.find((each) => each.number === number) ?? failures[0];
    if (failure !== undefined) throw failure.error;
    if (stepAt(session, number).produces.length === 0) return undefined;
    const loaded = await loadProduct(context, { number, product: name, parent: undefined });
    if ("value" in loaded) return loaded.value;
    if (tries === mostTries) throw notLoadable(name, loaded.missing);
    lost.set(number, loaded.missing);
  }
}

function notLoadable(name: string, reason: Reason): AlmanacError {
  const why = "message" in reason ? `: ${reason.message}` : "";
  return new AlmanacError("CODEC_FAILED", `product "${name}" is made but cannot be loaded${why}`, {
    hint: "correct its codec",
    facts: { product: name, reason },
  });
}

/**
 * Makes products, or steps without product, without loading them.
 * @throws UNKNOWN_NAME; failures of steps are in the report
 */
export async function buildProducts(
  session: RunnerSession,
  names: readonly string[],
  options: BuildOptions,
): Promise<BuildReport> {
  const targets = [...new Set(names.map((name) => requireProducer(session, name)))];
  return reportOf(session, await buildSteps(session, targets, options));
}

/** The report of a build that has ended. */
export function reportOf(session: RunnerSession, { ran, taken, failures, context }: BuildEnd): BuildReport {
  const idOf = (number: number): string => stepAt(session, number).id;
  return {
    ran: ran.map(idOf),
    steps: context.cone.length,
    taken: taken.map(idOf),
    failures: failures.map(({ number, root, error }) => ({ step: idOf(number), root: idOf(root), error })),
  };
}

/**
 * Makes every product that nothing else requires.
 * @returns their names in order
 * @throws the first failure
 */
export async function buildLeaves(session: RunnerSession, options: BuildOptions): Promise<readonly string[]> {
  const leaves = leavesOf(session.graph);
  const { failures } = await buildProducts(session, leaves, options);
  const [first] = failures;
  if (first !== undefined) throw first.error;
  return leaves;
}
