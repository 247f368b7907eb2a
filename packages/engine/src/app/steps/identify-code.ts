import { AlmanacError } from "../../core/errors.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import { wholeValue } from "../../core/steps/seen.ts";
import type { AnyFunction } from "../../core/steps/step.ts";
import type { CodeRequest } from "../../ports/code-identity.ts";
import type { RunnerSession } from "./session.ts";

/**
 * Finds out the code of steps that have no version, and of functions that steps capture.
 * @throws CODE_UNFOLLOWED when something cannot be followed, unless the pipeline lets such steps run each time
 */
export async function identifyCode(session: RunnerSession, steps: readonly number[]): Promise<void> {
  const { graph, code, ports, pipeline } = session;
  const requests: CodeRequest[] = [];
  const takers: ((facts: CodeFacts) => void)[] = [];
  for (const number of steps) {
    const step = graph.steps[number];
    if (step?.run === undefined) continue;
    const { version, captures = {} } = step.options;
    const about = { module: pipeline.module, name: step.id };
    if (version === undefined && !code.has(number)) {
      requests.push({ ...about, function: step.run, captures: Object.keys(captures) });
      takers.push((facts) => code.set(number, requireFollowed(session, step.id, facts)));
    }
    for (const value of Object.values(captures)) {
      if (typeof value !== "function" || session.capturedCode.has(value as AnyFunction)) continue;
      requests.push({ ...about, function: value as AnyFunction, captures: [] });
      takers.push((facts) =>
        session.capturedCode.set(value as AnyFunction, requireFollowed(session, step.id, facts)),
      );
    }
  }
  if (requests.length === 0) return;
  for (const [at, facts] of (await ports.code.identify(requests)).entries()) takers[at]?.(facts);
}

// allow-parameters: the runner, whose code, and what it is
function requireFollowed({ pipeline }: RunnerSession, id: string, facts: CodeFacts): CodeFacts {
  const [first] = facts.unfollowed;
  if (first === undefined || pipeline.unfollowed === "always-stale") return facts;
  const list = facts.unfollowed.map(({ name, reason }) => `${name} (${reason})`).join(", ");
  throw new AlmanacError("CODE_UNFOLLOWED", `step "${id}" depends on what cannot be followed: ${list}`, {
    hint: `give its value: captures: { ${first.name} }; or the step a version: "1"; or let such steps run each time: pipeline(…, { unfollowed: "always-stale" })`,
    facts: { step: id, unfollowed: facts.unfollowed },
  });
}

/** A captured value as text: a function by its code, everything else by what it is. @throws VALUE_UNHASHABLE */
// allow-parameters: the runner, whose capture, and name with value
export function capturedText(
  { capturedCode }: RunnerSession,
  step: string,
  [name, value]: readonly [string, unknown],
): string {
  if (typeof value === "function") return `code ${capturedCode.get(value as AnyFunction)?.digest ?? ""}`;
  try {
    return wholeValue(value);
  } catch (error) {
    if (!(error instanceof AlmanacError)) throw error;
    throw new AlmanacError(
      "VALUE_UNHASHABLE",
      `step "${step}" captures ${name}, which has no canonical form: ${error.message}`,
      { hint: "capture plain values, or give the step a version", cause: error },
    );
  }
}

/** What of a step's code could not be followed, its captured functions included. */
export function unfollowedOf(
  { code, capturedCode, graph }: RunnerSession,
  number: number,
): readonly string[] {
  const captures = Object.values(graph.steps[number]?.options.captures ?? {});
  const all = [
    code.get(number),
    ...captures.map((value) =>
      typeof value === "function" ? capturedCode.get(value as AnyFunction) : undefined,
    ),
  ];
  return all.flatMap((facts) => facts?.unfollowed.map(({ name, reason }) => `${name} (${reason})`) ?? []);
}
