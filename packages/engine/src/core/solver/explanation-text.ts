import type { Selector } from "../execution/definition.ts";
import type {
  Explanation,
  FunnelStep,
  Mending,
  RejectedGroup,
  RequirementExplanation,
  SetExplanation,
} from "./explanation.ts";
import { trailLines } from "./rejection-text.ts";
import { nearMissLines, nearMissText, remedyLines } from "./remedy-text.ts";

/** How many decisions are written out before "and n more". */
const shownDecisions = 12;

/** How many rejected groups of a requirement are written out before "and n more". */
const shownGroups = 6;

/** From so many alternatives on each is told in a line or two. */
const manySets = 5;

/** An explanation as text for people, one block per requirement set, lines ended by newlines. */
export function explanationText(explanation: Explanation): string {
  const { provider, diagnostic, version, selectors, key, decisions, sets } = explanation;
  const about = [selectors.join(" "), key].filter((text) => text !== undefined && text !== "");
  const told = sets.length < manySets ? sets.map(setLines(sets.length)) : [briefLines(sets)];
  const lines = [
    `${provider}/${diagnostic}, version ${version}${about.length === 0 ? "" : `, for ${about.join(", ")}`}`,
    "",
    ...(decisions.length === 0 ? [noGroupText(explanation)] : [groupsTitle(decisions)]),
    ...capped(
      decisions.map(
        ({ decision, key: name, reasons }) =>
          `  ${decision} ${name}: ${reasons.map(({ code, message }) => `${code} (${message})`).join("; ")}`,
      ),
      { shown: shownDecisions, more: (count) => `  and ${count} more` },
    ),
    ...told.flatMap((block) => ["", ...block]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Where not all are written out: how many there are of each decision. */
function groupsTitle(decisions: Explanation["decisions"]): string {
  if (decisions.length <= shownDecisions) return "Groups:";
  const counts = [...Map.groupBy(decisions, ({ decision }) => decision)];
  return `Groups: ${counts.map(([decision, same]) => `${same.length} ${decision}`).join(", ")}`;
}

function noGroupText({ sets }: Explanation): string {
  const formed = sets.some(({ requirements }) => requirements.some(({ leftOut }) => leftOut.length > 0));
  return formed ? "No group contains what was asked for." : "No group can be formed.";
}

function setLines(count: number): (set: SetExplanation) => readonly string[] {
  return (set) => [setTitle(set, count), ...set.requirements.flatMap((each) => requirementLines(each))];
}

function setTitle({ set, candidates }: SetExplanation, count: number): string {
  const groups = candidates === 0 ? "no group" : counted(candidates, "group");
  return count === 1 ? `Requirements: ${groups}` : `Alternative ${set + 1} of ${count}: ${groups}`;
}

/** Many alternatives: how many groups each has, and of those without any which requirement fails where. */
function briefLines(sets: readonly SetExplanation[]): readonly string[] {
  return [
    ...sets.flatMap((set) => {
      const failing = set.candidates === 0 ? set.requirements.filter(isFailing) : [];
      return [setTitle(set, sets.length), ...failing.flatMap(briefRequirement)];
    }),
    "All steps of each: --json",
  ];
}

function isFailing({ removedBy, rejected }: RequirementExplanation): boolean {
  return removedBy !== undefined || rejected.length > 0;
}

function briefRequirement(each: RequirementExplanation): readonly string[] {
  const step = each.funnel.find((one) => one.step === each.removedBy);
  const at = step === undefined ? "" : `: nothing left after ${stepLabel(step)}`;
  return [`  ${nameOf(each)}${at}`, ...unselectedLines(each).slice(0, 2)];
}

function nameOf({ requirement, sourceType }: RequirementExplanation): string {
  return requirement === sourceType ? sourceType : `${requirement} (${sourceType})`;
}

function requirementLines(each: RequirementExplanation): readonly string[] {
  return [
    `  ${nameOf(each)}${each.optional ? ", optional" : ""}`,
    ...funnelLines(each),
    ...(each.removedBy !== undefined && each.funnel.length === 0 ? ["    the catalog has none"] : []),
    ...unselectedLines(each),
    ...capped(each.leftOut.map(leftOutBlock), { shown: shownGroups, more: moreGroups }),
    ...rejectedSummary(each.rejected),
    ...capped(each.rejected.map(rejectedBlock), { shown: shownGroups, more: moreGroups }),
    ...lonelyLines(each),
  ];
}

function moreGroups(count: number): string {
  return `    and ${count} more, not formed either; name a selector, such as source_id=…, to see one, or --json for all`;
}

/** The funnel until nothing is left; steps of one name that follow each other are one line. */
function funnelLines({ funnel, removedBy }: RequirementExplanation): readonly string[] {
  // A constraint may be asked several times; the first that leaves nothing is meant.
  const gone = funnel.findIndex(
    ({ step, datasets, groups }) => step === removedBy && (groups ?? datasets) === 0,
  );
  const shown = gone < 0 ? funnel : funnel.slice(0, gone + 1);
  const runs: FunnelStep[][] = [];
  for (const step of shown) {
    const last = runs.at(-1);
    if (last?.[0]?.step === step.step) last.push(step);
    else runs.push([step]);
  }
  const lines = runs.map((run) => {
    const last = run.at(-1) as FunnelStep;
    return { label: run.length === 1 ? stepLabel(last) : `${last.step} (${run.length})`, step: last };
  });
  const width = Math.max(0, ...lines.map(({ label }) => label.length));
  return lines.map(({ label, step: { datasets, files, groups } }, at) => {
    const counts = [counted(datasets, "dataset"), counted(files, "file")].join(", ");
    const inGroups = groups === undefined ? "" : `, ${counted(groups, "group")}`;
    const end = gone >= 0 && at === lines.length - 1 ? "   <- nothing left" : "";
    return `    ${label.padEnd(width)}  ${counts}${inGroups}${end}`;
  });
}

function stepLabel({ step, asks }: FunnelStep): string {
  if (asks === undefined) return step;
  return step.startsWith("filter ") ? `${step}=${asks}` : `${step} ${asks}`;
}

/** Where nothing was selected: values that do not exist, what comes nearest, what would do. */
function unselectedLines(each: RequirementExplanation): readonly string[] {
  return [
    ...each.unknownValues.map(({ facet, value, nearest }) => {
      const near = nearest.length === 0 ? "" : `; nearest: ${nearest.join(", ")}`;
      return `    no ${each.sourceType} dataset has ${facet}=${value}${near}`;
    }),
    ...each.nearMisses.map((miss) => `    ${nearMissText(miss)}`),
    ...mendingLines(each).map((line) => `    ${line}`),
  ];
}

/** Where not all are written out: how many were lost at which step. */
function rejectedSummary(rejected: readonly RejectedGroup[]): readonly string[] {
  if (rejected.length <= shownGroups) return [];
  const byStep = Map.groupBy(rejected, ({ step }) => step);
  const counts = [...byStep].map(([step, groups]) => `${groups.length} at ${step}`);
  return [`    ${rejected.length} groups are not formed: ${counts.join(", ")}`];
}

/** One rejected group as one item of several lines. */
function rejectedBlock(group: RejectedGroup): string {
  return groupBlock(`${selectorText(group.selector)}: ${group.step} left nothing`, group);
}

function leftOutBlock(group: RejectedGroup): string {
  return groupBlock(`${selectorText(group.selector)}: formed without what was asked for`, group);
}

function groupBlock(title: string, group: RejectedGroup): string {
  const near = nearMissLines(group.remedies).map((line) => `  ${line}`);
  const lines = [...trailLines(group.trail, group.selector), ...mendingLines(group), ...near];
  return [`    ${title}`, ...lines.map((line) => `      ${line}`)].join("\n");
}

/** What lets it run: all of the lines together. */
function mendingLines({ remedies, enough }: Mending): readonly string[] {
  const opening = enough ? "would run with" : "would come further with";
  return remedyLines(remedies).map((line, at) => (at === 0 ? `${opening} ${line}` : `  and ${line}`));
}

/** Groups without partner, those with the same need together. */
function lonelyLines({ lonely }: RequirementExplanation): readonly string[] {
  const byNeed = Map.groupBy(lonely, (group) => mendingLines(group).join("\n      "));
  return [...byNeed].flatMap(([need, groups]) => {
    const [first] = groups;
    const which =
      groups.length === 1 && first !== undefined
        ? selectorText(first.selector)
        : counted(groups.length, "group");
    return [`    no partner for ${which}`, `      ${need}`];
  });
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function capped(
  items: readonly string[],
  { shown, more }: { readonly shown: number; readonly more: (count: number) => string },
): readonly string[] {
  const left = items.length - shown;
  return left <= 0 ? items : [...items.slice(0, shown), more(left)];
}

function selectorText(selector: Selector): string {
  return selector.length === 0
    ? "the one group"
    : selector.map(([facet, value]) => `${facet}=${value}`).join(" ");
}
