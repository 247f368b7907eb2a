import fc from "fast-check";
import type { PlainConstraint } from "./constraints.ts";
import type { PlainRequirement } from "./oracle.ts";
import { alphabet, type RandomFacet } from "./random-catalog.ts";

const names = Object.keys(alphabet) as readonly RandomFacet[];
const facet = fc.constantFrom(...names);
const some = (max: number, min = 0): fc.Arbitrary<RandomFacet[]> =>
  fc.uniqueArray(fc.oneof(facet, fc.constantFrom("source_id", "variable_id", "experiment_id")), {
    minLength: min,
    maxLength: max,
  }) as fc.Arbitrary<RandomFacet[]>;

function valuesOf(name: RandomFacet, min = 1): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fc.constantFrom<string>(...alphabet[name]), { minLength: min, maxLength: 2 });
}

function filterOf(max: number, min = 0): fc.Arbitrary<Readonly<Record<string, string[]>>> {
  return some(max, min).chain((chosen) =>
    fc.record(Object.fromEntries(chosen.map((name) => [name, valuesOf(name)]))),
  );
}

const filter = fc.oneof(
  { arbitrary: filterOf(2, 1), weight: 12 },
  { arbitrary: fc.constant({}), weight: 1 },
  { arbitrary: fc.constant({ variable_id: [] }), weight: 1 },
);

const groupBy = fc.oneof(
  { arbitrary: fc.constant(["instance_id"]), weight: 3 },
  { arbitrary: some(2), weight: 3 },
);
const calendars = fc.oneof(
  fc.constant({}),
  fc.constantFrom({ calendars: "by-meaning" } as const, { calendars: "by-spelling" } as const),
);
const moment = fc.constantFrom(
  { year: 2000 },
  { year: 2000, month: 2 },
  { year: 2000, month: 12, day: 16 },
  { year: 2001 },
  { month: 3 },
  { year: 2000, day: 16 },
);

const constraint: fc.Arbitrary<PlainConstraint> = fc.oneof(
  {
    weight: 3,
    arbitrary: facet.chain((name) =>
      fc.record({
        kind: fc.constant("requireFacets" as const),
        facet: fc.constant(name),
        values: valuesOf(name),
        match: fc.constantFrom("all" as const, "any" as const),
        groupBy: some(2),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("ignoreFacets" as const), facets: filterOf(2, 1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("addSupplementary" as const),
      facets: fc.oneof(fc.constant({ variable_id: ["area"] }), filterOf(1, 1)),
      matching: fc.oneof(fc.constant(["source_id", "grid_label"]), some(2)),
      optional: fc.oneof(
        some(3),
        fc.constantFrom<RandomFacet[]>(["experiment_id", "member_id"], ["member_id"]),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("addParent" as const),
      map: fc.oneof(
        fc.constant({ experiment_id: "parent_experiment_id", variant_label: "parent_variant_label" }),
        fc.constant({
          source_id: "parent_source_id",
          experiment_id: "parent_experiment_id",
          variant_label: "parent_variant_label",
          variable_id: "variable_id",
        }),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(groupBy, calendars, fc.option(moment), fc.option(moment))
      .map(([by, spelling, start, end]) => ({
        kind: "requireTimerange" as const,
        groupBy: by,
        ...spelling,
        ...(start === null ? {} : { start }),
        ...(end === null ? {} : { end }),
      })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(groupBy, calendars)
      .map(([by, spelling]) => ({ kind: "requireContiguousTimerange" as const, groupBy: by, ...spelling })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("requireOverlappingTimerange" as const), groupBy }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("selectFirstMember" as const),
      facet: fc.constant("member_id"),
      groupBy: some(2),
    }),
  },
);

const constraints = fc.array(constraint, { maxLength: 3 });
const keys = fc.oneof(some(3), fc.constantFrom(["source_id"], ["source_id", "variable_id"]));

const model: fc.Arbitrary<PlainRequirement> = fc.record({
  sourceType: fc.constant("model"),
  filters: fc.array(filter, { maxLength: 2 }),
  groupBy: keys,
  constraints,
});

/** A second requirement: of the same type by name, of another, of several in order of preference; perhaps optional. */
const second = fc
  .record({
    name: fc.constant("second"),
    sourceType: fc.constantFrom<string | string[]>("model", "obs", ["obs", "climatology"], ["absent", "obs"]),
    filters: fc.array(filter, { maxLength: 1 }),
    groupBy: fc.constantFrom<string[]>([], ["variable_id"], ["source_id", "variable_id"]),
    constraints: fc.array(constraint, { maxLength: 1 }),
    optional: fc.constantFrom(true, false, false),
    joined: fc.boolean(),
  })
  .map(({ joined, ...requirement }) => ({ joined, requirement }));

const set = fc.tuple(model, fc.option(second, { freq: 2 })).map(([first, more]) => {
  if (more === null) return [first];
  const shared = first.groupBy.filter((name) => more.requirement.groupBy.includes(name));
  const joins = more.joined && shared.length > 0 ? { sameFacets: { model: shared } } : {};
  return [first, { ...more.requirement, ...joins }];
});

/** Requirement sets of one diagnostic. */
export const requirementSets: fc.Arbitrary<readonly (readonly PlainRequirement[])[]> = fc.array(set, {
  minLength: 1,
  maxLength: 2,
});

/** What a diagnostic is told to ignore; mostly nothing. */
export const ignoredFacets = fc.oneof(
  { arbitrary: fc.constant({}), weight: 4 },
  { arbitrary: fc.record({ model: fc.array(filterOf(2, 1), { minLength: 1, maxLength: 2 }) }), weight: 1 },
);
