import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Dataset } from "./dataset.ts";
import { patchSnapshot } from "./patch-snapshot.ts";
import type { Snapshot } from "./snapshot.ts";
import { buildTable } from "./snapshot-builder.ts";

const declaration = {
  identityFacets: ["source_id", "variable_id"],
  facets: [{ name: "source_id" }, { name: "grid_label" }],
};
const declarationOf = (name: string) => ({ name, ...declaration });

const datasetArbitrary: fc.Arbitrary<Dataset> = fc
  .record({
    sourceType: fc.constantFrom("a", "b"),
    source: fc.constantFrom("M1", "M2", "é", "\u{1f30d}"),
    variable: fc.constantFrom("tas", "pr"),
    version: fc.constantFrom("v1", "v2", "latest"),
    other: fc.option(fc.constantFrom("x", "y"), { nil: undefined }),
    finalised: fc.boolean(),
    files: fc.uniqueArray(fc.constantFrom("f1", "f2", "f3"), { maxLength: 3 }),
    year: fc.constantFrom("1850", "1900"),
    calendar: fc.option(fc.constantFrom("noleap", "360_day"), { nil: undefined }),
  })
  .map(({ sourceType, source, variable, version, other, finalised, files, year, calendar }) => ({
    sourceType,
    id: `${source}.${variable}.${version}`,
    facets: { source_id: source, variable_id: variable, version, ...(other === undefined ? {} : { other }) },
    finalised,
    files: files.map((path) => ({
      path: `${source}/${variable}/${version}/${path}`,
      start: `${year}-01-16 00:00:00`,
      contentId: `${year}-${path}`,
      ...(calendar === undefined ? {} : { calendar }),
    })),
  }));

const catalog = fc.uniqueArray(datasetArbitrary, { selector: nameOf, maxLength: 14 });

function nameOf({ sourceType, id }: Pick<Dataset, "sourceType" | "id">): string {
  return `${sourceType} ${id}`;
}

function tablesOf(datasets: readonly Dataset[]): Snapshot["tables"] {
  const byType = Map.groupBy(datasets, ({ sourceType }) => sourceType);
  const names = [...byType.keys()].sort();
  return new Map(names.map((name) => [name, buildTable(declarationOf(name), byType.get(name) ?? [])]));
}

test("a patched snapshot is the one built anew", () => {
  fc.assert(
    fc.property(catalog, catalog, fc.array(fc.boolean()), (before, changed, removed) => {
      const now = new Map(before.map((dataset) => [nameOf(dataset), dataset]));
      const changes = changed.map((dataset, at) => {
        const { sourceType, id } = dataset;
        return removed[at] === true ? { sourceType, id } : { sourceType, id, now: dataset };
      });
      for (const change of changes)
        if (change.now === undefined) now.delete(nameOf(change));
        else now.set(nameOf(change), change.now);
      const patched = patchSnapshot({ revision: 1, tables: tablesOf(before) }, changes, declarationOf);
      assert.deepEqual([...patched], [...tablesOf([...now.values()])]);
    }),
    { numRuns: 500 },
  );
});

test("tables without change are shared", () => {
  const dataset = (sourceType: string): Dataset => ({
    sourceType,
    id: "i",
    facets: {},
    finalised: true,
    files: [],
  });
  const tables = tablesOf([dataset("a"), dataset("b")]);
  const patched = patchSnapshot({ revision: 1, tables }, [{ sourceType: "a", id: "i" }], declarationOf);
  assert.equal(patched.get("a"), undefined);
  assert.equal(patched.get("b"), tables.get("b"));
});
