import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../errors.ts";
import { formatRid, type Rid } from "../identity/rid.ts";
import type { AllowedRecords } from "./allowed-records.ts";
import type { FeatureDefinition } from "./feature.ts";
import { stageFeatures } from "./stage-features.ts";

const required = { required: true } as const;
const optional = { required: false } as const;

const quality: FeatureDefinition = {
  target: { kind: "dataset", name: "cmip6" },
  name: "quality",
  description: "",
  columns: [
    { name: "grade", holds: "term", vocabulary: "Grade", ...required },
    { name: "score", holds: "value", type: "number", units: "K", ...optional },
    { name: "figure", holds: "asset", ...optional },
  ],
};
const mark: FeatureDefinition = {
  ...{ target: { kind: "asset", name: "file" }, name: "mark", description: "", columns: [] },
};
const age: FeatureDefinition = {
  ...{ target: { kind: "record", name: "Subject" }, name: "age", description: "" },
  columns: [{ name: "years", holds: "value", type: "number", ...required }],
};
const allowed: AllowedRecords = {
  features: [quality, mark, age],
  recordTypes: [],
  vocabularies: [
    {
      ...{ name: "Grade", description: "" },
      terms: [
        { name: "good", description: "", synonyms: ["fine", "OK"] },
        { name: "poor", description: "", synonyms: [] },
      ],
    },
  ],
};
const execution = "3JSE" as Rid;
const stage = () =>
  stageFeatures({
    execution,
    allowed,
    registered: (given) => {
      const path = given.replace("/e/", "");
      return ["plots/map.png", "7"].includes(path) ? path : undefined;
    },
  });

const refused = (pattern: RegExp) => (error: unknown) =>
  isAlmanacError(error, "FEATURE_INVALID") && pattern.test(error.message);

describe("staging features", () => {
  test("one call may mix features; terms become names, files paths, RIDs canonical, nothing null", () => {
    const staged = stage().add([
      { feature: "cmip6/quality", target: "CMIP6.A", values: { grade: "OK", figure: "plots/map.png" } },
      { feature: "cmip6/quality", target: "rid:4o", values: { grade: "poor", figure: "rid:7", score: null } },
      { feature: "file/mark", target: "plots/map.png" },
      { feature: "file/mark", target: "1-4x2k", execution },
      { feature: "Subject/age", target: "5", values: { years: 0 } },
    ]);
    assert.deepEqual(staged, [
      {
        feature: "cmip6/quality",
        target: "CMIP6.A",
        values: { grade: "good", score: null, figure: { path: "plots/map.png" } },
      },
      { feature: "cmip6/quality", target: "rid:40", values: { grade: "poor", score: null, figure: "rid:7" } },
      { feature: "file/mark", target: { path: "plots/map.png" }, values: {} },
      { feature: "file/mark", target: "rid:1-4X2K", values: {} },
      { feature: "Subject/age", target: "5", values: { years: 0 } },
    ]);
  });

  test("null stays null and never becomes a text", () => {
    const [record] = stage().add([
      { feature: "cmip6/quality", target: "A", values: { grade: "good", figure: null, score: undefined } },
    ]);
    assert.equal(JSON.stringify(record?.values), '{"grade":"good","score":null,"figure":null}');
  });

  test("a record that names another execution is an error", () => {
    assert.throws(
      () => stage().add([{ feature: "file/mark", target: "7", execution: "3JSF" }]),
      refused(/it names the execution 3JSF, but this is 3JSE/),
    );
  });

  test("everything that is wrong is named at once, and nothing is staged", () => {
    const stages = stage();
    const good = { feature: "file/mark", target: "7" };
    assert.throws(
      () =>
        stages.add([
          good,
          { feature: "cmip6/qualty", target: "A" },
          { feature: "cmip6/quality", target: "", values: { score: Number.NaN, figure: "no.png", x: 1 } },
          { feature: "Subject/age", target: "not a RID!", values: { years: "old" } },
        ]),
      refused(
        new RegExp(
          [
            '"cmip6/qualty"; did you mean cmip6/quality',
            '"" is neither a dataset\'s id nor a RID',
            'no column "x"',
            '"grade" is required',
            '"score" is NaN, not a number',
            '"figure" is "no.png", neither a registered file nor a RID',
            '"not a RID!" is not a RID',
            '"years" is "old", not a number',
          ].join(".*"),
        ),
      ),
    );
    assert.equal(stages.add([good]).length, 1);
  });

  test("an execution that may use none says so", () => {
    const none = stageFeatures({ execution, allowed: undefined, registered: () => undefined });
    assert.throws(() => none.add([{ feature: "a/b", target: "7" }]), refused(/may add to no feature "a\/b"/));
  });

  test("adding again, in whatever portions, stages each target once; another value is an error", () => {
    const record = fc.record({
      feature: fc.constant("Subject/age"),
      target: fc.integer({ min: 1, max: 6 }).map(formatRid),
    });
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 5 }), (calls) => {
        const stages = stage();
        const values = { years: 3 };
        const staged = calls.flatMap((call) => stages.add(call.map((each) => ({ ...each, values }))));
        const targets = new Set(calls.flat().map(({ target }) => target));
        assert.deepEqual(new Set(staged.map(({ target }) => target)), targets);
        assert.equal(staged.length, targets.size);
        for (const target of targets)
          assert.throws(
            () => stages.add([{ feature: "Subject/age", target, values: { years: 4 } }]),
            refused(/has added \{"years":3\} for it already/),
          );
      }),
    );
  });

  test("what has been staged is accepted again as it is, whatever the values", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("good", "fine", "OK", "poor"),
        fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
        fc.option(fc.constantFrom("7", "rid:7", "plots/map.png", "/e/plots/map.png")),
        (grade, score, figure) => {
          const record = { feature: "cmip6/quality", target: "A", values: { grade, score, figure } };
          const [first] = stage().add([record]);
          assert.ok(first);
          assert.deepEqual(stage().add([first]), [first]);
        },
      ),
    );
  });
});
