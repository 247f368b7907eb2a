import type { FacetFilter } from "../diagnostic/constraint.ts";
import type { Selector } from "../execution/definition.ts";
import type {
  Explanation,
  NearMiss,
  RejectedGroup,
  Remedy,
  RequirementExplanation,
  SetExplanation,
} from "./explanation.ts";
import { rejectionText } from "./rejection-text.ts";

/** How many items of a list are written out before "and n more". */
const shownItems = 12;

/** An explanation as text for people, one block per requirement set, lines ended by newlines. */
export function explanationText(explanation: Explanation): string {
  const { provider, diagnostic, version, selectors, key, decisions, sets } = explanation;
  const about = [selectors.join(" "), key].filter((text) => text !== undefined && text !== "");
  const lines = [
    `${provider}/${diagnostic}, version ${version}${about.length === 0 ? "" : `, for ${about.join(", ")}`}`,
    "",
    ...(decisions.length === 0 ? ["No group can be formed."] : ["Groups:"]),
    ...capped(
      decisions.map(
        ({ decision, key: name, reasons }) =>
          `  ${decision} ${name}: ${reasons.map(({ code, message }) => `${code} (${message})`).join("; ")}`,
      ),
      "  ",
    ),
    ...sets.flatMap((set) => ["", ...setLines(set, sets.length)]),
  ];
  return `${lines.join("\n")}\n`;
}

function setLines(set: SetExplanation, count: number): readonly string[] {
  const groups = counted(set.candidates, "group");
  const title = count === 1 ? `Requirements: ${groups}` : `Alternative ${set.set + 1} of ${count}: ${groups}`;
  return [title, ...set.requirements.flatMap((each) => requirementLines(each))];
}

function requirementLines(each: RequirementExplanation): readonly string[] {
  const name =
    each.requirement === each.sourceType ? each.sourceType : `${each.requirement} (${each.sourceType})`;
  const width = Math.max(...each.funnel.map(({ step }) => step.length), 4);
  // A constraint may be asked several times; the first that leaves nothing is meant.
  const gone = each.funnel.findIndex(
    ({ step, datasets, groups }) => step === each.removedBy && (groups ?? datasets) === 0,
  );
  return [
    `  ${name}${each.optional ? ", optional" : ""}`,
    ...each.funnel.map(({ step, datasets, files, groups }, at) => {
      const counts = [counted(datasets, "dataset"), counted(files, "file")].join(", ");
      const inGroups = groups === undefined ? "" : `, ${counted(groups, "group")}`;
      return `    ${step.padEnd(width)}  ${counts}${inGroups}${at === gone ? "   <- nothing left" : ""}`;
    }),
    ...(each.removedBy !== undefined && each.funnel.length === 0 ? ["    the catalog has none"] : []),
    ...each.unknownValues.map(({ facet, value, nearest }) => {
      const near = nearest.length === 0 ? "" : `; nearest: ${nearest.join(", ")}`;
      return `    no ${each.sourceType} dataset has ${facet}=${value}${near}`;
    }),
    ...each.nearMisses.map((miss) => `    ${nearMissText(miss)}`),
    ...remedyLines(each.remedies).map((line) => `    would be met by ${line}`),
    ...capped(each.rejected.flatMap(rejectedBlock), "    "),
    ...lonelyLines(each),
  ];
}

/** One rejected group as one item of several lines. */
function rejectedBlock(group: RejectedGroup): readonly string[] {
  const lines = [
    `    rejected by ${group.step}: ${selectorText(group.selector)}`,
    ...group.trail.flatMap((rejection) => rejectionText(rejection).map((line) => `      ${line}`)),
    ...remedyLines(group.remedies).map((line) => `      would run with ${line}`),
    ...distinct(
      group.remedies
        .flatMap((remedy) => (remedy.kind === "add-dataset" ? remedy.nearMisses : []))
        .map((miss) => `        ${nearMissText(miss)}`),
    ),
  ];
  return [lines.join("\n")];
}

