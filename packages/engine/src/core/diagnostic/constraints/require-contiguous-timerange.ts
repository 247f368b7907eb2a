import type { RequireContiguousTimerange } from "../constraint.ts";

/**
 * No sub-group may have a gap between its files, or two calendars.
 * @param settings `groupBy`: default each dataset for itself
 */
export function requireContiguousTimerange(
  settings: { readonly groupBy?: readonly string[]; readonly calendars?: "by-meaning" | "by-spelling" } = {},
): RequireContiguousTimerange {
  const { groupBy = ["instance_id"], ...rest } = settings;
  return { kind: "requireContiguousTimerange", groupBy: [...groupBy], ...rest };
}
