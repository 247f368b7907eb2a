import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { LogFile } from "./log-file.ts";

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-log-"));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a full file is set aside, and the oldest part goes", (t) => {
  const folder = folderFor(t);
  const log = new LogFile({ file: path.join(folder, "state/a.log"), maxBytes: 10, keepFiles: 2 });
  for (const line of ["111\n", "222\n", "333\n", "444\n", "555\n", "666\n", "777\n"]) log.write(line);
  log.close();
  const texts = readdirSync(path.join(folder, "state"))
    .sort()
    .map((name) => [name, readFileSync(path.join(folder, "state", name), "utf8")]);
  assert.deepEqual(texts, [
    ["a.log", "777\n"],
    ["a.log.1", "555\n666\n"],
    ["a.log.2", "333\n444\n"],
  ]);
});

test("with no older parts to keep the file begins anew", (t) => {
  const file = path.join(folderFor(t), "a.log");
  const log = new LogFile({ file, maxBytes: 5, keepFiles: 0 });
  log.write("111\n");
  log.write("222\n");
  log.close();
  assert.equal(readFileSync(file, "utf8"), "222\n");
  assert.deepEqual(readdirSync(path.dirname(file)), ["a.log"]);
});

test("two writers append to one file, and the second follows when the first sets it aside", (t) => {
  const file = path.join(folderFor(t), "a.log");
  const options = { file, maxBytes: 12, keepFiles: 3 };
  const [one, other] = [new LogFile(options), new LogFile(options)];
  one.write("one 1\n");
  other.write("two 1\n");
  one.write("one 2\n");
  one.write("one 3\n");
  other.write("two 2\n");
  other.write("two 3\n");
  for (const log of [one, other]) log.close();
  const all = readdirSync(path.dirname(file)).map((name) =>
    readFileSync(path.join(path.dirname(file), name), "utf8"),
  );
  assert.deepEqual(all.join("").trim().split("\n").sort(), [
    "one 1",
    "one 2",
    "one 3",
    "two 1",
    "two 2",
    "two 3",
  ]);
});
