import type { Constraint, FacetFilter } from "../diagnostic/constraint.ts";
import type { Requirement } from "../diagnostic/diagnostic.ts";
import type { Selector } from "../execution/definition.ts";
import { namedFile } from "./constraints/context.ts";
import type { Remedy } from "./explanation.ts";
import { calendarOf, timedDatasets, timedFilesOf, timeGaps } from "./file-times.ts";
import { noParent, type Rejection } from "./rejection.ts";
import { coveringOf } from "./remedies/covering.ts";
import { anyFacetValue, datasetRemedy, facetsAt, lists, placingFacets } from "./remedies/naming.ts";
import { originOf } from "./remedies/origin.ts";
import { unwantedDatasets } from "./remedies/unwanted-datasets.ts";
import { codeOf, facetCodes, posting, type TableIndex } from "./table-index.ts";

/** What a group's remedies are derived from. */
export interface Rejected {
  readonly index: TableIndex;
  readonly selector: Selector;
  readonly trail: readonly Rejection[];
  readonly requirement: Requirement;
}

/**
 * What a rejected group lacks first. Begins at what removed the last of it and follows each missing value
 * back to the earlier step that removed it, if one did; what was removed without being missed later needs no remedy.
 */
export function remediesOf(rejected: Rejected): readonly Remedy[] {
  const last = rejected.trail.at(-1);
  if (last === undefined) return [];
  const fatal = rejected.trail.filter(({ constraint }) => constraint === last.constraint);
  return distinctRemedies(
    bestOf(fatal, rejected.requirement).flatMap((rejection) => remediesFor(rejection, rejected)),
  );
}

/** Each remedy once. */
export function distinctRemedies(remedies: readonly Remedy[]): readonly Remedy[] {
  const texts = remedies.map((remedy) => JSON.stringify(remedy));
  return remedies.filter((_, at) => texts.indexOf(texts[at] as string) === at);
}

/**
 * Of several sub-groups that lack values it is enough to complete the one that lacks fewest; of those that data selected
 * by a filter can complete, which it cannot where all are parents.
 */
function bestOf(fatal: readonly Rejection[], { filters }: Requirement): readonly Rejection[] {
  const lacking = fatal.filter((rejection) => rejection.kind === "values-missing");
  if (lacking.length !== fatal.length || lacking.length < 2) return fatal;
  const selectable = lacking.filter(({ subgroup }) =>
    filters.some((filter) => subgroup.every(([facet, value]) => filter[facet]?.includes(value) ?? true)),
  );
  const open = selectable.length === 0 ? lacking : selectable;
  return [open.reduce((best, each) => (each.missing.length < best.missing.length ? each : best))];
}

type Of<K extends Rejection["kind"]> = Extract<Rejection, { readonly kind: K }>;

/** How each kind of rejection is remedied. */
const remediesByKind = {
  "values-missing": valuesRemedies,
  "parent-missing": parentRemedies,
  "facet-missing": ({ facet, datasets }) =>
    facet.split(", ").map((each) => ({ kind: "set-facet", facet: each, datasets })),
  ignored: ({ facets, datasets }, { requirement }) => [
    { kind: "do-not-ignore", origin: originOfIgnoring(requirement, facets), facets, datasets },
  ],
  "starts-late": (rejection, rejected) => [
    earlierRun(rejection, rejected) ?? {
      kind: "add-files",
      dataset: rejection.file.dataset,
      from: rejection.required,
      to: rejection.file.start,
    },
  ],
  "ends-early": ({ required, file }) => [
    { kind: "add-files", dataset: file.dataset, from: file.end, to: required },
  ],
  gap: gapRemedies,
  "calendars-differ": calendarRemedies,
  "no-overlap": ({ earliest, latest }) => [
    { kind: "add-files", dataset: earliest.dataset, from: earliest.end, to: latest.end },
  ],
  "other-member": () => [],
  custom: customRemedies,
} as const satisfies {
  readonly [K in Rejection["kind"]]: (rejection: Of<K>, rejected: Rejected) => readonly Remedy[];
};

function remediesFor(rejection: Rejection, rejected: Rejected): readonly Remedy[] {
  // The registry is complete by kind, which TypeScript cannot follow through an indexed union.
  const remedies = remediesByKind[rejection.kind] as (
    rejection: Rejection,
    rejected: Rejected,
  ) => readonly Remedy[];
  return remedies(rejection, rejected);
}

