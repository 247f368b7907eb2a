import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../../test/fixtures/small-catalog.ts";
import type { SourceTable } from "../../catalog/snapshot.ts";
import type { Constraint } from "../../diagnostic/constraint.ts";
import { addParent } from "../../diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../../diagnostic/constraints/add-supplementary.ts";
import { customConstraint } from "../../diagnostic/constraints/custom.ts";
import { ignoreFacets } from "../../diagnostic/constraints/ignore-facets.ts";
import { requireContiguousTimerange } from "../../diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../../diagnostic/constraints/require-facets.ts";
import { requireOverlappingTimerange } from "../../diagnostic/constraints/require-overlapping-timerange.ts";
import { requireTimerange } from "../../diagnostic/constraints/require-timerange.ts";
import { selectFirstMember } from "../../diagnostic/constraints/select-first-member.ts";
import type { Rejection } from "../rejection.ts";
import { indexTable } from "../table-index.ts";
import { applyConstraint } from "./apply.ts";
import { compareMembers } from "./select-first-member.ts";

/** Applies a constraint to a group; the catalog is the group and `others`. */
function apply(
  constraint: Constraint,
  group: readonly SmallDataset[],
  others: readonly SmallDataset[] = [],
): { readonly kept: readonly string[]; readonly noted: readonly Rejection[] } {
  const table = snapshotOf([...group, ...others].map(dataset)).tables.get("cmip6") as SourceTable;
  const index = indexTable(table);
  const rows = Int32Array.from(group.map((small) => table.ids.indexOf(idOf(small)))).sort();
  const noted: Rejection[] = [];
  const kept = applyConstraint(rows, constraint, { index, note: (rejection) => noted.push(rejection) });
  const silent = applyConstraint(rows, constraint, { index: indexTable(table) });
  assert.deepEqual(kept, silent, "notes change nothing");
  return { kept: [...kept].map((at) => table.ids[at] as string), noted };
}

const ids = (...smalls: readonly SmallDataset[]): readonly string[] => smalls.map(idOf).sort();

describe("requireFacets", () => {
  const tas = { variable: "tas" };
  const pr = { variable: "pr" };

  test("all values must occur", () => {
    const constraint = requireFacets({ facet: "variable_id", values: ["tas", "pr"] });
    assert.deepEqual(apply(constraint, [tas, pr]).kept, ids(tas, pr));
    const { kept, noted } = apply(constraint, [tas]);
    assert.deepEqual(kept, []);
    assert.partialDeepStrictEqual(noted, [{ kind: "values-missing", missing: ["pr"], present: ["tas"] }]);
  });

  test("any value suffices", () => {
    const constraint = requireFacets({ facet: "variable_id", values: ["pr", "ts"], match: "any" });
    assert.deepEqual(apply(constraint, [tas, pr]).kept, ids(tas, pr));
    assert.deepEqual(apply(constraint, [tas]).kept, []);
  });

  test("each sub-group counts for itself; datasets with a missing key stay", () => {
    const keyless = { source: "M3", facets: { source_id: undefined } };
    const incomplete = { source: "M2" };
    const constraint = requireFacets({
      facet: "variable_id",
      values: ["tas", "pr"],
      groupBy: ["source_id"],
    });
    assert.deepEqual(apply(constraint, [tas, pr, incomplete, keyless]).kept, ids(tas, pr, keyless));
  });
});

describe("ignoreFacets", () => {
  test("removes what matches all facets", () => {
    const bad = { source: "M2", variable: "pr" };
    const good = { source: "M2" };
    const constraint = ignoreFacets({ source_id: "M2", variable_id: ["pr", "ts"] });
    assert.deepEqual(apply(constraint, [bad, good]).kept, ids(good));
  });
});

describe("addSupplementary", () => {
  const cells = { table: "fx", variable: "areacella", files: [null] };
  const constraint = addSupplementary({ variable_id: "areacella" });

  test("adds the candidate that agrees on most optional facets", () => {
    const same = { ...cells, member: "r1i1p1f1" };
    const other = { ...cells, member: "r0i0p0f0" };
    assert.deepEqual(apply(constraint, [{}], [same, other]).kept, ids({}, same));
  });

  test("among equal scores the latest version wins, then catalog order", () => {
    const first = { ...cells, experiment: "a", member: "x", version: "v2" };
    const second = { ...first, experiment: "b" };
    assert.deepEqual(apply(constraint, [{}], [second, first]).kept, ids({}, first));
    const newer = { ...second, version: "v10" };
    assert.deepEqual(apply(constraint, [{}], [newer, first]).kept, ids({}, newer));
  });

  test("never crosses a matching facet, never rejects", () => {
    assert.deepEqual(apply(constraint, [{}], [{ ...cells, grid: "gr" }]).kept, ids({}));
  });

  test("of the chosen combination the datasets of the latest version are added", () => {
    const areas = addSupplementary({ variable_id: "areacella" }, { optional: ["experiment_id"] });
    const older = { ...cells, version: "v1" };
    const newer = { ...cells, table: "Ofx", version: "v2" };
    assert.deepEqual(apply(areas, [{}], [older, newer]).kept, ids({}, newer));
  });

  test("a best candidate that lacks a facet is none", () => {
    const areas = addSupplementary({ variable_id: "areacella" }, { optional: ["experiment_id"] });
    const lacking = { ...cells, facets: { experiment_id: undefined } };
    assert.deepEqual(apply(areas, [{}], [lacking]).kept, ids({}));
  });

  test("adds all datasets of the chosen combination", () => {
    const historical = addSupplementary(
      { experiment_id: "historical" },
      { matching: ["source_id"], optional: [] },
    );
    const child = { experiment: "ssp585" };
    const both = [{ variable: "tas" }, { variable: "pr" }];
    assert.deepEqual(apply(historical, [child], both).kept, ids(child, ...both));
  });
});

