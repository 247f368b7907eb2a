import { filterText, valuesText } from "./constraint-text.ts";
import type { Covering, NearMiss, Remedy } from "./explanation.ts";
import { tellingFacets } from "./remedies/naming.ts";

type AddDataset = Extract<Remedy, { readonly kind: "add-dataset" }>;
type AddFiles = Extract<Remedy, { readonly kind: "add-files" }>;
type SetFacet = Extract<Remedy, { readonly kind: "set-facet" }>;

/** So many near misses are told of one list of remedies. */
const shownNearMisses = 4;

/** Remedies as ends of sentences; datasets that differ in one facet only are told together. */
export function remedyLines(remedies: readonly Remedy[]): readonly string[] {
  const merged: Remedy[][] = [];
  for (const remedy of remedies) {
    const alike = merged.find((each) => areAlike([...each, remedy]));
    if (alike === undefined) merged.push([remedy]);
    else alike.push(remedy);
  }
  return merged.map((each) => (each.length === 1 ? remedyText(each[0] as Remedy) : togetherText(each)));
}

/**
 * True for files of one dataset, or of several over one range, for datasets that differ in one facet, and for facets of the
 * same datasets.
 */
function areAlike(remedies: readonly Remedy[]): boolean {
  const set = remedies.flatMap((each) => (each.kind === "set-facet" ? [each.datasets.join()] : []));
  if (set.length === remedies.length) return new Set(set).size === 1;
  const files = remedies.filter((each): each is AddFiles => each.kind === "add-files");
  if (files.length === 0) return varyingFacet(remedies) !== undefined;
  if (files.length < remedies.length) return false;
  const [{ dataset, from, to }] = files as [AddFiles, ...AddFiles[]];
  return (
    files.every((each) => each.dataset === dataset) ||
    files.every((each) => each.from === from && each.to === to)
  );
}

/** The one facet in which datasets to be added differ; undefined when they differ otherwise. */
function varyingFacet(remedies: readonly Remedy[]): string | undefined {
  const added = remedies.filter((each): each is AddDataset => each.kind === "add-dataset");
  const [first] = added;
  if (first === undefined || added.length < remedies.length) return undefined;
  const rest = ({ sourceType, role, facets, anyValue, covering }: AddDataset): string =>
    JSON.stringify([sourceType, role ?? null, Object.keys(facets).toSorted(), anyValue, covering ?? null]);
  if (added.some((each) => rest(each) !== rest(first))) return undefined;
  const names = Object.keys(first.facets);
  const varying = names.filter((name) =>
    added.some(({ facets }) => facets[name]?.join() !== first.facets[name]?.join()),
  );
  return varying.length === 1 ? varying[0] : undefined;
}

function togetherText(remedies: readonly Remedy[]): string {
  const [{ kind }] = remedies as readonly [Remedy, ...Remedy[]];
  if (kind === "add-files") return filesText(remedies as readonly AddFiles[]);
  if (kind === "set-facet") return setText(remedies as readonly SetFacet[]);
  const added = remedies as readonly AddDataset[];
  const [first] = added as readonly [AddDataset, ...AddDataset[]];
  const varying = varyingFacet(remedies) as string;
  const { [varying]: _, ...facets } = first.facets;
  const values = added.flatMap((each) => each.facets[varying] ?? []);
  return `${datasetText({ ...first, facets })}, for each ${varying} of ${values.join(", ")}`;
}

/** What lets a group run, as the end of a sentence. */
export function remedyText(remedy: Remedy): string {
  switch (remedy.kind) {
    case "add-source-type":
      return `${remedy.sourceType} data, of which nothing has been ingested`;
    case "add-dataset":
      return datasetText(remedy);
    case "add-files":
      return filesText([remedy]);
    case "same-calendar":
      return `calendar ${remedy.calendar} in ${remedy.files.join(" and ")}`;
    case "set-facet":
      return setText([remedy]);
    case "leave-out":
      return leftOutText(remedy);
    case "do-not-ignore": {
      const list = remedy.origin === "diagnostic" ? "the diagnostic's ignoreFacets" : "the ignore list";
      return `${filterText(remedy.facets)} taken off ${list}`;
    }
    case "widen-filter":
      return widenedText(remedy);
    case "meet-constraint":
      return `data that meets ${remedy.constraint} (${remedy.reason})`;
    case "meet-requirement":
      return requirementText(remedy);
  }
}

