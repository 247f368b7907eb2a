import type { z } from "zod";
import { AlmanacError, type ErrorCode } from "../core/errors.ts";
import { shownValue } from "../core/json.ts";

/** What one method takes: its arguments in order, and the code of the error when one of them is of another form. */
export interface CallForm {
  readonly code: ErrorCode;
  readonly takes: Readonly<Record<string, z.ZodType>>;
  /** True: it returns a promise, which the error rejects. */
  readonly answersLater?: true;
}

/** Things wrong with one call that are told. */
const namedProblems = 20;

/**
 * What is wrong with the arguments of a call: each named with what was given and what is wanted.
 * @param called.method name of the method, for the message
 * @returns undefined when all is well
 */
export function callError(
  called: { readonly method: string; readonly given: readonly unknown[] },
  { code, takes }: CallForm,
): AlmanacError | undefined {
  const { method, given } = called;
  const problems = Object.entries(takes).flatMap(([name, schema], at) => {
    const checked = schema.safeParse(given[at]);
    return checked.success ? [] : checked.error.issues.map((issue) => problemOf(issue, name, given[at]));
  });
  if (problems.length === 0) return undefined;
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : "";
  const signature = Object.entries(takes).map(([name, schema]) =>
    schema.safeParse(undefined).success ? `${name}?` : name,
  );
  return new AlmanacError(
    code,
    `${method} was called wrongly: ${problems.slice(0, namedProblems).join("; ")}${more}`,
    {
      hint: `${method}(${signature.join(", ")})`,
      facts: { method, problems: problems.slice(0, namedProblems) },
    },
  );
}

// allow-parameters: what is wrong, in which argument, and what that was
function problemOf(issue: z.core.$ZodIssue, name: string, argument: unknown): string {
  const place = issue.path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`),
    name,
  );
  if (issue.code === "unrecognized_keys") return `${place} ${issue.message}`;
  const value = issue.path.reduce<unknown>(
    (at, part) => (at as Readonly<Record<PropertyKey, unknown>> | undefined)?.[part],
    argument,
  );
  return value === undefined
    ? `${place} is missing, it must be ${issue.message}`
    : `${place} is ${shownValue(value)}, it must be ${issue.message}`;
}
