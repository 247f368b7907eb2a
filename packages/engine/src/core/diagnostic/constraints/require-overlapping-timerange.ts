import type { RequireOverlappingTimerange } from "../constraint.ts";

/**
 * All sub-groups must have some time in common.
 * @param settings `groupBy`: default each dataset for itself
 */
export function requireOverlappingTimerange(
  settings: { readonly groupBy?: readonly string[] } = {},
): RequireOverlappingTimerange {
  return { kind: "requireOverlappingTimerange", groupBy: [...(settings.groupBy ?? ["instance_id"])] };
}
