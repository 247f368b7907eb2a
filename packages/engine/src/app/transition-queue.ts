import type { ExecutionCatalog, Transition } from "../ports/execution-catalog.ts";

/** Takes changes of state and commits many of them in one transaction, in the order given. */
export interface TransitionQueue {
  /** Resolves once the change is durable. @throws what the catalog throws for the batch it was in */
  push(...transitions: readonly Transition[]): Promise<void>;
}

/**
 * Group commit for changes of state: while one transaction is written, further changes gather for the next, so that
 * thousands of small executions share the cost of making each commit durable.
 */
export function transitionQueue(catalog: Pick<ExecutionCatalog, "transition">): TransitionQueue {
  let gathering: Transition[] = [];
  let next: Promise<void> | undefined;
  let writing: Promise<void> = Promise.resolve();
  const flush = async (): Promise<void> => {
    // A failed batch before this one has been reported to those who were in it.
    await Promise.allSettled([writing]);
    const batch = gathering;
    gathering = [];
    next = undefined;
    writing = catalog.transition(batch);
    await writing;
  };
  return {
    push: (...transitions) => {
      gathering.push(...transitions);
      next ??= Promise.resolve().then(flush);
      return next;
    },
  };
}