describe("addParent", () => {
  const names = {
    parent_source_id: "M1",
    parent_experiment_id: "piControl",
    parent_variant_label: "r1i1p1f1",
  };
  const child = { experiment: "abrupt-4xCO2", facets: names };
  const parent = { experiment: "piControl" };

  test("adds the parent in its latest version", () => {
    const newer = { ...parent, version: "v20" };
    assert.deepEqual(
      apply(addParent(), [child], [{ ...parent, version: "v3" }, newer]).kept,
      ids(child, newer),
    );
  });

  test("a child without parent, or without the facets that name it, is dropped", () => {
    const orphan = { ...child, variable: "pr" };
    const nameless = { experiment: "abrupt-4xCO2", variable: "ts" };
    const { kept, noted } = apply(addParent(), [child, orphan, nameless], [parent]);
    assert.deepEqual(kept, ids(child, parent));
    assert.partialDeepStrictEqual(noted, [
      { kind: "parent-missing", parent: { experiment_id: "piControl", variable_id: "pr" } },
      { kind: "facet-missing", facet: "parent_source_id" },
    ]);
  });
});

describe("requireTimerange", () => {
  const constraint = requireTimerange({ start: { year: 1850, month: 1 }, end: { year: 2014, month: 12 } });

  test("covers to the month, whatever the day", () => {
    assert.deepEqual(apply(constraint, [{}]).kept, ids({}));
  });

  test("one month late or early is not covered", () => {
    const late = { files: [["1850-02-01 00:00:00", "2014-12-16 00:00:00"] as const] };
    const early = { variable: "pr", files: [["1850-01-16 00:00:00", "2014-11-30 00:00:00"] as const] };
    const { kept, noted } = apply(constraint, [late, early]);
    assert.deepEqual(kept, []);
    assert.partialDeepStrictEqual(noted, [
      { kind: "ends-early", required: "2014-12" },
      { kind: "starts-late", required: "1850-01" },
    ]);
  });

  test("datasets without times stay", () => {
    const cells = { table: "fx", variable: "areacella", files: [null] };
    assert.deepEqual(apply(constraint, [cells]).kept, ids(cells));
  });

  test("a gap inside the range counts", () => {
    const files = [
      ["1850-01-16 00:00:00", "1899-12-16 00:00:00"],
      ["1901-01-16 00:00:00", "2014-12-16 00:00:00"],
    ] as const;
    assert.deepEqual(
      apply(constraint, [{ files }]).noted.map(({ kind }) => kind),
      ["gap"],
    );
  });
});

describe("requireContiguousTimerange", () => {
  const constraint = requireContiguousTimerange();
  const kept = (start: string, end: string, calendar = "noleap"): boolean =>
    apply(constraint, [
      {
        calendar,
        files: [
          ["1999-01-01 00:00:00", start],
          [end, "2005-01-01 00:00:00"],
        ],
      },
    ]).kept.length === 1;

  test("exactly 45 days are no gap, a second more is one", () => {
    assert.equal(kept("2000-01-01 00:00:00", "2000-02-15 00:00:00"), true);
    assert.equal(kept("2000-01-01 00:00:00", "2000-02-15 00:00:01"), false);
  });

  test("days are those of the file's calendar", () => {
    assert.equal(kept("2000-02-01 00:00:00", "2000-03-18 00:00:00", "noleap"), true);
    assert.equal(kept("2000-02-01 00:00:00", "2000-03-18 00:00:00", "standard"), false);
    assert.equal(kept("2000-02-01 00:00:00", "2000-03-18 00:00:00", "360_day"), false);
  });

  test("a short file inside a long one is no gap", () => {
    const files = [
      ["1850-01-16 00:00:00", "2000-12-16 00:00:00"],
      ["1860-01-16 00:00:00", "1870-12-16 00:00:00"],
      ["2001-01-16 00:00:00", "2014-12-16 00:00:00"],
    ] as const;
    assert.equal(apply(constraint, [{ files }]).kept.length, 1);
  });

  test("names the files on both sides", () => {
    const files = [
      ["1850-01-16 00:00:00", "1899-12-16 00:00:00"],
      ["1901-01-16 00:00:00", "2014-12-16 00:00:00"],
    ] as const;
    const [gap] = apply(constraint, [{ files }]).noted;
    assert.partialDeepStrictEqual(gap, {
      kind: "gap",
      days: 396,
      after: { path: `data/${idOf({})}_0.nc` },
      before: { path: `data/${idOf({})}_1.nc` },
    });
  });

  test("yearly means have longer steps", () => {
    const files = [
      ["1850-07-01 00:00:00", "1899-07-01 00:00:00"],
      ["1900-07-01 00:00:00", "2014-07-01 00:00:00"],
    ] as const;
    assert.equal(apply(constraint, [{ files }]).kept.length, 0);
    assert.equal(apply(constraint, [{ files, facets: { frequency: "yr" } }]).kept.length, 1);
  });

  test("two spellings of one calendar are one by meaning, two by spelling", () => {
    const group = [
      { calendar: "noleap", variable: "pr" },
      { calendar: "365_day", variable: "tas" },
    ];
    const together = { groupBy: ["source_id"] };
    assert.equal(apply(requireContiguousTimerange(together), group).kept.length, 2);
    const spelling = apply(requireContiguousTimerange({ ...together, calendars: "by-spelling" }), group);
    assert.deepEqual(spelling.kept, []);
    assert.deepEqual(
      spelling.noted.map(({ kind }) => kind),
      ["calendars-differ"],
    );
  });
});

