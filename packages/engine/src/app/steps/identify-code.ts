import { AlmanacError } from "../../core/errors.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import { wholeValue } from "../../core/steps/seen.ts";
import type { AnyFunction } from "../../core/steps/step.ts";
import type { CodeRequest } from "../../ports/code-identity.ts";
import type { RunnerSession } from "./session.ts";

/**
 * Finds out the code of steps that have no version, and of functions that steps capture.
 * @throws CODE_UNFOLLOWED when something cannot be followed, or was changed on disk after it had been loaded, unless the pipeline lets such steps run each time
 */
export async function identifyCode(session: RunnerSession, steps: readonly number[]): Promise<void> {
  // In portions: what is asked about a hundred thousand steps need not be there at once.
  for (let from = 0; from < steps.length; from += stepsAtOnce) {
    const asked = steps.slice(from, from + stepsAtOnce).flatMap((number) => questionsOf(session, number));
    if (asked.length === 0) continue;
    const found = await session.ports.code.identify(asked.map(({ request }) => request));
    for (const [at, facts] of found.entries()) asked[at]?.take(facts);
  }
}

const stepsAtOnce = 1000;

/** What is to be found out, and who is told. */
interface Question {
  readonly request: CodeRequest;
  readonly take: (facts: CodeFacts) => void;
}

/** What is not known of the code of a step. */
function questionsOf(session: RunnerSession, number: number): readonly Question[] {
  const { graph, code, capturedCode, pipeline } = session;
  const step = graph.steps[number];
  if (step?.run === undefined) return none;
  const { version, captures = {} } = step.options;
  const about = { module: pipeline.module, name: step.id };
  const asked: Question[] = [];
  if (version === undefined && code[number] === undefined)
    asked.push({
      request: { ...about, function: step.run, captures: Object.keys(captures) },
      take: (facts) => {
        code[number] = requireFollowed(session, step.id, facts);
      },
    });
  for (const value of Object.values(captures))
    if (typeof value === "function" && !capturedCode.has(value as AnyFunction))
      asked.push({
        request: { ...about, function: value as AnyFunction, captures: [] },
        take: (facts) =>
          void capturedCode.set(value as AnyFunction, requireFollowed(session, step.id, facts)),
      });
  return asked;
}

const none: readonly Question[] = [];

// allow-parameters: the runner, whose code, and what it is
function requireFollowed({ pipeline }: RunnerSession, id: string, facts: CodeFacts): CodeFacts {
  const [first] = facts.unfollowed;
  if (first === undefined || pipeline.unfollowed === "always-stale") return facts;
  if (facts.outdated !== undefined) throw outdatedCode(id, facts.outdated);
  const list = facts.unfollowed.map(({ name, reason }) => `${name} (${reason})`).join(", ");
  throw new AlmanacError("CODE_UNFOLLOWED", `step "${id}" depends on what cannot be followed: ${list}`, {
    hint: `${captureHint(first.name)}give the step a version: "1"; or let such steps run each time: pipeline(…, { unfollowed: "always-stale" })`,
    facts: { step: id, unfollowed: facts.unfollowed },
  });
}

/** Only what has a name can be captured by it. */
function captureHint(name: string): string {
  if (name === "this") return "give its value: captures: { this: … }; or ";
  return /^[\p{L}_$][\p{L}\d_$]*$/u.test(name) ? `give its value: captures: { ${name} }; or ` : "";
}

function outdatedCode(id: string, files: readonly string[]): AlmanacError {
  const [were, they] = files.length === 1 ? ["was", "it says"] : ["were", "they say"];
  return new AlmanacError(
    "CODE_UNFOLLOWED",
    `step "${id}" cannot be run: ${files.join(", ")} ${were} changed after this program had loaded the code, which is no longer what ${they}`,
    { hint: "start the program again", facts: { step: id, outdated: files } },
  );
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
    code[number],
    ...captures.map((value) =>
      typeof value === "function" ? capturedCode.get(value as AnyFunction) : undefined,
    ),
  ];
  return all.flatMap((facts) => facts?.unfollowed.map(({ name, reason }) => `${name} (${reason})`) ?? []);
}
