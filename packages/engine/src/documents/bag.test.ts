import assert from "node:assert/strict";
import { test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import { bagDocuments, bagFolder, parseBagDocuments, writeBagDocuments } from "./bag.ts";

/** The documents of a bag of the oldest form, as they were written. */
const oldest: Readonly<Record<string, string>> = {
  "bag.json": `{ "formatVersion": 1, "dataset": "14", "version": "0.1.0", "kinds": [], "declared":
    { "features": [], "recordTypes": [], "vocabularies": [] } }`,
  "datasets.jsonl": `{"dataset":{"rid":"14","name":"mine","description":"","types":[],"facets":{},"createdAt":"2026-01-01T00:00:00.000Z"},"version":{"dataset":"14","version":"0.1.0","ordinal":1,"releasedAt":"2026-01-01T00:00:00.000Z","digest":"d","notes":"","memberCount":1}}\n`,
  "members.jsonl": `{"of":"14@0.1.0","kind":"asset","rid":"2","checksum":"sha256:ab","sizeBytes":4}\n`,
  "assets.jsonl": `{"rid":"2","kind":"file","fileName":"one file.txt","sizeBytes":4,"sha256":"ab","url":"d/one file.txt","types":["file"],"metadata":{},"description":"","place":"data/one file.txt"}\n`,
  "records.jsonl": "",
  "features.jsonl": "",
  "executions.jsonl": "",
};

const textIn =
  (documents: Readonly<Record<string, string>>) =>
  (path: string): string | undefined =>
    documents[path.slice(bagFolder.length + 1)];

test("documents of the oldest form are read, and come back when they are written", () => {
  const contents = parseBagDocuments(textIn(oldest));
  assert.deepEqual(contents.root, { rid: "14", version: "0.1.0" });
  assert.equal(contents.assets[0]?.place, "data/one file.txt");
  assert.equal(contents.datasets[0]?.members[0]?.rid, "2");
  const written = writeBagDocuments(contents);
  assert.deepEqual([...written.keys()], bagDocuments);
  assert.deepEqual(
    parseBagDocuments((path) => written.get(path)),
    contents,
  );
});

test("everything wrong is named with file and line; a newer form says so", () => {
  const wrong: Readonly<Record<string, string>> = {
    ...oldest,
    "bag.json": `{ "formatVersion": 2 }`,
    "members.jsonl": `${oldest["members.jsonl"]}no JSON\n{"of":"14","kind":"asset","rid":"2","checksum":""}\n`,
    "assets.jsonl": "{}\n",
  };
  const { "records.jsonl": _, ...documents } = wrong;
  assert.throws(
    () => parseBagDocuments(textIn(documents)),
    (error) =>
      isAlmanacError(error, "DOCUMENT_INVALID") &&
      [
        /newer version/,
        /members.jsonl, line 2,/,
        /"14" is no version/,
        /assets.jsonl, line 1,/,
        /records.jsonl/,
      ].every((pattern) => pattern.test(error.message)),
  );
});
