import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVocabulary } from "./vocabulary.ts";

const text = `
dimensions:
- name: statistic
  long_name: Statistic
  description: How
  required: true
  allow_extra_values: false
  values:
  - name: rmse
    long_name: Error
    units: K
- name: level
  values: [{ name: 850 }]
`;

test("YAML and JSON give the same vocabulary", () => {
  const vocabulary = parseVocabulary(text, "cv.yaml");
  assert.deepEqual(vocabulary.dimensions, [
    {
      name: "statistic",
      longName: "Statistic",
      description: "How",
      required: true,
      allowExtraValues: false,
      values: [{ name: "rmse", longName: "Error", units: "K" }],
    },
    {
      name: "level",
      longName: "level",
      description: "",
      required: false,
      allowExtraValues: true,
      values: [{ name: "850" }],
    },
  ]);
  assert.deepEqual(parseVocabulary('{"dimensions": [{"name": "a"}]}', "cv.json").dimensions[0]?.name, "a");
});

test("what is wrong is named", () => {
  const refused = (content: string, message: RegExp) =>
    assert.throws(() => parseVocabulary(content, "cv.yaml"), { code: "CONFIG_INVALID", message });
  refused("a: [", /cv\.yaml does not parse/);
  refused("dimensions: 3", /dimensions/);
  refused("dimensions: [{name: a}, {name: a}]", /"a" stands twice/);
  refused("dimensions: [{name: a, values: [{name: x}, {name: x}]}]", /a has "x" twice/);
});
