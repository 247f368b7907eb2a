import { AlmanacError } from "../../core/errors.ts";
import type { Checkpoint, Step, StepContext } from "../../core/steps/step.ts";
import type { BuildContext } from "./build-context.ts";

/** A call of a step's function. */
export interface StepCall {
  readonly step: Step;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly checkpoint: Checkpoint;
  /** Event `building`. */
  readonly parent: number;
  /** The steps that wait for this one, nearest first. */
  readonly requirers: () => readonly string[];
  /** Name of the item, in a map step. */
  readonly item?: string;
}

/** How a call ended. */
export interface CallEnd {
  readonly result: unknown;
  readonly attempt: number;
}

/**
 * Calls a step's function, again after failures as often as it declares.
 * @throws STEP_FAILED with the step's error as cause; INTERRUPTED when the build was stopped, at once when it was cut
 */
export async function callStep(context: BuildContext, call: StepCall): Promise<CallEnd> {
  const { step, parent } = call;
  const attempts = 1 + (step.options.retries ?? 0);
  for (let attempt = 1; ; attempt++) {
    requireGoing(context);
    try {
      const run = step.run as (inputs: unknown, context: StepContext) => unknown;
      const result = run(call.inputs, contextOf(context, call, attempt));
      return { result: await unlessCut(result, context.options.cut), attempt };
    } catch (error) {
      requireGoing(context);
      if (attempt >= attempts) throw stepFailed(call, attempt, error);
      context.emit({ kind: "retrying", step: step.id, parent, attempt, message: messageOf(error) });
    }
  }
}

/** Stops here if it must. @throws INTERRUPTED when the build was stopped */
export function requireGoing({ options: { signal, cut } }: BuildContext): void {
  if (signal?.aborted === true || cut?.aborted === true) throw stopped();
}

function stopped(): AlmanacError {
  return new AlmanacError("INTERRUPTED", "the build was stopped; what was stored is kept", {
    hint: "build again to go on",
  });
}

/** What a step returns, unless the build is cut before: what the step still does is then nobody's concern. */
async function unlessCut(result: unknown, cut: AbortSignal | undefined): Promise<unknown> {
  if (cut === undefined) return result;
  const over = Promise.withResolvers<never>();
  const give = (): void => over.reject(stopped());
  if (cut.aborted) give();
  cut.addEventListener("abort", give, { once: true });
  try {
    return await Promise.race([result, over.promise]);
  } finally {
    cut.removeEventListener("abort", give);
  }
}

// allow-parameters: the build, the call and its count
function contextOf(
  { options, emit }: BuildContext,
  { step, checkpoint, parent }: StepCall,
  attempt: number,
): StepContext {
  return {
    signal: options.signal ?? new AbortController().signal,
    attempt,
    seed: step.options.seed,
    checkpoint,
    progress: (report) => void emit({ kind: "progress", step: step.id, parent, ...report }),
  };
}

// allow-parameters: which call, how often, and why
function stepFailed({ step, requirers, item }: StepCall, attempt: number, cause: unknown): AlmanacError {
  const message = messageOf(cause);
  const chain = requirers();
  const needed = chain.length === 0 ? "" : `, needed by ${shortChain(chain)}`;
  const where = item === undefined ? `step "${step.id}"` : `item ${item} of step "${step.id}"`;
  const times = attempt === 1 ? "" : ` ${attempt} times`;
  return new AlmanacError("STEP_FAILED", `${where} failed${times}${needed}: ${message}`, {
    hint: hintOf(cause) ?? "correct it and build again: what was stored is kept",
    facts: {
      step: step.id,
      products: step.produces,
      requirers: chain,
      ...(item === undefined ? {} : { item }),
    },
    cause,
  });
}

/** What was thrown, in words: it may be anything. */
function messageOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return String(thrown);
  const { message, name } = thrown as { readonly message?: unknown; readonly name?: unknown };
  if (typeof message === "string" && message !== "") return message;
  return typeof name === "string" && name !== ""
    ? `${name} without a message`
    : "it threw an object without a message";
}

/** What a step's own error says to do about it. */
export function hintOf(thrown: unknown): string | undefined {
  if (typeof thrown !== "object" || thrown === null || !("hint" in thrown)) return undefined;
  return typeof thrown.hint === "string" ? thrown.hint : undefined;
}

function shortChain(requirers: readonly string[]): string {
  const shown =
    requirers.length <= 6
      ? requirers
      : [...requirers.slice(0, 3), `… ${requirers.length - 5} more …`, ...requirers.slice(-2)];
  return shown.join(" ← ");
}
