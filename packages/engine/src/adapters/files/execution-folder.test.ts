import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import type { RegisteredRecord } from "../../core/execution/manifest.ts";
import { readManifest } from "../../core/execution/manifest-journal.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import { parseOutcome } from "../../documents/outcome.ts";
import { unobserved } from "../../ports/durable.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import { createExecutionFolders } from "./execution-folder.ts";

const folders = createExecutionFolders(unobserved);

function take(t: TestContext): ExecutionFolder {
  const path = mkdtempSync(join(tmpdir(), "almanac-folder-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  const folder = folders.take(path);
  assert.ok(folder !== undefined);
  return folder;
}

function registered(path: string): RegisteredRecord {
  return {
    record: "registered",
    name: path,
    path,
    kind: "execution-asset",
    types: [],
    mode: "write",
    metadata: {},
    description: "",
    keepOnFailure: false,
  };
}

const refused = (pattern: RegExp) => (error: unknown) =>
  isAlmanacError(error, "ARTIFACT_INVALID") && pattern.test(error.message);

test("a folder is taken once only", (t) => {
  const folder = take(t);
  assert.equal(folders.take(folder.path), undefined);
  assert.throws(
    () => folders.take(join(folder.path, "none")),
    (error) => isAlmanacError(error, "FILE_MISSING"),
  );
});

test("registered files are sealed with digest and size into the manifest", async (t) => {
  const folder = take(t);
  const large = Buffer.alloc(3_000_001, "x");
  for (const path of ["ä b.c.txt", "a/x.txt", "b/x.txt", "large"]) {
    writeFileSync(folder.prepare(path), path === "large" ? large : path);
    folder.record([registered(path)]);
  }
  await folder.seal(["ä b.c.txt", "a/x.txt", "b/x.txt", "large"].map((path) => ({ path, mode: "write" })));
  folder.close();
  const manifest = readManifest(readFileSync(join(folder.path, "manifest.jsonl"), "utf8"));
  assert.deepEqual(manifest.warnings, []);
  assert.deepEqual(
    manifest.artifacts.map(({ path, sizeBytes, sha256 }) => [path, sizeBytes, sha256]),
    ["ä b.c.txt", "a/x.txt", "b/x.txt", "large"].map((path) => {
      const bytes = path === "large" ? large : Buffer.from(path);
      return [path, bytes.length, sha256Hex(bytes)];
    }),
  );
});

test("every file that cannot be sealed is named", async (t) => {
  const folder = take(t);
  writeFileSync(join(tmpdir(), "almanac-outside.txt"), "outside");
  t.after(() => rmSync(join(tmpdir(), "almanac-outside.txt")));
  symlinkSync(join(tmpdir(), "almanac-outside.txt"), join(folder.path, "out"));
  mkdirSync(join(folder.path, "directory"));
  const files = ["none", "out"].map((path) => ({ path, mode: "write" as const }));
  await assert.rejects(folder.seal(files), refused(/none was not written.*out lies outside/));
  await assert.rejects(
    folder.seal([{ path: "directory", mode: "write" }]),
    refused(/directory is no regular file/),
  );
  await folder.seal([{ path: "out", mode: "link" }]);
});

test("a place is never one that exists, leaves the folder or goes through a link", (t) => {
  const folder = take(t);
  symlinkSync("/nowhere", join(folder.path, "dangling"));
  symlinkSync(tmpdir(), join(folder.path, "elsewhere"));
  assert.throws(() => folder.prepare("dangling"), refused(/exists already/));
  assert.throws(() => folder.prepare("elsewhere/x"), refused(/is a link/));
  assert.throws(() => folder.prepare("../x"), refused(/leaves/));
  assert.throws(() => folder.prepare("/x"), refused(/leaves/));
});

test("a linked file shares its bytes, a copied one does not", (t) => {
  const folder = take(t);
  const source = join(folder.path, "source");
  writeFileSync(source, "bytes");
  assert.equal(statSync(folder.bring(source, "linked", "link")).ino, statSync(source).ino);
  assert.notEqual(statSync(folder.bring(source, "copied", "copy")).ino, statSync(source).ino);
  assert.throws(() => folder.bring(source, "copied", "copy"), refused(/exists already/));
  assert.throws(
    () => folder.bring(join(folder.path, "none"), "x", "copy"),
    (error) => isAlmanacError(error, "FILE_MISSING"),
  );
});

test("files left are listed without those that every execution has", (t) => {
  const folder = take(t);
  folder.journal("running", "2000-01-01T00:00:00.000Z");
  mkdirSync(join(folder.path, "b"));
  for (const path of ["b/x", "a", "output.json", "inputs.json"]) writeFileSync(join(folder.path, path), "");
  symlinkSync("a", join(folder.path, "c"));
  assert.deepEqual(folder.left(), ["a", "b/x", "c"]);
});

test("the outcome is written whole, last", (t) => {
  const folder = take(t);
  folder.close();
  assert.equal(folders.hasOutcome(folder.path), false);
  const resources = { wallSeconds: 1, cpuSeconds: 1, peakMemoryBytes: 1, measured: "self" as const };
  const outcome = {
    formatVersion: 1 as const,
    rid: "3JSE",
    result: "ok" as const,
    states: [],
    resources,
    bundles: {},
  };
  folder.writeOutcome(outcome);
  assert.equal(folders.hasOutcome(folder.path), true);
  assert.deepEqual(parseOutcome(readFileSync(join(folder.path, "outcome.json"), "utf8")), outcome);
  assert.equal(existsSync(join(folder.path, "outcome.json.tmp")), false);
});

const lineOfLog = (number: number): string => `${String(number).padStart(9, "0")}\n`;

function fillLog(folder: ExecutionFolder, lines: number): string {
  let text = "";
  for (let number = 0; number < lines; number += 1) text += lineOfLog(number);
  for (let at = 0; at < text.length; at += 77_777) folder.log(text.slice(at, at + 77_777));
  return text;
}

test("a log up to ten megabytes is kept as it is", (t) => {
  const folder = take(t);
  const text = fillLog(folder, 999_999);
  folder.close();
  assert.equal(readFileSync(join(folder.path, "execution.log"), "utf8"), text);
  assert.deepEqual(folder.left(), []);
});

function assertCut(folder: ExecutionFolder, text: string): string {
  const kept = readFileSync(join(folder.path, "execution.log"), "utf8");
  assert.ok(kept.startsWith(text.slice(0, 5_000_000)));
  assert.ok(
    kept.includes(`\n[${text.length - 10_000_000} bytes cut here; the first and last 5000000 are kept]\n`),
  );
  assert.ok(kept.includes(text.slice(-5_000_000)));
  assert.deepEqual(folder.left(), []);
  return kept;
}

test("of a longer log the first and last five megabytes are kept, the bytes cut are stated", (t) => {
  const folder = take(t);
  const text = fillLog(folder, 3_200_000);
  folder.close();
  const kept = assertCut(folder, text);
  assert.ok(kept.endsWith(lineOfLog(3_199_999)));
  folder.log("too late");
  folder.close();
});

test("the log of a killed worker is finished with its last words", (t) => {
  const folder = take(t);
  const text = fillLog(folder, 2_300_000);
  folders.closeLog(folder.path, "killed");
  assert.ok(assertCut(folder, text).endsWith(`${lineOfLog(2_299_999)}killed\n`));
});
