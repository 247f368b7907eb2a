import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readSeriesFile, seriesDocument } from "./series-file.ts";
import type { Series } from "./value.ts";

const good = { dimensions: { metric: "x" }, values: [1, null], index: [1850, 1851], index_name: "year" };

function paths(document: unknown): readonly string[] {
  return readSeriesFile(document).problems.map(({ path }) => path);
}

test("what other writers leave among the attributes is lifted", () => {
  const { value } = readSeriesFile([
    {
      ...good,
      dimensions: { metric: "x", kind: "reference" },
      attributes: { value_units: "K", calendar: "noleap", caption: "c", index_name: "time" },
      calendar: "standard",
    },
  ]);
  assert.deepEqual(value?.[0], {
    path: "$[0]",
    value: {
      dimensions: { metric: "x" },
      kind: "reference",
      values: [1, null],
      index: [1850, 1851],
      indexName: "year",
      calendar: "standard",
      valueUnits: "K",
      attributes: { calendar: "noleap", caption: "c", index_name: "time" },
    },
  });
});

test("each defect is reported at its place, all at once", () => {
  assert.deepEqual(paths({}), ["$"]);
  assert.deepEqual(
    paths([
      { ...good, values: [1] },
      { ...good, values: ["1", 2] },
      { ...good, index: [1, 1] },
      { ...good, index: ["1850-01-01", 2] },
      { ...good, index: ["1850-01-01", "soon"] },
      { ...good, index: [1, Number.POSITIVE_INFINITY] },
      { ...good, kind: "observed" },
      { ...good, dimensions: { metric: true } },
      7,
    ]),
    [
      "$[0].index",
      "$[1].values[0]",
      "$[2].index[1]",
      "$[3].index[1]",
      "$[4].index[1]",
      "$[5].index[1]",
      "$[6].kind",
      "$[7].dimensions.metric",
      "$[8]",
    ],
  );
});

test("dates of many precisions are an index", () => {
  for (const date of [
    "1850",
    "1850-01",
    "1850-01-16",
    "1850-01-16T12:00:00",
    "1850-02-30 00:00:00.5Z",
    "-0044-03",
  ])
    assert.deepEqual(paths([{ ...good, index: [date, "0001"] }]), [], date);
});

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const series = fc.uniqueArray(finite, { maxLength: 20 }).chain((index) =>
  fc.record({
    dimensions: fc.record({ metric: fc.string() }, { noNullPrototype: true }),
    kind: fc.constantFrom("model" as const, "reference" as const),
    values: fc.array(fc.option(finite), { minLength: index.length, maxLength: index.length }),
    index: fc.constant(index),
    indexName: fc.string(),
    attributes: fc.record({ caption: fc.string() }, { noNullPrototype: true }),
  }),
);
const optional = fc.record(
  {
    valueUnits: fc.string(),
    valueLongName: fc.string(),
    indexUnits: fc.string(),
    calendar: fc.string(),
    referenceId: fc.string(),
  },
  { requiredKeys: [] },
);

test("series survive a file exactly", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(series, optional), { maxLength: 4 }), (given) => {
      const all: readonly Series[] = given.map(([each, more]) => ({ ...each, ...more }));
      const { value, problems } = readSeriesFile(JSON.parse(JSON.stringify(seriesDocument(all))));
      assert.deepEqual(problems, []);
      assert.deepEqual(
        value?.map((each) => each.value),
        all,
      );
    }),
  );
});
