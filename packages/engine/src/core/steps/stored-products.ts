import type { Action, Output } from "./action.ts";
import type { ActionIndex } from "./action-index.ts";
import type { NoteIndex } from "./note-index.ts";

/** A stored product, for listings. */
export interface StoredProduct {
  /** Pipeline and step; undefined for a product saved by hand. */
  readonly step: string | undefined;
  readonly output: Output;
  readonly at: string;
  readonly durationMs: number;
  readonly key: string;
  /** True for the action that the step's names point at. */
  readonly current: boolean;
}

/** Every stored product: those saved by hand, then those of actions, oldest first. */
export function storedProducts(
  actions: ActionIndex,
  notes: Pick<NoteIndex, "saved">,
  { all }: { readonly all: boolean },
): readonly StoredProduct[] {
  const saved = [...notes.saved.values()].map(({ output, at }) => ({
    step: undefined,
    output,
    at,
    durationMs: 0,
    key: `saved:${output.digest}`,
    current: true,
  }));
  return [...saved, ...[...actions.all()].flatMap((action) => productsOf(action, actions, all))];
}

/** allow-parameters: an action, where its record is, and whether earlier ones count */
function productsOf(action: Action, actions: ActionIndex, all: boolean): readonly StoredProduct[] {
  const { step, provenance } = actions.record(action);
  const current = actions.current(step)?.ordinal === action.ordinal;
  if (!all && !current) return [];
  const { at, durationMs } = provenance;
  return action.outputs.map((output) => ({ step, output, at, durationMs, key: action.key, current }));
}