describe("requireOverlappingTimerange", () => {
  const constraint = requireOverlappingTimerange();
  const early = { variable: "pr", files: [["1850-01-01 00:00:00", "1900-01-01 00:00:00"] as const] };

  test("touching is not overlapping, and drops the whole group", () => {
    const after = { files: [["1900-01-01 00:00:00", "1950-01-01 00:00:00"] as const] };
    const { kept, noted } = apply(constraint, [early, after]);
    assert.deepEqual(kept, []);
    assert.partialDeepStrictEqual(noted, [{ kind: "no-overlap", earliest: { dataset: idOf(early) } }]);
    const overlapping = { files: [["1899-12-31 00:00:00", "1950-01-01 00:00:00"] as const] };
    assert.equal(apply(constraint, [early, overlapping]).kept.length, 2);
  });

  test("timed files that all miss a key are in no sub-group, and nothing overlaps", () => {
    const keyless = (variable: string): SmallDataset => ({ variable, facets: { source_id: undefined } });
    const { kept, noted } = apply(requireOverlappingTimerange({ groupBy: ["source_id"] }), [
      keyless("tas"),
      keyless("pr"),
    ]);
    assert.deepEqual(kept, []);
    assert.partialDeepStrictEqual(noted, [{ kind: "facet-missing", facet: "source_id" }]);
  });

  test("fewer than two timed files pass", () => {
    const single = { files: [["1900-01-01 00:00:00", "1900-01-01 00:00:00"] as const] };
    assert.equal(apply(constraint, [single]).kept.length, 1);
  });
});

describe("selectFirstMember", () => {
  test("keeps the smallest by number, other forms after all of these", () => {
    const first = { member: "r2i1p1f1" };
    const group = [{ member: "r10i1p1f1" }, first, { member: "mean" }];
    assert.deepEqual(apply(selectFirstMember(), group).kept, ids(first));
  });

  test("per sub-group; a missing key drops, all members missing keeps", () => {
    const keyless = { source: "M3", facets: { source_id: undefined } };
    const memberless = { source: "M2", facets: { member_id: undefined } };
    const { kept } = apply(selectFirstMember(), [{}, keyless, memberless]);
    assert.deepEqual(kept, ids({}, memberless));
  });

  test("orders names", () => {
    const names = ["x", "r1i1p1f10", "a", "r1i1p1f2", "r1i2p1f1"];
    assert.deepEqual(names.toSorted(compareMembers), ["r1i1p1f2", "r1i1p1f10", "r1i2p1f1", "a", "x"]);
  });
});

describe("custom constraints", () => {
  test("see the group and their footprint, and may add from it", () => {
    const constraint = customConstraint({
      name: "with-control",
      footprint: { experiment_id: "piControl" },
      apply: (group, catalog) => ({
        keep: [...group, ...catalog.filter(({ facets }) => facets["experiment_id"] === "piControl")].map(
          ({ id }) => id,
        ),
      }),
    });
    const control = { experiment: "piControl" };
    assert.deepEqual(apply(constraint, [{}], [control, { experiment: "amip" }]).kept, ids({}, control));
  });

  test("reject with a reason", () => {
    const constraint = customConstraint({ name: "never", apply: () => ({ reject: "no" }) });
    assert.partialDeepStrictEqual(apply(constraint, [{}]), {
      kept: [],
      noted: [{ constraint: "never", reason: "no" }],
    });
  });

  test("that throw or keep unknown ids are errors of the provider", () => {
    const throwing = customConstraint({
      name: "bad",
      apply: () => {
        throw new Error("boom");
      },
    });
    assert.throws(() => apply(throwing, [{}]), { code: "PROVIDER_INVALID", message: /"bad" threw: boom/ });
    const inventing = customConstraint({ name: "bad", apply: () => ({ keep: ["x"] }) });
    assert.throws(() => apply(inventing, [{}]), { code: "PROVIDER_INVALID", message: /keeps "x"/ });
  });
});
