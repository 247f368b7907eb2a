import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import { parseStagedDatasets } from "./staged-datasets.ts";

const dataset = { name: "x", description: "", types: [], members: [{ file: "a", path: "b" }], draft: false };
const file = { url: "https://a.b/c", fileName: "c", sizeBytes: 1, md5: "d" };

test("lines of files and of datasets are read in their order, blank ones passed over", () => {
  const lines = [{ dataset }, { file }, { dataset: { ...dataset, name: "y" } }];
  const text = lines.map((line) => JSON.stringify(line)).join("\n\n");
  assert.deepEqual(parseStagedDatasets(text, "datasets.jsonl"), {
    files: [file],
    datasets: [dataset, { ...dataset, name: "y" }],
  });
});

test("what is wrong is told with the line and the place in it", () => {
  const wrong = (line: unknown, message: RegExp): void =>
    assert.throws(
      () => parseStagedDatasets(`\n${JSON.stringify(line)}\n`, "datasets.jsonl"),
      (error) => isAlmanacError(error, "DOCUMENT_INVALID") && message.test(error.message),
    );
  wrong({ dataset: { ...dataset, draft: "no" } }, /datasets.jsonl line 2 is not valid: dataset.draft/);
  wrong({ dataset: { ...dataset, members: [{ path: "a" }] } }, /dataset.members.0/);
  wrong({ file: { ...file, sizeBytes: -1 } }, /file.sizeBytes/);
  wrong({ other: 1 }, /dataset/);
});
