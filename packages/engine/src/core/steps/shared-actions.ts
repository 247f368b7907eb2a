import type { ActionRecord, Output } from "./action.ts";
import type { CodeFacts } from "./code-facts.ts";
import { itemsCodecName } from "./items-codec.ts";
import { keyOf } from "./key.ts";
import { outputDigest } from "./output-digest.ts";

/** Actions as they are passed from one store to others: no output says where its bytes lie, each has the digest of its bytes. */
export interface SharedActions {
  readonly actions: readonly ActionRecord[];
  /** The codes of the actions, for explanations. */
  readonly codes: readonly CodeFacts[];
  /** Bytes of small products by their digest. */
  readonly small: ReadonlyMap<string, Uint8Array>;
}

/** True if an action's key is that of its ingredients: others are not believed. */
export function isSound({ key, own, ingredients }: ActionRecord): boolean {
  return keyOf(own, ingredients.requires) === key;
}

/** True if an output's digest is that of its bytes and files. That of a list of items is over the items. */
export function isOutputSound({ codec, sha256 = "", files = [], digest }: Output): boolean {
  return codec === itemsCodecName || outputDigest(codec, sha256, files) === digest;
}

/** True if an action should take the place of another one of its key: it was made later and came out different. */
export function replaces(later: ActionRecord, earlier: ActionRecord): boolean {
  return (
    later.provenance.at > earlier.provenance.at &&
    later.outputs.some((output, at) => output.digest !== earlier.outputs[at]?.digest)
  );
}
