import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { appendLine, readManifest } from "../core/execution/manifest-journal.ts";
import { parseDefinition, writeDefinition } from "./definition.ts";
import { parseOutcome, writeOutcome } from "./outcome.ts";

// Files of form 1, the oldest. They are never changed: what was written once must be readable for ever.
function golden(name: string): string {
  return readFileSync(new URL(`../../test/golden/execution/${name}`, import.meta.url), "utf8");
}

test("a definition of the oldest form is read and written", () => {
  const definition = parseDefinition(golden("definition-1.txt"));
  assert.equal(definition.rid, "1-4X2K");
  assert.equal(definition.datasets[0]?.files[0]?.calendar, "proleptic_gregorian");
  assert.deepEqual(definition.parameters, { years: 150, window: null, list: [1, "a"] });
  assert.ok(definition.origin === undefined);
  assert.deepEqual(definition.selectors, {
    cmip6: [
      ["source_id", "ACCESS-ESM1-5"],
      ["variant_label", "r1i1p1f1"],
    ],
  });
  assert.deepEqual(JSON.parse(writeDefinition(definition)), JSON.parse(golden("definition-1.txt")));
});

test("an outcome of the oldest form is read and written", () => {
  const outcome = parseOutcome(golden("outcome-1.txt"));
  assert.equal(outcome.failure?.code, "EXIT_3");
  assert.equal(outcome.resources.peakMemoryBytes, 52_428_800);
  assert.deepEqual(JSON.parse(writeOutcome(outcome)), JSON.parse(golden("outcome-1.txt")));
});

test("a manifest of the oldest form is read and written", () => {
  const { artifacts, records, state } = readManifest(golden("manifest-1.txt"));
  // The second is a further version of the first: both are accounted for.
  assert.deepEqual(
    artifacts.map(({ name, path, types, description, sizeBytes }) => [
      name,
      path,
      types,
      description,
      sizeBytes,
    ]),
    [
      ["map", "plots/map one.png", ["figure"], "A map", undefined],
      ["map", "plots/map two.png", ["figure"], "Another", 7],
    ],
  );
  assert.deepEqual([...state.promoted.keys(), ...state.failed.keys()], ["plots/map two.png", "output.json"]);
  const fields = (text: string) => readManifest(text).records;
  assert.deepEqual(fields(records.map(appendLine).join("")), records);
});

test("a newer form, a foreign file and broken JSON are told apart", () => {
  const newer = JSON.stringify({ ...JSON.parse(golden("outcome-1.txt")), formatVersion: 2 });
  assert.throws(() => parseOutcome(newer), { code: "DOCUMENT_INVALID", hint: /newer version of Almanac/ });
  assert.throws(() => parseOutcome("{}"), {
    code: "DOCUMENT_INVALID",
    message: /outcome\.json is not valid/,
  });
  assert.throws(() => parseDefinition("<html>"), { code: "DOCUMENT_INVALID", message: /is not JSON/ });
  const foreign = golden("definition-1.txt").replace('"1-4X2K"', '"run 7"');
  assert.throws(() => parseDefinition(foreign), { code: "DOCUMENT_INVALID", message: /rid: is not a RID/ });
});