function widenedText({ facet, allowed }: Extract<Remedy, { readonly kind: "widen-filter" }>): string {
  return allowed.length === 0
    ? `another filter of the diagnostic: it allows no ${facet} at all`
    : `another filter of the diagnostic: it takes only ${facet}=${valuesText(allowed)}`;
}

function requirementText(remedy: Extract<Remedy, { readonly kind: "meet-requirement" }>): string {
  const { requirement, facets, remedies } = remedy;
  const by = remedyLines(remedies).join(" and ");
  const joined = Object.keys(facets).length === 0 ? "" : ` with ${filterText(facets)}`;
  if (joined === "" && by !== "" && remedies.every((each) => isDataOf(each, requirement))) return by;
  return `a group of ${requirement}${joined}${by === "" ? "" : `: ${by}`}`;
}

/** True for a dataset to be added to what a requirement asks for without a name of its own. */
function isDataOf(remedy: Remedy, sourceType: string): boolean {
  return remedy.kind === "add-dataset" && remedy.sourceType === sourceType;
}

function setText(facets: readonly SetFacet[]): string {
  return `${facets.map(({ facet }) => facet).join(", ")} given in ${facets[0]?.datasets.join(", ") ?? ""}`;
}

function leftOutText({ datasets, facets }: Extract<Remedy, { readonly kind: "leave-out" }>): string {
  const [only = ""] = datasets;
  const which = datasets.length === 1 ? only : `${datasets.length} datasets with ${filterText(facets)}`;
  return `${which} left out (almanac datasets retract)`;
}

function filesText(files: readonly AddFiles[]): string {
  const datasets = [...new Set(files.map(({ dataset }) => dataset))];
  const ranges = files.map(({ from, to }) => `from ${from ?? "the start"} to ${to ?? "the end"}`);
  return `files of ${datasets.join(" and ")} ${[...new Set(ranges)].join(", ")}`;
}

function datasetText({ sourceType, role, facets, anyValue, covering }: AddDataset): string {
  const named = anyValue.filter((facet) => facet !== "version");
  const open = named.length === 0 ? "" : `, any ${named.join(", ")}`;
  const known = filterText(tellingFacets(facets));
  const which = `${role === undefined ? "" : "the parent: "}${sourceType} data`;
  return `${which}${known === "" ? "" : ` with ${known}`}${open}${coveringText(covering)}`;
}

function coveringText(covering: Covering | undefined): string {
  if (covering === undefined) return "";
  const { from, to, calendar } = covering;
  const range = [from === undefined ? [] : `from ${from}`, to === undefined ? [] : `to ${to}`].flat();
  return `, ${range.join(" ")}${calendar === undefined ? "" : ` in ${calendar}`}`;
}

/** What comes nearest to the datasets that remedies would add. */
export function nearMissLines(remedies: readonly Remedy[]): readonly string[] {
  const added = remedies.filter((remedy) => remedy.kind === "add-dataset");
  const told = added.flatMap((remedy) =>
    remedy.nearMisses.map((miss) => ({ remedy, text: nearMissText(miss) })),
  );
  const byText = Map.groupBy(told, ({ text }) => text);
  const varying = byText.size === 1 ? undefined : varyingFacet(added);
  const lines = [...byText].map(([text, same]) => {
    const values = same.flatMap(({ remedy }) => remedy.facets[varying ?? ""] ?? []);
    return varying === undefined ? text : `${text}, for ${varying} ${[...new Set(values)].join(", ")}`;
  });
  return lines.slice(0, shownNearMisses);
}

/** Data that would fit but for one facet, as a sentence. */
export function nearMissText({ facet, wanted, found }: NearMiss): string {
  const others = found.slice(0, 6).map(({ value, datasets }) => `${value} (${datasets})`);
  const more = found.length > 6 ? ` and ${found.length - 6} more` : "";
  return `there is data with ${facet} ${others.join(", ")}${more} instead of ${wanted.join(" or ")}`;
}
