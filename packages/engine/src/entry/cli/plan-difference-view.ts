import { AlmanacError } from "../../core/errors.ts";
import type { PlanChange } from "../../core/solver/plan-difference.ts";
import type { Column } from "./output.ts";
import { type ListingFlags, writeListing } from "./output.ts";
import type { Terminal } from "./terminal.ts";

/** So many dataset ids of a kind are written into one cell of the table. */
const shownIds = 3;

const columns: readonly Column<PlanChange>[] = [
  { heading: "change", text: ({ change }) => change },
  { heading: "before", text: ({ before }) => saidText(before) },
  { heading: "after", text: ({ after }) => saidText(after) },
  {
    heading: "group",
    text: ({ provider, diagnostic, version, key }) => `${provider}/${diagnostic}/v${version}/${key}`,
  },
  { heading: "inputs", text: inputsText },
];

/** Writes what two plans say differently. @throws DIFFERS when they say anything differently */
export async function writePlanDifference(
  changes: readonly PlanChange[],
  output: { readonly terminal: Terminal; readonly flags: ListingFlags },
): Promise<void> {
  await writeListing(
    { kind: "plan-difference", noun: "differences", items: changes, total: changes.length, columns },
    output,
  );
  if (changes.length === 0) return;
  const counts = Map.groupBy(changes, ({ change }) => change);
  const text = [...counts].map(([change, of]) => `${of.length} ${change}`).join(", ");
  throw new AlmanacError("DIFFERS", `the plans differ: ${text}`, {
    hint: "why about one group: almanac explain <provider>/<diagnostic>/<key>",
    facts: { differences: changes.length },
  });
}

function saidText(said: PlanChange["before"]): string {
  return said === undefined ? "" : `${said.decision} (${said.reasons.map(({ code }) => code).join(" ")})`;
}

/** Datasets that came and went, `+` and `-` before each, and `~` before those with other files. */
export function inputsText({ added, removed, replaced, otherwise }: PlanChange): string {
  if (otherwise) return "same datasets, other files or parameters";
  return [...marked("+", added), ...marked("-", removed), ...marked("~", replaced)].join(" ");
}

function marked(sign: string, ids: readonly string[]): readonly string[] {
  const more = ids.length - shownIds;
  const shown = ids.slice(0, shownIds).map((id) => sign + id);
  return more > 0 ? [...shown, `${sign}${more} more`] : shown;
}
