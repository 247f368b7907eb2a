import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatRid, type Rid } from "../identity/rid.ts";
import type { FeatureValue } from "./feature.ts";
import { type FeatureSelector, selectFeatureValue } from "./feature-selector.ts";

const target = "7" as Rid;

function valuesOf(grades: readonly (string | null)[]): readonly FeatureValue[] {
  return grades.map((grade, at) => ({
    feature: "file/quality",
    target,
    execution: formatRid(at + 1),
    workflow: formatRid(1000 + (at % 2)),
    at: `2024-01-01T00:00:${String(at).padStart(2, "0")}.000Z`,
    values: { grade, note: at },
  }));
}

const grades = fc.array(fc.option(fc.constantFrom("good", "poor", "bad")), { maxLength: 9 });

describe("selecting one of several values", () => {
  const taken = (values: readonly FeatureValue[], selector: FeatureSelector) =>
    selectFeatureValue(values, selector)?.values["note"];

  test("newest, first, by execution, by workflow", () => {
    const values = valuesOf(["good", "poor", "good", "bad", null]);
    assert.equal(taken(values, { by: "newest" }), 4);
    assert.equal(taken(values, { by: "first" }), 0);
    assert.equal(taken(values, { by: "execution", execution: formatRid(3) }), 2);
    assert.equal(taken(values, { by: "execution", execution: formatRid(99) }), undefined);
    assert.equal(taken(values, { by: "workflow", workflow: formatRid(1001) }), 3);
    assert.equal(taken([], { by: "newest" }), undefined);
  });

  test("a majority: ties go to what was given last, null is no vote unless there is nothing else", () => {
    const by = { by: "majority", column: "grade" } as const;
    assert.equal(taken(valuesOf(["good", "poor", "good", "bad"]), by), 2);
    assert.equal(taken(valuesOf(["good", "poor"]), by), 1);
    assert.equal(taken(valuesOf(["good", null, null]), by), 0);
    assert.equal(taken(valuesOf([null, null]), by), 1);
  });

  test("a majority never has fewer votes than another value has", () => {
    fc.assert(
      fc.property(grades, (given) => {
        const chosen = selectFeatureValue(valuesOf(given), { by: "majority", column: "grade" });
        const votes = (grade: unknown) => given.filter((each) => each === grade).length;
        const cast = given.filter((grade) => grade !== null);
        if (cast.length === 0) return assert.equal(chosen?.values["grade"] ?? null, null);
        for (const grade of cast) assert.ok(votes(chosen?.values["grade"]) >= votes(grade));
      }),
    );
  });

  test("whatever is selected is one of the values; one value is its own newest, first and majority", () => {
    const selectors: readonly FeatureSelector[] = [
      { by: "newest" },
      { by: "first" },
      { by: "majority" },
      { by: "majority", column: "grade" },
    ];
    fc.assert(
      fc.property(grades, fc.constantFrom(...selectors), (given, selector) => {
        const values = valuesOf(given);
        const chosen = selectFeatureValue(values, selector);
        assert.equal(chosen === undefined, values.length === 0);
        if (chosen !== undefined) assert.ok(values.includes(chosen));
      }),
    );
  });
});
