import { AlmanacError } from "../../core/errors.ts";

/** An error as it stands in the log. */
export interface ErrorFacts {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly hint?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
  readonly stack?: string;
  readonly cause?: ErrorFacts;
}

/** A chain of causes is cut here; one that leads back to itself ends too. */
const deepestCause = 10;

/**
 * Everything an error tells, its causes included, as plain data.
 * @param depth how many errors it is the cause of
 */
export function errorFacts(error: unknown, depth = 0): ErrorFacts {
  if (!(error instanceof Error)) return { name: typeof error, message: String(error) };
  const { name, message, stack, cause } = error;
  const code = "code" in error ? String(error.code) : undefined;
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(error instanceof AlmanacError ? { ...hintOf(error), facts: error.facts } : {}),
    ...(stack === undefined ? {} : { stack }),
    ...(cause === undefined || depth >= deepestCause ? {} : { cause: errorFacts(cause, depth + 1) }),
  };
}

function hintOf({ hint }: AlmanacError): { readonly hint?: string } {
  return hint === undefined ? {} : { hint };
}
