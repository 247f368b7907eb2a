import assert from "node:assert/strict";
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createExecutionFolders } from "../adapters/files/execution-folder.ts";
import { createLocalExecutor } from "../adapters/local-pool/local-executor.ts";
import { identify, isAlive } from "../adapters/process-tree/owner.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import type { Owner } from "../core/execution/record.ts";
import { durablePoints, unobserved } from "../ports/durable.ts";
import { Follower, lineOf, Workshop } from "../ports/executor.harness.ts";
import type { Executor } from "../ports/executor.ts";
import { localExecutor } from "./executors.ts";
import { systemClock } from "./system-clock.ts";

const linux = { skip: process.platform === "linux" ? false : "processes are found in /proc, on Linux only" };

function setUp(t: TestContext, jobs = 1): { executor: Executor; follower: Follower; workshop: Workshop } {
  const workshop = new Workshop(t);
  const executor = localExecutor({ jobs, graceMs: 200 });
  const follower = new Follower(executor);
  t.after(async () => {
    await executor.close();
    await follower.done;
  });
  return { executor, follower, workshop };
}

/** Waits until a process is gone. */
async function gone(owner: Owner): Promise<void> {
  while (isAlive(owner)) await sleep(10);
}

test("a killed worker fails what it computed as lost; what else it held runs elsewhere", async (t) => {
  const { executor, follower, workshop } = setUp(t);
  const [killed, ...others] = ["spins", "values", "values", "values"].map((run) => workshop.prepare({ run }));
  assert.ok(killed !== undefined);
  for (const job of [killed, ...others]) await executor.submit(job);
  const { worker } = await follower.event(killed, "started");
  process.kill(worker.pid, "SIGKILL");
  const ended = await follower.end(killed);
  assert.equal(`${ended.finished.failure?.class} ${ended.finished.failure?.code}`, "system EXECUTION_LOST");
  assert.equal(ended.outcome, undefined);
  assert.match(ended.log, /EXECUTION_LOST: the worker process was ended by SIGKILL\n$/);
  for (const job of others) assert.equal((await follower.end(job)).outcome?.result, "ok");
});

test("a function's processes end with it, also when it ends well", linux, async (t) => {
  const { follower, workshop } = setUp(t);
  const job = workshop.prepare({ run: "spawns" });
  assert.equal((await follower.runOne(job)).outcome?.result, "ok");
  assert.equal(identify(Number(await lineOf(join(job.folder, "child")))), undefined);
});

test("at its time limit a function ends with the processes it started", linux, async (t) => {
  const { follower, workshop } = setUp(t);
  const job = workshop.prepare(
    { run: "spawns" },
    { parameters: { spin: true }, limits: { timeoutSeconds: 0.5 } },
  );
  assert.equal((await follower.runOne(job)).failureCode, "TIMEOUT");
  assert.equal(identify(Number(await lineOf(join(job.folder, "child")))), undefined);
});

test("a function over its memory limit is ended, and the next has a fresh worker", linux, async (t) => {
  const { follower, workshop } = setUp(t);
  const memoryBytes = 600 * 1024 * 1024;
  const hoarder = await follower.runOne(workshop.prepare({ run: "hoards" }, { limits: { memoryBytes } }));
  assert.equal(`${hoarder.finished.failure?.class} ${hoarder.finished.failure?.code}`, "system MEMORY_LIMIT");
  assert.ok((hoarder.finished.resources?.peakMemoryBytes ?? 0) > memoryBytes);
  const next = await follower.runOne(workshop.prepare({ run: "values" }, { limits: { memoryBytes } }));
  assert.equal(next.outcome?.result, "ok");
});

