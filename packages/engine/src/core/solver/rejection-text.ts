import type { NamedFile, Rejection } from "./rejection.ts";

type Of<K extends Rejection["kind"]> = Extract<Rejection, { readonly kind: K }>;

/** How each kind of rejection reads: a first line, then the files it speaks of. */
const texts = {
  "values-missing": ({ facet, missing, present, match, subgroup }) => {
    const where =
      subgroup.length === 0 ? "" : ` (${subgroup.map(([name, value]) => `${name}=${value}`).join(" ")})`;
    const lacks = `lacks ${match === "any" ? "any of " : ""}${missing.join(", ")}`;
    return [`${facet} ${lacks}; has ${present.length === 0 ? "none" : present.join(", ")}${where}`];
  },
  ignored: () => ["on the ignore list or ignored by the diagnostic"],
  "facet-missing": ({ facet }) => [`${facet} is not known`],
  "parent-missing": ({ parent, named }) => {
    const names = named.map((facet) => `${facet}=${parent[facet] ?? ""}`);
    return [`its parent (${names.join(" ")}) is not in the catalog`];
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

/** A rejection as lines: which step, why, the files it speaks of, the datasets it removed. */
export function rejectionText(rejection: Rejection): readonly string[] {
  // The registry is complete by kind, which TypeScript cannot follow through an indexed union.
  const [first = "", ...files] = (texts[rejection.kind] as (rejection: Rejection) => readonly string[])(
    rejection,
  );
  const { datasets } = rejection;
  const removed = datasets.length === 1 ? datasets[0] : `${datasets.length} datasets`;
  return [`${rejection.constraint} removed ${removed}: ${first}`, ...files.map((line) => `  ${line}`)];
}

function fileText({ path, start, end, calendar }: NamedFile): string {
  return `${path} (${start} to ${end}${calendar === undefined ? "" : `, ${calendar}`})`;
}
