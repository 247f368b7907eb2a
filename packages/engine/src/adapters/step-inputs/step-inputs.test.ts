import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { createStepInputs } from "./step-inputs.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-inputs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

test("files count by their bytes, folders by names and bytes, what is not there is absent", async (t) => {
  const folder = folderOf(t);
  const inputs = createStepInputs({ environment: { SET: "1" } });
  mkdirSync(join(folder, "a", "deep"), { recursive: true });
  writeFileSync(join(folder, "a", "x"), "x");
  writeFileSync(join(folder, "a", "deep", "y"), "y");
  assert.equal(await inputs.digest(join(folder, "a", "x")), sha256("x"));
  const before = await inputs.digest(join(folder, "a"));
  writeFileSync(join(folder, "a", "deep", "y"), "z");
  const changed = await inputs.digest(join(folder, "a"));
  assert.notEqual(changed, before);
  rmSync(join(folder, "a", "deep", "y"));
  assert.notEqual(await inputs.digest(join(folder, "a")), changed);
  assert.equal(await inputs.digest(join(folder, "b")), "absent");
  assert.equal(await inputs.digest(join(folder, "a", "x", "inside")), "absent");
  symlinkSync(join(folder, "a", "x"), join(folder, "link"));
  assert.equal(await inputs.digest(join(folder, "link")), sha256("x"));
  assert.deepEqual(["SET", "UNSET", "node", "platform", "arch"].map(inputs.environment), [
    "1",
    "absent",
    process.version,
    process.platform,
    process.arch,
  ]);
});

test("digests are remembered over processes, but not of a file that has just changed", async (t) => {
  const folder = folderOf(t);
  const [file, memory] = [join(folder, "data"), join(folder, "memory", "digests.txt")];
  const digest = (): Promise<string> => createStepInputs({ memory, environment: {} }).digest(file);
  writeFileSync(file, "one");
  assert.equal(await digest(), sha256("one"));
  assert.throws(() => readFileSync(memory), /ENOENT/, "its times are too recent to be trusted");
  await wait(2100);
  assert.equal(await digest(), sha256("one"));
  // What is remembered is taken: here, something else than the truth.
  writeFileSync(memory, readFileSync(memory, "utf8").replace(sha256("one"), "f".repeat(64)));
  assert.equal(await digest(), "f".repeat(64));
  writeFileSync(file, "two");
  assert.equal(await digest(), sha256("two"));
  writeFileSync(memory, "torn line");
  assert.equal(await digest(), sha256("two"));
});
