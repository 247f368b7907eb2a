import type { PartialDateTime } from "../../time/partial-date-time.ts";
import type { RequireTimerange } from "../constraint.ts";

/**
 * Each sub-group must cover the range without a gap.
 * @param settings `groupBy`: default each dataset for itself; `start`, `end`: leading fields, such as `{year: 1850}`
 */
export function requireTimerange(settings: {
  readonly start?: PartialDateTime;
  readonly end?: PartialDateTime;
  readonly groupBy?: readonly string[];
  readonly calendars?: "by-meaning" | "by-spelling";
}): RequireTimerange {
  const { groupBy = ["instance_id"], ...rest } = settings;
  return { kind: "requireTimerange", groupBy: [...groupBy], ...rest };
}
