import type { SelectFirstMember } from "../constraint.ts";

/**
 * Keeps the first ensemble member of each sub-group.
 * @param settings `facet`: default `member_id`; `groupBy`: default `source_id`
 */
export function selectFirstMember(
  settings: { readonly facet?: string; readonly groupBy?: readonly string[] } = {},
): SelectFirstMember {
  const { facet = "member_id", groupBy = ["source_id"] } = settings;
  return { kind: "selectFirstMember", facet, groupBy: [...groupBy] };
}