function originOfIgnoring({ constraints }: Requirement, facets: FacetFilter): "diagnostic" | "ignore-list" {
  const own = constraints.some(
    (each) => each.kind === "ignoreFacets" && JSON.stringify(each.facets) === JSON.stringify(facets),
  );
  return own ? "diagnostic" : "ignore-list";
}

function customRemedies(rejection: Of<"custom">, { index, requirement }: Rejected): readonly Remedy[] {
  const { constraint: name, reason, whole, datasets } = rejection;
  const constraint = requirement.constraints.find((each) => each.kind === "custom" && each.name === name);
  const rows = Int32Array.from(datasets.flatMap((id) => [...posting(index, "instance_id", id)]));
  const unwanted =
    whole && constraint?.kind === "custom" ? unwantedDatasets(index, rows, constraint) : undefined;
  const lost = whole ? reason : `it leaves out ${datasets.join(", ")}`;
  return [unwanted ?? { kind: "meet-constraint", constraint: name, reason: lost }];
}

function parentRemedies(
  { parent, named, datasets }: Of<"parent-missing">,
  { index, requirement, trail }: Rejected,
): readonly Remedy[] {
  const origin = requirement.constraints.find((each) => each.kind === "addParent");
  const denied = named.filter((facet) => parent[facet] === noParent);
  if (origin !== undefined && denied.length > 0)
    return denied.map((facet) => ({ kind: "set-facet", facet: origin.map[facet] ?? facet, datasets }));
  const child = rowOf(index, datasets[0]);
  const own = child === undefined ? {} : facetsAt(index, child, placingFacets(requirement));
  // What the child has under two names, such as its member and variant, the parent has so too.
  const twins = Object.keys(own).flatMap((facet) => {
    if (facet in parent || facet.startsWith("parent_")) return [];
    const twin = Object.keys(parent).find((each) => own[each]?.join() === own[facet]?.join());
    return [[facet, twin === undefined ? anyFacetValue : (parent[twin] ?? anyFacetValue)] as const];
  });
  const facets = lists({ ...parent, ...Object.fromEntries(twins) });
  const remedy = datasetRemedy(index.table.sourceType, facets, { role: "parent" });
  return [withCovering(remedy, { index, requirement, trail, origin })];
}

function valuesRemedies(rejection: Of<"values-missing">, rejected: Rejected): readonly Remedy[] {
  const { missing, match } = rejection;
  if (match === "any") return addedFor(missing, rejection, rejected);
  return missing.flatMap((value) => {
    const earlier = removedBefore(rejection, value, rejected);
    return earlier.length > 0
      ? earlier.flatMap((each) => remediesFor(each, rejected))
      : addedFor([value], rejection, rejected);
  });
}

/**
 * A dataset with one of these values, in the place of the others of its sub-group; where the filters exclude all of them,
 * other filters, too.
 */
function addedFor(
  values: readonly string[],
  rejection: Of<"values-missing">,
  { index, requirement, trail, selector }: Rejected,
): readonly Remedy[] {
  const { sourceType } = index.table;
  const { facet, subgroup, datasets } = rejection;
  const example = rowOf(index, datasets[0]);
  const place = (names: readonly string[]): FacetFilter =>
    example === undefined ? {} : facetsAt(index, example, names);
  const wanted = { [facet]: values };
  const origin = originOf(requirement, rejection, values);
  if (origin.kind === "supplement") {
    const { facets, matching, optional } = origin.constraint;
    const told = { ...facets, ...wanted, ...place(matching), ...lists(subgroup) };
    const remedy = datasetRemedy(sourceType, { ...told, ...wanted }, { anyValue: optional });
    return [withCovering(remedy, { index, requirement, trail, origin: origin.constraint })];
  }
  const { filter, excluding } = origin;
  const widening = Object.entries(excluding).map(
    ([name, allowed]): Remedy => ({ kind: "widen-filter", sourceType, facet: name, allowed }),
  );
  const told = { ...place(placingFacets(requirement)), ...filter, ...lists(selector), ...lists(subgroup) };
  const remedy = datasetRemedy(sourceType, { ...filter, ...wanted, ...told, ...wanted });
  return [...widening, withCovering(remedy, { index, requirement, trail, origin: undefined })];
}

