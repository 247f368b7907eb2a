import { isAlmanacError } from "../core/errors.ts";
import type { ExecutionCatalog, Transition } from "../ports/execution-catalog.ts";

/** Takes changes of state and commits many of them in one transaction, in the order given. */
export interface TransitionQueue {
  /**
   * Resolves once the changes are durable; those given together are applied together or not at all.
   * @throws CONFLICT when another process changed the execution first, and what else the catalog throws
   */
  push(...transitions: readonly Transition[]): Promise<void>;
}

/** Changes given together, and who waits for them. */
interface Entry {
  readonly transitions: readonly Transition[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit for changes of state: while one transaction is written, further changes gather for the next, so that
 * thousands of small executions share the cost of making each commit durable. A conflict concerns one execution only:
 * the others of its transaction are then written by themselves.
 */
export function transitionQueue(catalog: Pick<ExecutionCatalog, "transition">): TransitionQueue {
  let gathering: Entry[] = [];
  let writing = false;
  const flush = async (): Promise<void> => {
    writing = true;
    while (gathering.length > 0) {
      const batch = gathering;
      gathering = [];
      await write(batch, catalog);
    }
    writing = false;
  };
  return {
    push: (...transitions) =>
      new Promise<void>((resolve, reject) => {
        gathering.push({ transitions, resolve, reject });
        // Those that come in the same turn share the first transaction as well.
        if (!writing) {
          writing = true;
          setImmediate(() => void flush());
        }
      }),
  };
}

/** Writes a batch in one transaction; never throws, those who wait are told. */
async function write(batch: readonly Entry[], catalog: Pick<ExecutionCatalog, "transition">): Promise<void> {
  try {
    await catalog.transition(batch.flatMap(({ transitions }) => transitions));
    for (const { resolve } of batch) resolve();
  } catch (error) {
    const alone = batch.length === 1 || !isAlmanacError(error, "CONFLICT", "TRANSITION_REFUSED");
    if (alone) for (const { reject } of batch) reject(error);
    else for (const entry of batch) await write([entry], catalog);
  }
}
