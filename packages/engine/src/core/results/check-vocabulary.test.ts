import assert from "node:assert/strict";
import { test } from "node:test";
import { checkVocabulary } from "./check-vocabulary.ts";
import { defaultVocabulary } from "./default-vocabulary.ts";
import { describeProblem } from "./problem.ts";

function scalars(...dimensions: readonly Readonly<Record<string, string>>[]) {
  const located = dimensions.map((each, index) => ({
    value: { dimensions: each },
    path: `$.RESULTS.v${index}`,
  }));
  return { scalars: located, series: [] };
}

test("the default vocabulary has nineteen dimensions and lets ordinary values pass", () => {
  assert.equal(defaultVocabulary.dimensions.length, 19);
  const allowed = scalars({ metric: "ecs", region: "Narnia", mode: "NAO" }, { statistic: "anything" }, {});
  assert.deepEqual(checkVocabulary(defaultVocabulary, allowed), []);
});

test("an unknown dimension and a value outside a closed list are named with the nearest allowed one", () => {
  const problems = checkVocabulary(
    defaultVocabulary,
    scalars({ metrc: "ecs" }, { mode: "NAM2" }, { metrc: "tcr" }, { flavour: "sweet" }),
  );
  assert.deepEqual(problems.map(describeProblem), [
    'diagnostic.json $.RESULTS.v0: the dimension "metrc" is not in the vocabulary (2 values); did you mean "metric"?',
    'diagnostic.json $.RESULTS.v1: "NAM2" is not a value of mode in the vocabulary; did you mean "NAM"?',
    'diagnostic.json $.RESULTS.v3: the dimension "flavour" is not in the vocabulary',
  ]);
});

test("a required dimension that is missing is an error, in series too", () => {
  const vocabulary = {
    dimensions: defaultVocabulary.dimensions.map((each) => ({
      ...each,
      required: each.name === "metric" || each.name === "kind",
    })),
  };
  const problems = checkVocabulary(vocabulary, {
    scalars: [],
    series: [{ value: { dimensions: { region: "global" } }, path: "$[0]" }],
  });
  assert.deepEqual(problems.map(describeProblem), [
    'series.json $[0]: the required dimension "metric" is missing',
  ]);
});
