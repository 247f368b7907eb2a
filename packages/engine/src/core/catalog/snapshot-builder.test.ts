import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Defect } from "../errors.ts";
import { compareCodeUnits } from "../identity/compare.ts";
import type { Dataset } from "./dataset.ts";
import { buildTable } from "./snapshot-builder.ts";
import { requireSourceType } from "./source-types.ts";

const declaration = { name: "cmip6", identityFacets: ["source_id", "variable_id"] };

function dataset(
  id: string,
  facets: Readonly<Record<string, string>>,
  paths: readonly string[] = [],
): Dataset {
  const files = paths.map((path) => ({ path, contentId: `s:1:${path.length}` }));
  return { sourceType: "cmip6", id, facets, finalised: true, files };
}

/** The values of a column, row by row. */
function valuesOf(table: ReturnType<typeof buildTable>, facet: string): readonly (string | undefined)[] {
  const column = table.facets.get(facet);
  assert.ok(column !== undefined);
  return Array.from(column.codes, (code) => column.values[code]);
}

test("datasets are in code-unit order of their ids, files by path, codes in order of values", () => {
  const table = buildTable(declaration, [
    dataset("b.v1", { source_id: "b", version: "v1" }, ["b/2.nc", "b/10.nc"]),
    dataset("B.v1", { source_id: "B", version: "v1", realm: "" }, ["B/1.nc"]),
    dataset("a.v2", { source_id: "a", version: "v2" }),
  ]);
  assert.deepEqual(table.ids, ["B.v1", "a.v2", "b.v1"]);
  assert.deepEqual(table.paths, ["B/1.nc", "b/10.nc", "b/2.nc"]);
  assert.deepEqual([...table.fileOffsets], [0, 1, 1, 3]);
  assert.deepEqual(table.facets.get("source_id"), { values: ["B", "a", "b"], codes: Int32Array.of(0, 1, 2) });
  assert.deepEqual(table.facets.get("realm"), { values: [""], codes: Int32Array.of(0, -1, -1) });
  assert.deepEqual(valuesOf(table, "instance_id"), table.ids);
  assert.deepEqual([...table.versionRank], [1, 2, 1]);
});

test("times are packed, calendars encoded, what a file lacks is missing", () => {
  const timed = dataset("a", { version: "v1" });
  const table = buildTable(declaration, [
    {
      ...timed,
      files: [
        {
          path: "1",
          contentId: "c1",
          start: "0001-02-30 12:00:00",
          end: "9999-12-31 23:59:59",
          calendar: "360_day",
        },
        { path: "2", contentId: "none" },
      ],
    },
  ]);
  assert.deepEqual([...table.start], [10230120000, Number.NaN]);
  assert.deepEqual([...table.end], [99991231235959, Number.NaN]);
  assert.deepEqual(table.calendar, { values: ["360_day"], codes: Int32Array.of(0, -1) });
  assert.deepEqual(table.contentIds, ["c1", "none"]);
});

test("the latest version of each identity is marked, ties all, unnumbered ones last", () => {
  const table = buildTable(declaration, [
    dataset("1", { source_id: "a", variable_id: "tas", version: "v9" }),
    dataset("2", { source_id: "a", variable_id: "tas", version: "v10" }),
    dataset("3", { source_id: "a", variable_id: "pr", version: "v2" }),
    dataset("4", { source_id: "b", variable_id: "tas", version: "latest" }),
    dataset("5", { source_id: "b", variable_id: "tas", version: "v0" }),
    dataset("6", { source_id: "a", variable_id: "tas", version: "v010" }),
    dataset("7", { source_id: "a" }),
  ]);
  assert.deepEqual([...table.latest], [0, 1, 1, 0, 1, 1, 1]);
});

test("declared facets have a column even where no dataset has a value, and so has version", () => {
  const table = buildTable({ ...declaration, facets: [{ name: "realm" }] }, [dataset("1", {})]);
  assert.deepEqual([...table.facets.keys()], ["instance_id", "realm", "version"]);
  assert.deepEqual(table.facets.get("realm"), { values: [], codes: Int32Array.of(-1) });
  assert.equal(buildTable(declaration, []).ids.length, 0);
});

test("two datasets of one id are a defect", () => {
  assert.throws(() => buildTable(declaration, [dataset("1", {}), dataset("1", {})]), Defect);
});

const datasets = fc.uniqueArray(
  fc.record({
    id: fc.string({ minLength: 1, maxLength: 4 }),
    facets: fc.dictionary(
      fc.constantFrom("source_id", "variable_id", "version", "realm"),
      fc.constantFrom("v1", "v2", "é", "", "Z"),
    ),
    paths: fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 4 }),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);

test("the order in which datasets and files arrive changes nothing", () => {
  fc.assert(
    fc.property(datasets, fc.infiniteStream(fc.nat()), (drawn, order) => {
      const given = drawn.map(({ id, facets, paths }) => dataset(id, facets, paths));
      const shuffled = shuffle(given, order).map((one) => ({
        ...one,
        facets: Object.fromEntries(shuffle(Object.entries(one.facets), order)),
        files: shuffle(one.files, order),
      }));
      const [table, other] = [buildTable(declaration, given), buildTable(declaration, shuffled)];
      assert.deepStrictEqual(other, table);
      assert.deepStrictEqual([...other.facets.keys()], [...table.facets.keys()]);
      assert.deepEqual(table.ids, table.ids.toSorted(compareCodeUnits));
    }),
    { numRuns: 300 },
  );
});

function shuffle<T>(items: readonly T[], order: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, place: Number(order.next().value) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

test("an unknown source type is an error that names the nearest", () => {
  assert.equal(requireSourceType("cmip6").name, "cmip6");
  assert.throws(
    () => requireSourceType("cmpi6"),
    (error: unknown) =>
      error instanceof Error &&
      "code" in error &&
      error.code === "UNKNOWN_NAME" &&
      "hint" in error &&
      error.hint === "did you mean cmip6?",
  );
  assert.throws(() => requireSourceType("toString"), /no source type "toString"/);
});
