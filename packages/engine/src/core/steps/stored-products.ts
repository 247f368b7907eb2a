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
  /** False when its bytes are known not to be in this store: gone, or in a shared one. */
  readonly here: boolean;
  /** True for the action that the step's names point at. */
  readonly current: boolean;
}

/** True if a later action has the same key, such as a newer checkpoint: nothing leads to this one any more. */
export function isSuperseded(action: Action, actions: Pick<ActionIndex, "action">): boolean {
  return actions.action(action.key)?.ordinal !== action.ordinal;
}

/** Bytes of superseded actions, which collection frees whatever its policy says. @param holds tells what is still there */
export function supersededBytes(
  actions: Pick<ActionIndex, "action" | "all">,
  holds: (output: Output) => boolean,
): number {
  const kept = new Set<string>();
  const gone = new Map<string, number>();
  for (const action of actions.all())
    for (const output of action.outputs)
      if (!isSuperseded(action, actions)) kept.add(output.digest);
      else if (holds(output)) gone.set(output.digest, output.bytes);
  return [...gone].reduce((sum, [digest, bytes]) => (kept.has(digest) ? sum : sum + bytes), 0);
}

/** Which products, and how to know whether their bytes are there. */
export interface StoredProductsOptions {
  /** Those of earlier keys too. */
  readonly all: boolean;
  readonly holds: (output: Output) => boolean;
}

/** Every stored product: those saved by hand, then those of actions, oldest first; superseded ones are left out. */
export function storedProducts(
  actions: ActionIndex,
  notes: Pick<NoteIndex, "saved">,
  options: StoredProductsOptions,
): readonly StoredProduct[] {
  const saved = [...notes.saved.values()].map(({ output, at }) => ({
    step: undefined,
    output,
    at,
    durationMs: 0,
    key: `saved:${output.digest}`,
    here: options.holds(output),
    current: true,
  }));
  const found = [...actions.all()].filter((action) => !isSuperseded(action, actions));
  return [...saved, ...found.flatMap((action) => productsOf(action, actions, options))];
}

/** allow-parameters: an action, where its record is, and which count */
function productsOf(
  action: Action,
  actions: ActionIndex,
  { all, holds }: StoredProductsOptions,
): readonly StoredProduct[] {
  const { step, provenance } = actions.record(action);
  const current = actions.current(step)?.ordinal === action.ordinal;
  if (!all && !current) return [];
  const { at, durationMs } = provenance;
  return action.outputs.map((output) => {
    const here = output.codec === "live" || holds(output);
    return { step, output, at, durationMs, key: action.key, here, current };
  });
}