/** The remedy with the times that it must cover, if any. */
function withCovering(
  remedy: Extract<Remedy, { readonly kind: "add-dataset" }>,
  {
    index,
    requirement,
    trail,
    origin,
  }: Pick<Rejected, "index" | "requirement" | "trail"> & { readonly origin: Constraint | undefined },
): Remedy {
  const names = placingFacets(requirement);
  const others = [...new Set(trail.flatMap(({ datasets }) => datasets))].flatMap((id) => {
    const row = rowOf(index, id);
    return row === undefined || timedFilesOf(index, [row]).length === 0 ? [] : [facetsAt(index, row, names)];
  });
  const covering = coveringOf(requirement, remedy.facets, { others, origin });
  return covering === undefined ? remedy : { ...remedy, covering };
}

function rowOf(index: TableIndex, id: string | undefined): number | undefined {
  return id === undefined ? undefined : posting(index, "instance_id", id)[0];
}

/**
 * Where a range begins late because a run that goes before is wholly absent: that run, as the supplement before the
 * constraint asks for it, such as the historical run of a scenario.
 */
function earlierRun(
  { required, file, subgroup, datasets }: Of<"starts-late">,
  { index, requirement }: Rejected,
): Remedy | undefined {
  const own = Object.fromEntries(subgroup);
  for (const constraint of requirement.constraints) {
    if (constraint.kind === "requireTimerange") return undefined;
    if (constraint.kind !== "addSupplementary") continue;
    const example = rowOf(index, file.dataset);
    const wanted = Object.entries(constraint.facets);
    const apart = wanted.some(([facet, values]) => own[facet] !== undefined && !values.includes(own[facet]));
    const there = datasets.some((id) => {
      const row = rowOf(index, id);
      const has = row === undefined ? {} : facetsAt(index, row, Object.keys(constraint.facets));
      return wanted.every(([facet, values]) => values.includes(has[facet]?.[0] ?? ""));
    });
    if (apart || there || example === undefined) continue;
    const facets = {
      ...facetsAt(index, example, constraint.matching),
      ...lists(subgroup),
      ...constraint.facets,
    };
    const calendar = file.calendar === undefined ? {} : { calendar: file.calendar };
    return {
      ...datasetRemedy(index.table.sourceType, facets),
      covering: { from: required, to: file.start, ...calendar },
    };
  }
  return undefined;
}

/** All gaps of the sub-group, not only the first. */
function gapRemedies({ datasets }: Of<"gap">, { index }: Rejected): readonly Remedy[] {
  const rows = datasets.flatMap((id) => [...posting(index, "instance_id", id)]);
  return timeGaps(index, timedDatasets(index, Int32Array.from(rows))).map((gap) => {
    const [after, before] = [namedFile(index, gap.after), namedFile(index, gap.before)];
    return { kind: "add-files", dataset: after.dataset, from: after.end, to: before.start };
  });
}

/** All files of the sub-group that are in another calendar than its first. */
function calendarRemedies(
  { files: [first], datasets }: Of<"calendars-differ">,
  { index }: Rejected,
): readonly Remedy[] {
  const rows = datasets.flatMap((id) => [...posting(index, "instance_id", id)]);
  const { paths } = index.table;
  const files = timedFilesOf(index, rows).filter((file) => {
    const calendar = calendarOf(index, file);
    return calendar !== undefined && calendar !== first.calendar;
  });
  return [
    {
      kind: "same-calendar",
      calendar: first.calendar ?? "",
      files: files.map((file) => paths[file] as string),
    },
  ];
}

/** Earlier rejections that removed a dataset which has the value and belongs to the same sub-group. */
function removedBefore(
  rejection: Of<"values-missing">,
  value: string,
  { index, trail }: Rejected,
): readonly Rejection[] {
  const tests = rejection.subgroup.map(([facet, text]) => ({
    codes: facetCodes(index, facet),
    code: codeOf(index.table.facets.get(facet), text),
  }));
  const ids = new Set(
    [...posting(index, rejection.facet, value)]
      .filter((dataset) => tests.every(({ codes, code }) => codes[dataset] === code))
      .map((dataset) => index.table.ids[dataset] as string),
  );
  return trail
    .slice(0, trail.indexOf(rejection))
    .filter(({ datasets }) => datasets.some((id) => ids.has(id)));
}
