import { isAlmanacError } from "../core/errors.ts";
import { executionFiles, type Outcome } from "../core/execution/outcome.ts";
import { parseOutcome } from "../documents/outcome.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";

/**
 * The outcome of a fragment, or undefined when there is none. One that does not parse is none: the worker writes it
 * whole or not at all, so what stands there is not its word.
 */
export async function readOutcome(fragment: string, store: FragmentStore): Promise<Outcome | undefined> {
  const bytes = await store.read(fragment, executionFiles.outcome);
  if (bytes === undefined) return undefined;
  try {
    return parseOutcome(new TextDecoder().decode(bytes));
  } catch (error) {
    if (isAlmanacError(error, "DOCUMENT_INVALID")) return undefined;
    throw error;
  }
}
