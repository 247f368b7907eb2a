import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlmanacError } from "../../core/errors.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { CommandEnd, TreeCommand } from "../../ports/process-tree.ts";
import { identify, isAlive, ownIdentity, standingOf } from "./owner.ts";
import { createProcessTrees } from "./process-trees.ts";

const trees = createProcessTrees();
const mebibyte = 1024 * 1024;
const linux = process.platform === "linux" ? {} : { skip: "process trees are found in /proc, on Linux only" };

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-tree-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function run(
  folder: string,
  script: string,
  options: Partial<TreeCommand> = {},
): Promise<CommandEnd & { readonly text: string }> {
  let text = "";
  const end = await trees.run({
    argv: ["/bin/sh", "-c", script],
    cwd: folder,
    environment: {},
    marker: folder,
    signal: new AbortController().signal,
    graceMs: 200,
    output: (bytes) => {
      text += Buffer.from(bytes).toString();
    },
    started: () => {},
    ...options,
  });
  return { ...end, text };
}

/** Waits until a file is there and holds a line; the process that writes it has got so far. */
async function lineOf(path: string): Promise<string> {
  for (;;) {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    if (text.endsWith("\n")) return text.trim();
    await sleep(5);
  }
}

function assertGone(pid: number): void {
  assert.equal(identify(pid), undefined, `process ${pid} is still there`);
}

test("a command's output, exit code and environment come through", async (t) => {
  const folder = temporaryFolder(t);
  const end = await run(folder, 'echo "$ALMANAC_EXECUTION"; echo oops >&2; exit 3');
  assert.equal(end.exitCode, 3);
  assert.equal(end.signal, undefined);
  assert.match(end.text, new RegExp(`${folder}\n`));
  assert.match(end.text, /oops\n/);
});

test("a program that does not exist is an error that names it", async (t) => {
  const folder = temporaryFolder(t);
  await assert.rejects(
    run(folder, "", { argv: ["no-such-program-here"] }),
    (error) => isAlmanacError(error, "ENVIRONMENT_INVALID") && error.message.includes("no-such-program-here"),
  );
});

test("what a command leaves in the background is ended with it, in another session too", linux, async (t) => {
  const folder = temporaryFolder(t);
  const script =
    "setsid sh -c 'echo $$ > far; exec sleep 300' & sh -c 'echo $$ > near; exec sleep 300' & while [ ! -s far ] || [ ! -s near ]; do sleep 0.01; done";
  const end = await run(folder, script);
  assert.equal(end.exitCode, 0);
  assertGone(Number(await lineOf(join(folder, "near"))));
  assertGone(Number(await lineOf(join(folder, "far"))));
});

test("an abort ends a tree that ignores SIGTERM", linux, async (t) => {
  const folder = temporaryFolder(t);
  const abort = new AbortController();
  const running = run(
    folder,
    "trap '' TERM; sh -c \"trap '' TERM; echo \\$\\$ > child; while :; do sleep 0.05; done\"",
    {
      signal: abort.signal,
    },
  );
  const child = Number(await lineOf(join(folder, "child")));
  abort.abort();
  const end = await running;
  assert.equal(end.signal, "SIGKILL");
  assertGone(child);
});

test("a polite command ends itself on SIGTERM", async (t) => {
  const folder = temporaryFolder(t);
  const abort = new AbortController();
  const running = run(folder, "trap 'echo bye; exit 7' TERM; echo > ready; while :; do sleep 0.01; done", {
    signal: abort.signal,
    graceMs: 20_000,
  });
  await lineOf(join(folder, "ready"));
  abort.abort();
  const end = await running;
  assert.equal(end.exitCode, 7);
  assert.match(end.text, /bye/);
});

const python =
  process.platform === "linux" && spawnSync("python3", ["--version"]).status === 0
    ? {}
    : { skip: "needs Linux and python3" };

const grow =
  "import time; a = [bytearray(16 << 20) for _ in range(%d)]; print('full', flush=True); time.sleep(%s)";

test("a shell that starts Python that allocates 2 GiB dies at a limit of 1 GiB", python, async (t) => {
  const folder = temporaryFolder(t);
  const python = grow.replace("%d", "128").replace("%s", "60");
  const end = await run(folder, `sh -c 'echo $$ > child; python3 -c "${python}"; true'; true`, {
    memoryBytes: 1024 * mebibyte,
  });
  assert.ok(end.exceededBytes !== undefined && end.exceededBytes > 1024 * mebibyte);
  assert.ok(end.resources.peakMemoryBytes >= end.exceededBytes);
  assert.doesNotMatch(end.text, /full/);
  assertGone(Number(await lineOf(join(folder, "child"))));
});

test("the recorded peak is within a fifth of what was allocated, CPU is counted", python, async (t) => {
  const folder = temporaryFolder(t);
  const python = grow.replace("%d", "20").replace("%s", "0.2");
  const end = await run(folder, `python3 -c "${python}"; true`);
  assert.equal(end.resources.measured, "proc-tree");
  const peak = end.resources.peakMemoryBytes / mebibyte;
  assert.ok(peak > 320 * 0.8 && peak < 320 * 1.2, `peak ${peak} MiB`);
  assert.ok(end.resources.cpuSeconds > 0 && end.resources.wallSeconds > 0.2);
});

async function loneChild(
  t: TestContext,
  folder: string,
): Promise<{ child: ChildProcess; owner: Owner; grandchild: number }> {
  const child = spawn("/bin/sh", ["-c", "sh -c 'echo $$ > pid; exec sleep 300'"], {
    cwd: folder,
    detached: true,
    stdio: "ignore",
  });
  const grandchild = Number(await lineOf(join(folder, "pid")));
  const owner = identify(child.pid ?? 0);
  assert.ok(owner !== undefined);
  t.after(() => trees.endOwned(owner));
  return { child, owner, grandchild };
}

test("an owner is alive, then gone, and its group is ended by its identity", linux, async (t) => {
  const { child, owner, grandchild } = await loneChild(t, temporaryFolder(t));
  assert.equal(isAlive(owner), true);
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
  assert.equal(isAlive(owner), false);
  assert.notEqual(identify(grandchild), undefined, "the grandchild outlives its parent");
  assert.deepEqual(await trees.endOwned(owner), []);
  assertGone(grandchild);
});

test("a reused pid, another boot and another host are left alone", linux, async (t) => {
  const { owner, grandchild } = await loneChild(t, temporaryFolder(t));
  const reused = { ...owner, startTicks: owner.startTicks - 1 };
  assert.equal(standingOf(reused), "reused");
  assert.equal(isAlive(reused), false);
  assert.equal(isAlive({ ...owner, bootId: "earlier" }), false);
  assert.equal(isAlive({ ...owner, host: "elsewhere" }), true);
  for (const other of [reused, { ...owner, bootId: "earlier" }, { ...owner, host: "elsewhere" }])
    assert.deepEqual(await trees.endOwned(other), []);
  assert.notEqual(identify(grandchild), undefined);
});

test("this process knows itself", () => {
  assert.equal(isAlive(ownIdentity()), true);
  assert.equal(ownIdentity().pid, process.pid);
});