test("an error outside of the function's promise is its failure, and the worker is replaced", async (t) => {
  const { follower, workshop } = setUp(t);
  const [stray, next] = await follower.run(
    workshop.prepare({ run: "stray" }),
    workshop.prepare({ run: "values" }),
  );
  assert.equal(stray?.outcome?.failure?.code, "DIAGNOSTIC_FAILED");
  assert.match(stray?.log ?? "", /stray failure/);
  assert.equal(next?.outcome?.result, "ok");
  const pid = (ended: typeof next): number | undefined =>
    ended?.events.flatMap((event) => (event.kind === "started" ? [event.worker.pid] : []))[0];
  assert.notEqual(pid(stray), pid(next));
});

test("a function that ends its process is lost, with the exit code", async (t) => {
  const { follower, workshop } = setUp(t);
  const ended = await follower.runOne(workshop.prepare({ run: "exits" }));
  assert.equal(ended.finished.failure?.code, "EXECUTION_LOST");
  assert.match(ended.finished.failure?.message ?? "", /exit code 3/);
});

test("what a busy worker holds goes to an idle one", async (t) => {
  const { executor, follower, workshop } = setUp(t, 2);
  const long = [workshop.prepare({ run: "waits" }), workshop.prepare({ run: "waits" })];
  const held = Array.from({ length: 4 }, () => workshop.prepare({ run: "values" }));
  for (const job of [...long, ...held]) await executor.submit(job);
  await Promise.all(long.map((job) => lineOf(join(job.folder, "ready"))));
  const [first] = long;
  assert.ok(first !== undefined);
  await executor.cancel(first.rid, "make room");
  for (const job of held) assert.equal((await follower.end(job)).outcome?.result, "ok");
});

test("a folder that somebody else has taken is not run twice", async (t) => {
  const { follower, workshop } = setUp(t);
  const job = workshop.prepare({ run: "values" });
  writeFileSync(join(job.folder, "execution.log"), "theirs\n");
  const ended = await follower.runOne(job);
  assert.equal(ended.finished.failure?.code, "EXECUTION_LOST");
  assert.equal(ended.log, "theirs\n");
});

test("a worker program that does not start fails what was submitted, with its last words", async (t) => {
  const workshop = new Workshop(t);
  const program = join(workshop.folder, "broken.mjs");
  writeFileSync(program, "throw new Error('broken installation');");
  const executor = createLocalExecutor({
    worker: { program, arguments: [], environment: {} },
    jobs: 2,
    trees: createProcessTrees(),
    folders: createExecutionFolders(unobserved),
    clock: systemClock,
    graceMs: 200,
  });
  t.after(() => executor.close());
  const ended = await new Follower(executor).run(
    ...Array.from({ length: 5 }, () => workshop.prepare({ run: "values" })),
  );
  for (const { finished } of ended) {
    assert.equal(finished.failure?.code, "ENVIRONMENT_INVALID");
    assert.match(finished.failure?.message ?? "", /broken installation/);
  }
});

test("a worker that is killed once it has taken a folder, before it begins, says so", linux, async (t) => {
  const workshop = new Workshop(t);
  const workerObserver = join(workshop.folder, "observer.mjs");
  writeFileSync(
    workerObserver,
    `export default { before: (point) => point === "worker.journal" && process.kill(process.pid, "SIGKILL"), after: () => {} };`,
  );
  const executor = localExecutor({ jobs: 2, graceMs: 200, workerObserver });
  t.after(() => executor.close());
  const ended = await new Follower(executor).run(
    ...Array.from({ length: 4 }, () => workshop.prepare({ run: "values" })),
  );
  for (const { events, finished, log } of ended) {
    assert.ok(!events.some(({ kind }) => kind === "started"));
    assert.equal(finished.failure?.message, "the worker process was ended by SIGKILL");
    assert.match(log, /EXECUTION_LOST: the worker process was ended by SIGKILL\n$/);
  }
});

/** A controller in a process of its own that submits what it is told and reports every event. */
const controllerText = (executors: string): string => `
import { localExecutor } from ${JSON.stringify(executors)};
const executor = localExecutor({ jobs: 2, graceMs: 200 });
process.on("message", (job) => executor.submit(job));
for await (const event of executor.events()) process.send(event);
`;

