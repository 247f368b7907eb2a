/** Why a step runs, or ran: one cause. `from` is what the nearest earlier run had. */
export type Reason =
  | { readonly code: "first-time" }
  | { readonly code: "forced" }
  | { readonly code: "invalidated"; readonly at: string }
  | { readonly code: "failed-last-time"; readonly message: string; readonly at: string }
  | {
      readonly code: "code";
      /** Functions added, removed or changed, as `name (file)`; packages as `name 1.0.0 → 1.1.0`. */
      readonly changed: readonly string[];
      readonly from: string;
      readonly to: string;
    }
  | { readonly code: "configuration"; readonly path: string; readonly from: string; readonly to: string }
  | { readonly code: "requirement"; readonly product: string; readonly from: string; readonly to: string }
  | { readonly code: "requirement-runs"; readonly product: string }
  | { readonly code: "file"; readonly path: string; readonly from: string; readonly to: string }
  | { readonly code: "environment"; readonly name: string; readonly from: string; readonly to: string }
  | { readonly code: "capture"; readonly name: string; readonly from: string; readonly to: string }
  | { readonly code: "seed"; readonly from: string; readonly to: string }
  | { readonly code: "declaration" }
  | { readonly code: "output-missing"; readonly product: string }
  | { readonly code: "output-altered"; readonly product: string; readonly message: string }
  | { readonly code: "live"; readonly product: string }
  | { readonly code: "always-stale"; readonly unfollowed: readonly string[] }
  | { readonly code: "no-product" };
