import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";

// Two processes build the same products; one is killed at a random time. The other must finish with the right products, each
// step may run twice only if the killed process had it in hand, and a third build finds nothing to do.

const rounds = Number(process.env["ALMANAC_KILL_ROUNDS"] ?? 200);
const target = join(import.meta.dirname, "steps-target.ts");
const steps = 40;

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function start(
  folder: string,
  salt: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = spawn(process.execPath, [target, folder, salt], { stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const ended = new Promise<Ended>((resolve) =>
    child.once("close", (code) => resolve({ code, output, errors })),
  );
  return { child, ended };
}

/** Lines of `runs.txt` by process. */
function runsOf(folder: string): readonly (readonly [pid: string, step: string])[] {
  const text = readFileSync(join(folder, "runs.txt"), "utf8");
  return text
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(" ") as [string, string]);
}

test(`two processes, one killed, ${rounds} times`, { timeout: rounds * 20_000 }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-steps-kill-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  let expected: string | undefined;
  let killedAtWork = 0;
  for (let round = 0; round < rounds; round++) {
    const salt = `round ${round}`;
    writeFileSync(join(folder, "runs.txt"), "");
    const [victim, survivor] = [start(folder, salt), start(folder, salt)];
    await startOfWork(folder, victim);
    await wait(Math.random() * 60);
    victim.child.kill("SIGKILL");
    const [dead, alive] = await Promise.all([victim.ended, survivor.ended]);
    assert.equal(alive.code, 0, `round ${round}: ${alive.errors}`);
    expected ??= alive.output;
    assert.equal(alive.output, expected, `round ${round}`);
    const runs = runsOf(folder);
    const ofSurvivor = runs.filter(([pid]) => pid === String(survivor.child.pid)).map(([, step]) => step);
    const ofVictim = runs.filter(([pid]) => pid === String(victim.child.pid)).map(([, step]) => step);
    assert.equal(
      new Set(ofSurvivor).size,
      ofSurvivor.length,
      `round ${round}: the survivor ran a step twice`,
    );
    assert.equal(new Set([...ofSurvivor, ...ofVictim]).size, steps, `round ${round}`);
    // What the victim had run and not recorded is at most what it may do at once.
    const twice = ofSurvivor.filter((step) => ofVictim.includes(step));
    assert.ok(twice.length <= (dead.code === 0 ? 0 : 4), `round ${round}: ${twice.join(" ")} ran twice`);
    if (dead.code !== 0 && ofVictim.length > 0) killedAtWork++;
    if (round % 10 === 0) await requireNothingToDo(folder, { salt, expected, runs: runs.length });
  }
  t.diagnostic(`${killedAtWork} of ${rounds} were killed while they ran steps`);
  assert.ok(killedAtWork > rounds / 20, "hardly any was killed at work: the delays do not fit this machine");
  await requireNothingToDo(folder, {
    salt: `round ${rounds - 1}`,
    expected: expected ?? "",
    runs: runsOf(folder).length,
  });
  for (const left of ["leases", "sessions"])
    assert.deepEqual(readdirSync(join(folder, "products", left)), []);
});

/** Waits until a process runs steps, or is over. */
async function startOfWork(folder: string, { child }: { readonly child: ChildProcess }): Promise<void> {
  const isAtWork = (): boolean => runsOf(folder).some(([pid]) => pid === String(child.pid));
  while (child.exitCode === null && !isAtWork()) await wait(2);
}

async function requireNothingToDo(
  folder: string,
  { salt, expected, runs }: { readonly salt: string; readonly expected: string; readonly runs: number },
): Promise<void> {
  const again = await start(folder, salt).ended;
  assert.equal(again.code, 0, again.errors);
  assert.equal(again.output, expected);
  assert.equal(runsOf(folder).length, runs, "nothing was lost");
}
