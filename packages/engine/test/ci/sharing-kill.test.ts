import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

// Somebody is killed before or after each write to the shared store. Whoever builds next has the right product, nothing that is
// named there is torn, and the next build of the one who was killed leaves the rest.

const target = join(import.meta.dirname, "sharing-target.ts");

interface Built {
  readonly ran: number;
  readonly taken: number;
  readonly value: string;
  readonly writes: number;
}

/** @returns undefined when it was killed */
function build(own: string, team: string, dieAt = 0): Built | undefined {
  const words = [target, own, team, String(dieAt)];
  const { stdout, stderr, signal, status } = spawnSync(process.execPath, words, { encoding: "utf8" });
  if (signal === "SIGKILL") return undefined;
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Built;
}

/** Every blob that has its name has the bytes that the name says. */
function requireWhole(team: string): void {
  for (const { name, parentPath } of readdirSync(team, { recursive: true, withFileTypes: true })) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const found = createHash("sha256")
      .update(readFileSync(join(parentPath, name)))
      .digest("hex");
    assert.equal(found, name);
  }
}

test("killed at every write to a shared store", { timeout: 300_000 }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-sharing-kill-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let expected: string | undefined;
  for (let dieAt = 1; ; dieAt++) {
    const [team, ann, bob, carl] = ["team", "ann", "bob", "carl"].map((name) =>
      join(folder, `${dieAt}`, name),
    );
    assert.ok(team !== undefined && ann !== undefined && bob !== undefined && carl !== undefined);
    mkdirSync(team, { recursive: true });
    const whole = build(ann, team, dieAt);
    if (whole !== undefined) {
      t.diagnostic(`killed at ${dieAt - 1} points`);
      assert.ok(dieAt > 10 && whole.writes === dieAt - 1, `${whole.writes}`);
      return;
    }
    requireWhole(team);
    const next = build(bob, team);
    expected ??= next?.value;
    assert.equal(next?.value, expected);
    const again = build(ann, team);
    assert.deepEqual([again?.ran, again?.value], [0, expected], "what was built is kept");
    const last = build(carl, team);
    assert.deepEqual([last?.ran, last?.taken, last?.value], [0, 12, expected]);
    requireWhole(team);
    rmSync(join(folder, `${dieAt}`), { recursive: true });
  }
});
