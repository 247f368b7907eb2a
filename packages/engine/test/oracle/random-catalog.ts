import fc from "fast-check";
import type { Row } from "./rows.ts";

/** Source types of random catalogs with the facets that identify a dataset. */
export const identity = {
  model: ["source_id", "experiment_id", "member_id", "variable_id", "grid_label", "frequency"],
  obs: ["source_id", "variable_id"],
  climatology: ["source_id", "variable_id"],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** Facets that requirements may name, with their few values: small alphabets make everything collide. */
export const alphabet = {
  source_id: ["A", "B"],
  experiment_id: ["control", "historical", "abrupt"],
  member_id: ["r1i1p1f1", "r2i1p1f1", "r10i1p1f1", "mean"],
  variable_id: ["tas", "pr", "area"],
  grid_label: ["gn", "gr"],
  frequency: ["mon", "yr"],
  parent_source_id: ["A", "B"],
  parent_experiment_id: ["control", "historical"],
  parent_variant_label: ["r1i1p1f1", "r2i1p1f1"],
  version: ["v1", "v2", "v10", "Ed5.1"],
} as const;

/** Name of a facet of random catalogs. */
export type RandomFacet = keyof typeof alphabet;

/** Days around both sides of the limit of 45, in calendars with and without 29 and 30 February. */
const starts = [
  "1999-12-16 12:00:00",
  "2000-01-16 12:00:00",
  "2000-02-14 23:59:59",
  "2000-02-15 00:00:00",
  "2000-02-15 00:00:01",
  "2000-03-17 00:00:00",
  "2000-03-18 00:00:00",
  "2000-03-19 00:00:00",
  "2001-01-16 12:00:00",
];
const ends = [
  "2000-01-01 00:00:00",
  "2000-02-01 00:00:00",
  "2000-12-16 12:00:00",
  "2001-12-16 12:00:00",
  "2002-06-16 12:00:00",
];
const calendars = ["noleap", "365_day", "standard", "gregorian", "360_day", undefined];

/** A value or, rarely, none. */
function maybe<T>(values: readonly T[], weight: number): fc.Arbitrary<T | undefined> {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...values), weight },
    { arbitrary: fc.constant(undefined), weight: 1 },
  );
}

const span = fc
  .tuple(fc.constantFrom(...starts), fc.constantFrom(...ends))
  .map(([start, end]) => (start <= end ? { start, end } : { start, end: start }));

const file = fc.record({
  times: fc.oneof({ arbitrary: span, weight: 6 }, { arbitrary: fc.constant(undefined), weight: 1 }),
  calendar: fc.oneof(
    { arbitrary: fc.constant("noleap"), weight: 6 },
    { arbitrary: fc.constantFrom(...calendars), weight: 2 },
  ),
});

const facets = fc.record({
  source_id: maybe(alphabet.source_id, 25),
  experiment_id: maybe(alphabet.experiment_id, 25),
  member_id: maybe(alphabet.member_id, 12),
  variable_id: maybe([...alphabet.variable_id, "area" as const], 25),
  grid_label: maybe(alphabet.grid_label, 12),
  frequency: fc.oneof(
    { arbitrary: fc.constant("mon" as const), weight: 10 },
    { arbitrary: maybe(alphabet.frequency, 2), weight: 1 },
  ),
  parent_source_id: maybe(alphabet.parent_source_id, 6),
  parent_experiment_id: maybe(alphabet.parent_experiment_id, 6),
  parent_variant_label: maybe(alphabet.parent_variant_label, 6),
  // Mostly one version, so that what comes after it has something to decide.
  version: fc.oneof(
    { arbitrary: fc.constant("v1" as const), weight: 1 },
    { arbitrary: maybe(alphabet.version, 12), weight: 1 },
  ),
});

const dataset = fc.record({
  sourceType: fc.oneof(
    { arbitrary: fc.constant("model"), weight: 6 },
    { arbitrary: fc.constant("obs"), weight: 1 },
    { arbitrary: fc.constant("climatology"), weight: 1 },
  ),
  // Decides the catalog order, which facets alone would make that of their values.
  prefix: fc.constantFrom("x", "y", "z"),
  facets,
  files: fc.array(file, { minLength: 1, maxLength: 3 }),
});

type RandomDataset = typeof dataset extends fc.Arbitrary<infer T> ? T : never;

/** The rows of up to 14 datasets; the facet `variant_label` is the member's. */
export const catalogRows: fc.Arbitrary<readonly Row[]> = fc
  .array(dataset, { minLength: 1, maxLength: 14 })
  .map((datasets) => [...new Map(datasets.map((each) => [idOf(each), each])).values()].flatMap(rowsOf));

function idOf({ sourceType, prefix, facets: named }: RandomDataset): string {
  return [sourceType, prefix, ...Object.values(named).map((value) => value ?? "none")].join(".");
}

function rowsOf(random: RandomDataset): readonly Row[] {
  const id = idOf(random);
  const named = { ...random.facets, variant_label: random.facets.member_id, instance_id: id };
  const known = Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  return random.files.map(({ times, calendar }, at) => ({
    sourceType: random.sourceType,
    id,
    facets: known,
    path: `${id}/${at}.nc`,
    ...times,
    calendar: times === undefined ? undefined : calendar,
  }));
}
