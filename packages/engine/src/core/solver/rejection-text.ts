import type { Selector } from "../execution/definition.ts";
import { filterText } from "./constraint-text.ts";
import { type NamedFile, noParent, type Rejection } from "./rejection.ts";

type Of<K extends Rejection["kind"]> = Extract<Rejection, { readonly kind: K }>;

/** How each kind of rejection reads: a first line, then the files it speaks of. */
const texts = {
  "values-missing": ({ facet, missing, present, match }) => {
    const lacks = `${match === "any" ? "none of " : "no "}${facet} ${missing.join(", ")}`;
    return [`${lacks}; there is ${present.length === 0 ? "none" : present.join(", ")}`];
  },
  ignored: ({ facets }) => [`ignored: ${filterText(facets)}`],
  "facet-missing": ({ facet }) => [`${facet} is not known`],
  "parent-missing": ({ parent, named }) => {
    const names = named.map((facet) => `${facet}=${parent[facet] ?? ""}`);
    const denied = named.filter((facet) => parent[facet] === noParent);
    if (denied.length > 0) return [`the files name no parent ("${noParent}" as its ${denied.join(", ")})`];
    return [`the parent (${names.join(" ")}) is not in the catalog`];
  },
  "starts-late": ({ required, file }) => [`starts at ${file.start}, after ${required}`, fileText(file)],
  "ends-early": ({ required, file }) => [`ends at ${file.end}, before ${required}`, fileText(file)],
  gap: ({ after, before, days, limitDays }) => [
    `gap of ${Math.round(days)} days (at most ${limitDays}) between`,
    fileText(after),
    fileText(before),
  ],
  "calendars-differ": ({ files }) => ["two calendars", ...files.map(fileText)],
  "no-overlap": ({ earliest, latest }) => [
    "no time in common; the one that ends first and the one that starts last:",
    fileText(earliest),
    fileText(latest),
  ],
  "other-member": ({ facet, kept }) => [`another ${facet} comes first: ${kept}`],
  custom: ({ reason }) => [reason],
} as const satisfies { readonly [K in Rejection["kind"]]: (rejection: Of<K>) => readonly string[] };

/** Kinds whose text does not tell which datasets are meant. */
const namesDatasets = new Set<Rejection["kind"]>([
  "ignored",
  "facet-missing",
  "parent-missing",
  "other-member",
  "custom",
]);

/** So many of the files or datasets that one line speaks of are named. */
const shownNames = 6;

/**
 * What was removed from a group as lines: which step, why, the files it speaks of, the datasets. What happened to several
 * datasets alike is told once.
 * @param selector the group's, which is not repeated
 */
export function trailLines(trail: readonly Rejection[], selector: Selector): readonly string[] {
  const told = trail.map((rejection) => ({ rejection, lines: linesOf(rejection, selector) }));
  const alike = Map.groupBy(told, ({ rejection, lines }) => `${rejection.constraint} ${lines[0] ?? ""}`);
  return [...alike.values()].flatMap((same) => {
    const { rejection, lines } = same[0] as (typeof told)[number];
    const ids = [...new Set(same.flatMap((each) => each.rejection.datasets))];
    const removed = ids.length === 1 ? (ids[0] ?? "") : `${ids.length} datasets`;
    const named = namesDatasets.has(rejection.kind) && ids.length > 1 ? ids : [];
    const files = same.flatMap((each) => each.lines.slice(1));
    const below = shortened([...files, ...named]).map((line) => `  ${line}`);
    return [`${rejection.constraint} removed ${removed}: ${lines[0] ?? ""}`, ...below];
  });
}

function linesOf(rejection: Rejection, selector: Selector): readonly string[] {
  // The registry is complete by kind, which TypeScript cannot follow through an indexed union.
  const [first = "", ...files] = (texts[rejection.kind] as (rejection: Rejection) => readonly string[])(
    rejection,
  );
  const known = new Map(selector);
  const within = "subgroup" in rejection ? rejection.subgroup : [];
  const own = within.filter(([facet, value]) => facet !== "instance_id" && known.get(facet) !== value);
  const where = own.length === 0 ? "" : ` (${own.map(([facet, value]) => `${facet}=${value}`).join(" ")})`;
  return [first + where, ...files];
}

function shortened(names: readonly string[]): readonly string[] {
  const more = names.length - shownNames;
  return more <= 0 ? names : [...names.slice(0, shownNames), `and ${more} more`];
}

function fileText({ path, start, end, calendar }: NamedFile): string {
  return `${path} (${start} to ${end}${calendar === undefined ? "" : `, ${calendar}`})`;
}
