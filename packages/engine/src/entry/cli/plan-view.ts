import type { Recomputed } from "../../app/plan.ts";
import type { Decision, Plan, UnsatisfiedCount } from "../../core/solver/plan.ts";
import type { Column } from "./output.ts";

/** One decision as `plan --json` gives it. */
export interface PlanItem
  extends Pick<Decision, "provider" | "diagnostic" | "version" | "key" | "decision" | "reasons"> {
  readonly rid?: string;
  /** Dataset ids, sorted. */
  readonly datasets: readonly string[];
}

/** A decision in the form that checks read. */
export function planItem(decided: Decision): PlanItem {
  const { provider, diagnostic, version, key, group, decision, reasons } = decided;
  const datasets = sortedIds(Object.values(decided.datasets));
  return group === undefined
    ? { provider, diagnostic, version, key, decision, reasons, datasets }
    : { provider, diagnostic, version, key, rid: group, decision, reasons, datasets };
}

/** The ids of all requirements, each once and sorted, as those of one requirement are already. */
function sortedIds(lists: readonly (readonly string[])[]): readonly string[] {
  const [first = [], second] = lists;
  if (second === undefined) return first;
  return areInOrder(lists) ? [...first, ...second] : [...new Set(lists.flat())].sort();
}

/** Number of ids of all requirements, each once. */
function countIds(lists: readonly (readonly string[])[]): number {
  const [first = [], second = []] = lists;
  if (lists.length < 2 || areInOrder(lists)) return first.length + second.length;
  return new Set(lists.flat()).size;
}

/** True for two lists, one after the other: mostly one source type's ids all come before the other's. */
function areInOrder(lists: readonly (readonly string[])[]): boolean {
  const [first, second] = lists;
  return lists.length === 2 && (first?.at(-1) ?? "") < (second?.[0] ?? "");
}

/** An unsatisfied count in the form that checks read. */
export function unsatisfiedItem({
  provider,
  diagnostic,
  set,
  requirement,
  step,
  groups,
}: UnsatisfiedCount): UnsatisfiedCount {
  return { provider, diagnostic, set, requirement, step, groups };
}

/** Columns of a plan's table. */
export const planColumns: readonly Column<Decision>[] = [
  { heading: "decision", text: ({ decision }) => decision },
  { heading: "reason", text: ({ reasons }) => reasons.map(({ code }) => code).join(" ") },
  { heading: "diagnostic", text: ({ provider, diagnostic }) => `${provider}/${diagnostic}` },
  { heading: "group", text: ({ key }) => key },
  { heading: "datasets", text: ({ datasets }) => String(countIds(Object.values(datasets))) },
];

/** Per diagnostic: how many run, how many are skipped for which reason, how many candidates are unsatisfied. */
export function planSummary(plan: Plan): string {
  const nameOf = ({ provider, diagnostic }: Named): string => `${provider}/${diagnostic}`;
  const decisions = Map.groupBy(plan.decisions, nameOfRuns(nameOf));
  const unsatisfied = Map.groupBy(plan.unsatisfied, nameOf);
  const lines = [...new Set([...decisions.keys(), ...unsatisfied.keys()])].sort().map((name) => {
    const own = decisions.get(name) ?? [];
    const lost = unsatisfied.get(name) ?? [];
    return `${name}: ${[...counted(own), ...unsatisfiedText(lost)].join(", ") || "nothing"}\n`;
  });
  const hidden =
    plan.hidden > 0
      ? [
          `${plan.hidden} groups hidden by --dataset, which every source type that has the facet must meet; of one: type.facet=…\n`,
        ]
      : [];
  return [...lines, ...hidden].join("");
}

/** What names a diagnostic. */
interface Named {
  readonly provider: string;
  readonly diagnostic: string;
}

/** The same, quicker for lists in which items of one name mostly follow each other. */
function nameOfRuns(nameOf: (item: Named) => string): (item: Named) => string {
  let last: Named = { provider: "", diagnostic: "" };
  let name = nameOf(last);
  return (item) => {
    if (item.provider !== last.provider || item.diagnostic !== last.diagnostic) name = nameOf(item);
    last = item;
    return name;
  };
}

/** How much of a plan had to be computed; nothing where all of it was. */
export function recomputedText({ groups, ofGroups, because }: Recomputed): string {
  return groups === ofGroups ? "" : `${groups} of ${ofGroups} groups computed anew: ${because}\n`;
}

/** `3 run (new), 2 skip (up-to-date)`. */
export function counted(decisions: readonly Decision[]): readonly string[] {
  const byCode = { run: new Map<string, number>(), skip: new Map<string, number>() };
  for (const { decision, reasons } of decisions) {
    const counts = byCode[decision];
    const { code } = reasons[0];
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return Object.entries(byCode).flatMap(([decision, counts]) =>
    [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${count} ${decision} (${code})`),
  );
}

function unsatisfiedText(lost: readonly UnsatisfiedCount[]): readonly string[] {
  const groups = lost.reduce((sum, each) => sum + each.groups, 0);
  const steps = [...new Set(lost.map(({ requirement, step }) => `${requirement} ${step}`))];
  return groups === 0 ? [] : [`${groups} unsatisfied (${steps.join("; ")})`];
}