/** Groups without partner, those with the same need on one line. */
function lonelyLines({ lonely }: RequirementExplanation): readonly string[] {
  const byNeed = Map.groupBy(lonely, ({ remedies }) => remedyLines(remedies).join(" and "));
  return [...byNeed].map(([need, groups]) => {
    const [first] = groups;
    const which =
      groups.length === 1 && first !== undefined
        ? selectorText(first.selector)
        : counted(groups.length, "group");
    return `    no partner for ${which}: needs ${need}`;
  });
}

/** Remedies as ends of sentences; datasets that differ in one facet only are told together. */
function remedyLines(remedies: readonly Remedy[]): readonly string[] {
  const [first, ...others] = remedies;
  const together = first === undefined || others.length === 0 ? undefined : mergedDatasets(first, others);
  return together === undefined ? remedies.map(remedyText) : [together];
}

function mergedDatasets(first: Remedy, others: readonly Remedy[]): string | undefined {
  if (first.kind !== "add-dataset") return undefined;
  const filters = [first, ...others].map((each) => (each.kind === "add-dataset" ? each.facets : undefined));
  const names = Object.keys(first.facets);
  const same = (name: string): boolean =>
    filters.every((filter) => filter?.[name]?.join() === first.facets[name]?.join());
  const [varying, ...more] = names.filter((name) => !same(name));
  if (varying === undefined || more.length > 0) return undefined;
  if (filters.some((filter) => Object.keys(filter ?? {}).length !== names.length)) return undefined;
  const values = filters.flatMap((filter) => filter?.[varying] ?? []);
  const shared = Object.fromEntries(names.filter(same).map((name) => [name, first.facets[name] ?? []]));
  return `${first.sourceType} data with ${filterText(shared)}, for each ${varying} of ${values.join(", ")}`;
}

function distinct(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)];
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function capped(items: readonly string[], indent: string): readonly string[] {
  const more = items.length - shownItems;
  return more <= 0 ? items : [...items.slice(0, shownItems), `${indent}and ${more} more`];
}

/** What lets a group run, as the end of a sentence. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case "add-source-type":
      return `${remedy.sourceType} data, of which nothing has been ingested`;
    case "add-dataset":
      return `${remedy.sourceType} data with ${filterText(remedy.facets)}`;
    case "add-files":
      return `files of ${remedy.dataset} from ${remedy.from ?? "its start"} to ${remedy.to ?? "its end"}`;
    case "same-calendar":
      return `one calendar in ${remedy.files.join(" and ")}`;
    case "set-facet":
      return `${remedy.facet} given in ${remedy.datasets.join(", ")}`;
    case "do-not-ignore":
      return `${remedy.datasets.join(", ")} taken off the ignore list or the diagnostic's ignoreFacets`;
    case "meet-constraint":
      return `data that meets ${remedy.constraint} (${remedy.reason})`;
    case "meet-requirement":
      return `${remedy.requirement} data${Object.keys(remedy.facets).length === 0 ? "" : ` with ${filterText(remedy.facets)}`}`;
  }
}

function nearMissText({ facet, wanted, found }: NearMiss): string {
  const others = found.slice(0, 6).map(({ value, datasets }) => `${value} (${datasets})`);
  const more = found.length > 6 ? ` and ${found.length - 6} more` : "";
  return `there is data with ${facet} ${others.join(", ")}${more} instead of ${wanted.join(" or ")}`;
}

function selectorText(selector: Selector): string {
  return selector.length === 0
    ? "the one group"
    : selector.map(([facet, value]) => `${facet}=${value}`).join(" ");
}

/** A facet filter as `facet=a,b facet=c`. */
export function filterText(filter: FacetFilter): string {
  return Object.entries(filter)
    .map(([facet, values]) => `${facet}=${values.join(",")}`)
    .join(" ");
}
