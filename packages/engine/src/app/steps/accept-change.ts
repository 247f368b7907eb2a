import { AlmanacError } from "../../core/errors.ts";
import { beginBuild } from "./build-context.ts";
import { gatherFacts } from "./facts.ts";
import { noteCode } from "./run-step.ts";
import { type RunnerSession, stepAt, storeName } from "./session.ts";

/**
 * Lets the present code of a step count as the code of its current products: they stay fresh. Taken back by `revertChange`.
 * @param note why, for whoever reads it later
 * @throws USAGE when nothing is stored or the code has not changed
 */
export async function acceptChange(
  session: RunnerSession,
  number: number,
  { note }: { readonly note: string },
): Promise<void> {
  const store = await session.store();
  store.refresh();
  const step = stepAt(session, number);
  const name = storeName(session, step);
  await gatherFacts(session, [number]);
  const current = store.history.current(name);
  if (current === undefined)
    throw new AlmanacError("USAGE", `step "${step.id}" has no stored products: there is nothing to accept`, {
      hint: "build it",
    });
  const from = store.history.record(current).ingredients.code;
  const to = session.code[number]?.digest ?? `version:${step.options.version ?? ""}`;
  if (store.history.acceptedCode(name, to) === from)
    throw new AlmanacError(
      "USAGE",
      `the code of step "${step.id}" has not changed since its products were made`,
      { hint: "almanac build --plan shows why steps would run" },
    );
  noteCode(await beginBuild(session, [], {}), number);
  store.note({
    kind: "accepted",
    step: name,
    from,
    to,
    note,
    at: session.ports.clock.now(),
    reverted: false,
  });
  await store.flush();
}

/** Takes back every accepted change of a step. @returns how many there were */
export async function revertChanges(session: RunnerSession, number: number): Promise<number> {
  const store = await session.store();
  store.refresh();
  const name = storeName(session, stepAt(session, number));
  const changes = store.accepted().filter(({ step, reverted }) => step === name && !reverted);
  for (const change of changes)
    store.note({ kind: "accepted", ...change, at: session.ports.clock.now(), reverted: true });
  await store.flush();
  return changes.length;
}
