import assert from "node:assert/strict";
import { test } from "node:test";
import { outputBundleDocument, readOutputBundle } from "./output-bundle.ts";

const provenance = { environment: {}, modeldata: [], obsdata: {}, log: "cmec.log" };

test("files of every section are read; metrics counts as diagnostics, null as empty", () => {
  const { value, problems } = readOutputBundle({
    index: "index.html",
    provenance,
    data: null,
    plots: { map: { filename: "map.png", long_name: "Map", description: "d", dimensions: { level: 850 } } },
    metrics: { tas: { filename: "tas.json" } },
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(
    value?.files.map(({ section, shortName, filename, longName, dimensions }) => ({
      section,
      shortName,
      filename,
      longName,
      dimensions,
    })),
    [
      {
        section: "plots",
        shortName: "map",
        filename: "map.png",
        longName: "Map",
        dimensions: { level: "850" },
      },
      { section: "diagnostics", shortName: "tas", filename: "tas.json", longName: "tas", dimensions: {} },
    ],
  );
});

test("a bundle written reads back the same", () => {
  const { value } = readOutputBundle({
    index: null,
    provenance,
    html: { page: { filename: "p.html", long_name: "Page", description: "", dimensions: null } },
    extra: 1,
  });
  assert.ok(value !== undefined);
  assert.deepEqual(readOutputBundle(outputBundleDocument(value)).value, value);
});

test("defects are reported at their places", () => {
  const { problems } = readOutputBundle({
    index: 3,
    plots: { a: "a.png", b: { long_name: "B" } },
    html: [],
  });
  assert.deepEqual(
    problems.map(({ path }) => path),
    ["$.index", "$.provenance", "$.plots.a", "$.plots.b.filename", "$.html"],
  );
});
