import type { Action, ActionRecord, Output } from "../core/steps/action.ts";
import type { EncodedProduct } from "../core/steps/codec.ts";
import type { CollectionPolicy } from "../core/steps/collection.ts";
import type { StepHistory } from "../core/steps/history.ts";
import type { AcceptedChange, Pin, StoreNote } from "../core/steps/store-note.ts";
import type { StoredProduct } from "../core/steps/stored-products.ts";

export type { CollectionPolicy } from "../core/steps/collection.ts";
export type { AcceptedChange, Pin, StoreNote } from "../core/steps/store-note.ts";
export type { StoredProduct } from "../core/steps/stored-products.ts";

/** The sole right to run something; kept alive until it is released. */
export interface Lease {
  release(): void;
}

/** What collection threw away, or would. */
export interface CollectionReport {
  readonly removed: readonly StoredProduct[];
  readonly freedBytes: number;
  readonly keptBytes: number;
  /** What making the removed products again would take. */
  readonly recomputeMs: number;
  /** Why bytes could not be freed now. */
  readonly postponed: string | undefined;
}

/** A product to be stored. */
export interface ProductToPut {
  readonly product: string;
  readonly codec: string;
  readonly encoded: EncodedProduct;
}

/** The side of an open store towards products of others. What it tells is for people; nothing of it stops a build. */
export interface SharedSide {
  /** For people: the folder, or what else it is. */
  readonly place: string;
  /** Reads what others left for a pipeline since the last time. @returns remarks @throws STORE_UNAVAILABLE if it is required */
  look(pipeline: string): Promise<readonly string[]>;
  /** True if the bytes of an output seem to be in the own store. */
  isHere(output: Output): boolean;
  /** Records an action of others as an own one, its bytes stay there. An own one is given back as it is. */
  adopt(action: Action): Action;
  /**
   * Brings an output into the own store, verified.
   * @throws PRODUCT_DAMAGED when it cannot be had; STORE_UNAVAILABLE if the store is required; DISK_FULL
   */
  fetch(output: Output): Promise<void>;
  /** Leaves own actions there that it lacks. @returns remarks @throws STORE_UNAVAILABLE, DISK_FULL if it is required */
  leave(pipeline: string, keys: readonly string[]): Promise<readonly string[]>;
}

/** An open store. `history` answers at once from what has been read. */
export interface OpenProductStore {
  readonly history: StepHistory;
  /** Reads what other processes recorded since. */
  refresh(): void;
  /**
   * Stores one encoded product. Small bytes may become durable with the record only.
   * @throws DISK_FULL, STORE_UNAVAILABLE
   */
  put(product: ProductToPut): Promise<Output>;
  /** Records a finished action: others see it from now on. @throws DISK_FULL, STORE_UNAVAILABLE */
  record(action: ActionRecord): void;
  /** Records something else. */
  note(note: StoreNote): void;
  /** Resolves when everything recorded so far would survive a loss of power. */
  flush(): Promise<void>;
  /** The bytes of an output, verified. @throws PRODUCT_DAMAGED when missing or altered */
  bytes(output: Output): Promise<Uint8Array>;
  /** Where a file of an output lies; it must not be changed. */
  file(output: Output, path: string): string;
  /** Takes the sole right to run under a name; undefined while somebody else has it. */
  lease(name: string): Lease | undefined;
  /** Every stored product: those saved by hand, and those of actions. @param all those of earlier keys too */
  products(options: { readonly all: boolean }): readonly StoredProduct[];
  pins(): readonly Pin[];
  accepted(): readonly AcceptedChange[];
  /** Products of others, if there are any: `history` tells of them too, `bytes` and `file` do not. */
  readonly shared?: SharedSide;
  close(): Promise<void>;
}

/** Where products are kept. */
export interface ProductStore {
  /** For people: the folder, or what else it is. */
  readonly place: string;
  /** Opens it; made when it does not exist. @throws STORE_UNAVAILABLE, DOCUMENT_INVALID when of a newer form */
  open(): Promise<OpenProductStore>;
  /**
   * Throws away what the policy lets go; nothing while other processes use the store. It must not be open here.
   * @throws STORE_UNAVAILABLE
   */
  collect(policy: CollectionPolicy): Promise<CollectionReport>;
}
