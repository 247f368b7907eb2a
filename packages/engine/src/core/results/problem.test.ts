import assert from "node:assert/strict";
import { test } from "node:test";
import { describeProblem, describeWithin } from "./problem.ts";

test("a problem names its file once, and the place unless it is the whole document", () => {
  const broken = { file: "diagnostic.json", path: "$", message: "no JSON" };
  assert.equal(describeProblem(broken), "diagnostic.json: no JSON");
  assert.equal(`${broken.file}: ${describeWithin(broken)}`, "diagnostic.json: no JSON");
  const foreign = { file: "diagnostic.json", path: "$.RESULTS", message: "unknown", nearest: "metric" };
  assert.equal(describeProblem(foreign), 'diagnostic.json $.RESULTS: unknown; did you mean "metric"?');
  assert.equal(describeWithin(foreign), '$.RESULTS: unknown; did you mean "metric"?');
});
