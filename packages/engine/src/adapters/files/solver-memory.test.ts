import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { sampleDecisions, testSolverMemoryStore } from "../../ports/solver-memory.contract.ts";
import { fileSolverMemory } from "./solver-memory.ts";

async function inFolder(body: (file: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-memory-"));
  try {
    await body(join(folder, "catalog.sqlite"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

testSolverMemoryStore("files", (body) => inFolder((file) => body(fileSolverMemory(file, "1.0"))));

test("a file that is cut short or damaged anywhere is as if it were not there", () =>
  inFolder(async (file) => {
    const store = fileSolverMemory(file, "1.0");
    await store.keepDecisions(sampleDecisions);
    const whole = readFileSync(`${file}.decisions`);
    for (let at = 0; at < whole.length; at += 7) {
      writeFileSync(`${file}.decisions`, whole.subarray(0, at));
      assert.equal(await store.decisions(), undefined, `cut at ${at}`);
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 16;
      writeFileSync(`${file}.decisions`, damaged);
      assert.equal(await store.decisions(), undefined, `damaged at ${at}`);
    }
  }));

test("what cannot be written is not kept, and leaves nothing", () =>
  inFolder(async (file) => {
    mkdirSync(`${file}.decisions`);
    await fileSolverMemory(file, "1.0").keepDecisions(sampleDecisions);
    assert.deepEqual(readdirSync(join(file, "..")), ["catalog.sqlite.decisions"]);
    await fileSolverMemory(join(file, "no", "such", "folder"), "1.0").keepDecisions(sampleDecisions);
    assert.equal(await fileSolverMemory(file, "1.0").decisions(), undefined);
  }));

test("what another version of the program kept is as if it were not there", () =>
  inFolder(async (file) => {
    await fileSolverMemory(file, "1.0").keepDecisions(sampleDecisions);
    assert.equal(await fileSolverMemory(file, "1.0.1").decisions(), undefined);
    assert.deepEqual(await fileSolverMemory(file, "1.0").decisions(), sampleDecisions);
  }));
