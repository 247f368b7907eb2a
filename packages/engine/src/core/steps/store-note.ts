import type { Output } from "./action.ts";
import type { CodeFacts } from "./code-facts.ts";

/** Something recorded beside actions. */
export type StoreNote =
  /** The step's names point at this action again. */
  | { readonly kind: "current"; readonly step: string; readonly key: string }
  | { readonly kind: "failed"; readonly step: string; readonly at: string; readonly message: string }
  /** Every action of the step is dropped. */
  | { readonly kind: "invalidated"; readonly step: string; readonly at: string; readonly message: string }
  | { readonly kind: "code"; readonly facts: CodeFacts }
  | ({ readonly kind: "saved" } & SavedProduct)
  | { readonly kind: "removed"; readonly product: string }
  | ({ readonly kind: "accepted" } & AcceptedChange)
  | ({ readonly kind: "pinned" } & Pin)
  | { readonly kind: "unpinned"; readonly product: string };

/** A product saved by hand. */
export interface SavedProduct {
  readonly output: Output;
  readonly at: string;
}

/** A change of code that counts as none. */
export interface AcceptedChange {
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly note: string;
  readonly at: string;
  /** True when the acceptance was taken back. */
  readonly reverted: boolean;
}

/** A pinned product: collection keeps it. */
export interface Pin {
  readonly product: string;
  readonly key: string;
  readonly note: string;
}