test(
  "when the controller is killed its workers end what they run, and another controller goes on",
  linux,
  async (t) => {
    const { follower, workshop } = setUp(t);
    const program = join(workshop.folder, "controller.mjs");
    writeFileSync(program, controllerText(new URL("./executors.ts", import.meta.url).href));
    const controller = fork(program, { execArgv: [] });
    const workers: Owner[] = [];
    controller.on("message", (event: { kind: string; worker: Owner }) => {
      if (event.kind === "started") workers.push(event.worker);
    });
    const shell = workshop.prepare({ script: "setsid sh -c 'echo $$ > child; exec sleep 300' & sleep 300" });
    const waiting = workshop.prepare({ run: "waits" });
    for (const job of [shell, waiting]) controller.send(job);
    const child = Number(await lineOf(join(shell.folder, "child")));
    await lineOf(join(waiting.folder, "ready"));
    while (workers.length < 2) await sleep(5);
    const childOwner = identify(child);
    controller.kill("SIGKILL");
    await once(controller, "exit");
    assert.ok(childOwner !== undefined);
    for (const owner of [...workers, childOwner]) await gone(owner);
    assert.equal(existsSync(join(waiting.folder, "outcome.json")), false);
    const again = await follower.runOne(workshop.prepare({ run: "values" }));
    assert.equal(again.outcome?.result, "ok");
  },
);

test("a full disk is a failure of the system, and no outcome is half written", async (t) => {
  const executor = localExecutor({ jobs: 1, graceMs: 200 });
  const follower = new Follower(executor);
  // Hooks run in this order: the workshop's own, which removes its folder, comes last.
  let disk = "";
  t.after(() => executor.close());
  t.after(() => spawnSync("umount", [disk]));
  const workshop = new Workshop(t);
  disk = join(workshop.folder, "scratch");
  mkdirSync(disk);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status !== 0)
    return t.skip("no tmpfs can be mounted here");
  const big = await follower.runOne(
    workshop.prepare({ run: "writes" }, { parameters: { bytes: 3_000_000 } }),
  );
  assert.equal(
    `${big.outcome?.failure?.class ?? big.finished.failure?.class} ${big.failureCode}`,
    "system DISK_FULL",
  );
  rmSync(join(disk, "1"), { recursive: true, force: true });
  const shell = await follower.runOne(workshop.prepare({ script: "head -c 3000000 /dev/zero > big" }));
  assert.equal(shell.failureCode, "DISK_FULL");
  rmSync(join(disk, "2"), { recursive: true, force: true });
  const small = await follower.runOne(workshop.prepare({ run: "values" }));
  assert.equal(small.outcome?.result, "ok");
});

/** An observer of durable writes that appends each point to a file. */
const observerText = (file: string): string => `
import { appendFileSync } from "node:fs";
const note = (text) => appendFileSync(${JSON.stringify(file)}, text + "\\n");
export default { before: (point) => note("before " + point), after: (point) => note("after " + point) };
`;

test("a worker passes every durable point that is its own, the outcome last", async (t) => {
  const workshop = new Workshop(t);
  const points = join(workshop.folder, "points.txt");
  const workerObserver = join(workshop.folder, "observer.mjs");
  writeFileSync(workerObserver, observerText(points));
  const executor = localExecutor({ jobs: 1, workerObserver });
  t.after(() => executor.close());
  await new Follower(executor).runOne(workshop.prepare({ run: "values" }));
  const seen = readFileSync(points, "utf8").trim().split("\n");
  for (const point of durablePoints.filter((name) => name.startsWith("worker.")))
    assert.deepEqual(
      [seen.includes(`before ${point}`), seen.includes(`after ${point}`)],
      [true, true],
      point,
    );
  assert.deepEqual(seen.slice(-2), ["before worker.outcome", "after worker.outcome"]);
});
