import { randomBytes } from "node:crypto";
import type { Named } from "../../core/steps/action.ts";
import { type Decision, decide } from "../../core/steps/decide.ts";
import type { StepEventInput } from "../../core/steps/events.ts";
import { coneOf } from "../../core/steps/graph.ts";
import type { StepFacts } from "../../core/steps/key.ts";
import type { Reading } from "../../core/steps/reading.ts";
import type { Reason } from "../../core/steps/reason.ts";
import { type ConfigurationReader, declaredReadings, readConfiguration } from "../../core/steps/seen.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { type BuildFacts, gatherFacts } from "./facts.ts";
import { type RunnerSession, requireProducer, stepAt } from "./session.ts";
import { createSettledSteps, type SettledSteps } from "./settled-steps.ts";

/** How one build goes. */
export interface BuildOptions {
  readonly jobs?: number;
  /** Goes on with what does not depend on a failed step; default false. */
  readonly keepGoing?: boolean;
  /** Products whose steps run whatever is stored. A name that no step makes is UNKNOWN_NAME. */
  readonly force?: readonly string[];
  /** Ends the build when it aborts: steps that run are told and waited for. */
  readonly signal?: AbortSignal;
  /**
   * Ends the build without waiting: steps that still run are given up and nothing of them is stored. Their functions may go on
   * until the process ends. To be aborted after `signal`.
   */
  readonly cut?: AbortSignal;
  /** Steps, by number, whose stored products turned out not to be loadable. */
  readonly lost?: ReadonlyMap<number, Reason>;
}

/** One build, or one plan: configuration, files and code as they are at its beginning. */
export interface BuildContext {
  readonly id: string;
  readonly session: RunnerSession;
  readonly store: OpenProductStore;
  readonly options: BuildOptions;
  /** Steps that the targets need, each after those it needs. */
  readonly cone: readonly number[];
  readonly read: ConfigurationReader;
  readonly settled: SettledSteps;
  facts(number: number): StepFacts;
  /** Output digest of a product, if its step is settled. */
  digest(product: string): string | undefined;
  declared(number: number): readonly Reading[] | undefined;
  decide(number: number): Decision;
  /** Digests of what a settled step requires. */
  requires(number: number): readonly Named[];
  /** @returns id of the event */
  emit(event: StepEventInput): number;
}

/** Begins a build of steps. @throws what looking up code and files throws; STORE_UNAVAILABLE when a shared store is required */
export async function beginBuild(
  session: RunnerSession,
  targets: readonly number[],
  options: BuildOptions,
): Promise<BuildContext> {
  const store = await session.store();
  store.refresh();
  const cone = coneOf(session.graph, targets);
  const facts = await gatherFacts(session, cone);
  const remarks = (await store.shared?.look(session.graph.name)) ?? [];
  const context = createContext({ session, store, options, cone, facts, targets });
  tellRemarks(context, remarks);
  return context;
}

/** Tells of a build what is wrong with the shared store. */
export function tellRemarks({ emit, session }: BuildContext, remarks: readonly string[]): void {
  for (const message of remarks) emit({ kind: "warning", step: session.graph.name, message });
}

interface ContextParts {
  readonly session: RunnerSession;
  readonly store: OpenProductStore;
  readonly options: BuildOptions;
  readonly cone: readonly number[];
  readonly facts: BuildFacts;
  readonly targets: readonly number[];
}

function createContext({ session, store, options, cone, facts }: ContextParts): BuildContext {
  const { graph, configuration, events, ports } = session;
  const id = randomBytes(6).toString("base64url");
  const { history } = store;
  const read = readConfiguration(configuration);
  const settled = createSettledSteps(graph.steps, history);
  const forced = new Set((options.force ?? []).map((name) => requireProducer(session, name)));
  const digestAt = (producer: number | undefined, product: string): string | undefined =>
    producer === undefined ? undefined : settled.digest(producer, product);
  const digest = (product: string): string | undefined => digestAt(graph.producers.get(product), product);
  // allow-parameters: the step, what it requires, and at which place
  const required = (number: number, product: string, at: number): string | undefined => {
    const needs = graph.needs[number] ?? [];
    // Where each requirement has a step of its own, the steps stand in the same order.
    return needs.length === graph.steps[number]?.requires.length
      ? digestAt(needs[at], product)
      : digest(product);
  };
  const declared = (number: number): readonly Reading[] | undefined => {
    const { uses } = stepAt(session, number).options;
    return uses === undefined ? undefined : declaredReadings(configuration, uses);
  };
  return {
    id,
    session,
    store,
    options,
    cone,
    read,
    settled,
    digest,
    declared,
    facts: (number) => facts.of(number, history),
    decide: (number) =>
      decide({
        step: stepAt(session, number),
        facts: facts.of(number, history),
        codeFacts: facts.code(number),
        read,
        declared: declared(number),
        digest: (product, at) => required(number, product, at),
        forced: forced.has(number),
        history,
      }),
    requires: (number) =>
      stepAt(session, number).requires.map((product): Named => [product, digest(product) ?? ""]),
    emit: (event) => {
      const number = events.nextId();
      events.emit({ ...event, id: number, build: id, at: ports.clock.now() });
      return number;
    },
  };
}

/**
 * Settles every step that is a hit, from the ground up.
 * @returns the decisions of the others
 */
export function settleHits(context: BuildContext): Map<number, Decision> {
  const decisions = new Map<number, Decision>();
  for (const number of context.cone) {
    const decision = context.decide(number);
    if (decision.kind === "hit") context.settled.set(number, decision.action);
    else decisions.set(number, decision);
  }
  return decisions;
}
