import type { ExecutionCatalog, Transition } from "../ports/execution-catalog.ts";
import type { Publication, ValueCatalog } from "../ports/value-catalog.ts";
import { groupCommit } from "./group-commit.ts";

/** Takes changes of state and commits many of them in one transaction, in the order given. */
export interface TransitionQueue {
  /**
   * Resolves once the changes are durable; those given together are applied together or not at all.
   * @throws CONFLICT when another process changed the execution first, and what else the catalog throws
   */
  push(...transitions: readonly Transition[]): Promise<void>;
  /** The same for changes that nobody is held up by: right after a commit they wait for others to share the next. */
  pushSoon(...transitions: readonly Transition[]): Promise<void>;
}

/** Changes of state and publications of one process, in common transactions. */
export interface CatalogQueue extends TransitionQueue, Pick<ValueCatalog, "publish"> {}

type Change = { readonly transition: Transition } | { readonly publication: Publication };

/** Group commit for all that a run of executions writes into the catalog. */
export function catalogQueue({
  executions,
  values,
}: {
  readonly executions: Pick<ExecutionCatalog, "transition">;
  readonly values: Pick<ValueCatalog, "publishAll">;
}): CatalogQueue {
  const queue = groupCommit<Change>((changes) => {
    const transitions = changes.flatMap((each) => ("transition" in each ? each.transition : []));
    const publications = changes.flatMap((each) => ("publication" in each ? each.publication : []));
    // An execution is published only after its earlier changes are durable: here the order between the two is free.
    return publications.length === 0
      ? executions.transition(transitions)
      : values.publishAll(publications, transitions);
  });
  const push = (transitions: readonly Transition[], canWait: boolean) =>
    queue.push(
      transitions.map((transition) => ({ transition })),
      { canWait },
    );
  return {
    push: (...transitions) => push(transitions, false),
    pushSoon: (...transitions) => push(transitions, true),
    publish: (results, transition) =>
      queue.push([{ publication: { results, transition } }], { canWait: true }),
  };
}
