import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { resolveSettings, settingKeys, settingVariable } from "./resolve.ts";

test("a variable gives a number where the setting is one", () => {
  const environment = { ALMANAC_LOG__MAX_BYTES: "1000", ALMANAC_LOG__FILE: "7" };
  const { settings } = resolveSettings({ flags: {}, environment, file: undefined });
  assert.equal(settings.log.maxBytes, 1000);
  assert.equal(settings.log.file, "7");
});

test("a variable that is no number is refused with its name", () => {
  const environment = { ALMANAC_LOG__MAX_BYTES: "much" };
  assert.throws(
    () => resolveSettings({ flags: {}, environment, file: undefined }),
    (error) => isAlmanacError(error, "CONFIG_INVALID") && error.message.includes("ALMANAC_LOG__MAX_BYTES"),
  );
});

test("every setting has a variable of its own", () => {
  assert.equal(new Set(settingKeys.map(settingVariable)).size, settingKeys.length);
});

test("of a list of declarations only the wrong part is told, with the nearest key", () => {
  const types = [{ name: "runs", path: "{source_id}.nc", identityFacets: "source_id", attributes: { e: 5 } }];
  const file = { file: "almanac.config.json", text: "{}", value: { datasets: { types } } };
  assert.throws(() => resolveSettings({ flags: {}, environment: {}, file }), {
    message: [
      "the configuration is wrong:",
      "datasets.types[0].identityFacets (file almanac.config.json): expected array, got string",
      "datasets.types[0].attributes.e (file almanac.config.json): expected string, got number; write it in quotes",
      'datasets.types[0].path (file almanac.config.json): unknown key "path"; did you mean paths or readPath?',
    ].join("\n  "),
  });
});
