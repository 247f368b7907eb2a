import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Follower, lineOf, type WorkOptions, Workshop } from "./executor.harness.ts";
import type { Executor } from "./executor.ts";

/** What the contract needs to know of an executor. */
export interface ContractSubject {
  readonly name: string;
  readonly create: () => Executor;
  /** False: a function that does not heed its signal cannot be ended. */
  readonly endsFunctions: boolean;
  /** False if no process has this id. */
  readonly exists: (pid: number) => boolean;
}

/** A set-up per test: an executor that is closed afterwards, its follower and a workshop. */
function setUp(
  t: TestContext,
  subject: ContractSubject,
): { executor: Executor; follower: Follower; workshop: Workshop } {
  const workshop = new Workshop(t);
  const executor = subject.create();
  const follower = new Follower(executor);
  t.after(async () => {
    await executor.close();
    await follower.done;
  });
  return { executor, follower, workshop };
}

/** Registers the suite that every executor passes. */
export function executorContract(subject: ContractSubject): void {
  const name = (text: string): string => `${subject.name}: ${text}`;
  const linux = {
    skip: process.platform === "linux" ? false : "processes are found in /proc, on Linux only",
  };
  const ending = {
    skip: subject.endsFunctions ? false : "this executor cannot end a function that does not heed its signal",
  };

  test(name("a function leaves bundles, files, a sealed manifest, its log and its outcome"), async (t) => {
    const { follower, workshop } = setUp(t, subject);
    const job = workshop.prepare({ run: "values" });
    const ended = await follower.runOne(job);
    assert.equal(ended.finished.failure, undefined);
    assert.equal(ended.outcome?.result, "ok");
    assert.deepEqual(
      ended.outcome?.states.map(({ state }) => state),
      ["running", "completed"],
    );
    assert.deepEqual(ended.outcome?.bundles, {
      metric: "diagnostic.json",
      output: "output.json",
      series: "series.json",
    });
    assert.deepEqual(
      ended.artifacts.map(({ path, sizeBytes }) => [path, sizeBytes]),
      [["deep/er/file.txt", job.rid.length]],
    );
    assert.match(ended.log, /printed\ncomplained\nwritten\n/);
    assert.match(ended.log, /50 % half/);
    assert.ok(JSON.parse(readFileSync(join(job.folder, "output.json"), "utf8")).data["deep/er/file.txt"]);
    const kinds = ended.events.map(({ kind }) => kind);
    assert.deepEqual([kinds[0], kinds.at(-1)], ["started", "finished"]);
    assert.equal(kinds.filter((kind) => kind === "finished").length, 1);
    assert.ok((ended.outcome?.resources.peakMemoryBytes ?? 0) > 0);
  });

  test(name("a command leaves whatever it writes, with its output in the log"), async (t) => {
    const { follower, workshop } = setUp(t, subject);
    writeFileSync(join(workshop.folder, "input.nc"), "data");
    const dataset = {
      requirement: "cmip6",
      sourceType: "cmip6",
      id: "d",
      version: "v1",
      facets: {},
      files: [{ path: "input.nc", contentId: "none" }],
    };
    const script = [
      'mkdir -p "a b"; echo x > "a b/x.y.txt"; echo "$ALMANAC_EXECUTION"; pwd; echo oops >&2',
      "cp inputs.json kept-inputs; test -f execution.json",
      `printf '{"DIMENSIONS":{"json_structure":["metric"],"metric":{"m":{}}},"RESULTS":{"m":1}}' > diagnostic.json`,
    ].join("\n");
    const job = workshop.prepare({ script }, { datasets: [dataset] });
    const ended = await follower.runOne(job);
    assert.equal(ended.outcome?.result, "ok", ended.log);
    assert.deepEqual(ended.outcome?.bundles, { metric: "diagnostic.json" });
    assert.deepEqual(
      ended.artifacts.map(({ path }) => path),
      ["a b/x.y.txt", "kept-inputs"],
    );
    assert.equal(
      ended.artifacts.every(({ sha256 }) => sha256?.length === 64),
      true,
    );
    assert.ok(ended.log.includes(`${job.folder}\n${job.folder}\n`));
    assert.match(ended.log, /oops/);
    const inputs = JSON.parse(readFileSync(join(job.folder, "kept-inputs"), "utf8"));
    assert.equal(inputs.datasets[0].files[0].path, join(workshop.folder, "input.nc"));
  });

  const failures: readonly (readonly [
    string,
    { run: string } | { script: string },
    WorkOptions,
    string,
    string,
  ])[] = [
    ["throws", { run: "throws" }, {}, "diagnostic DIAGNOSTIC_FAILED", "no such luck"],
    [
      "gives a reason and catches its error",
      { run: "fails" },
      {},
      "diagnostic DIAGNOSTIC_FAILED",
      "not my day",
    ],
    ["asks to be tried again", { run: "aborts" }, {}, "system COMPUTATION_ABORTED", "try me later"],
    ["gives NaN", { run: "not-a-number" }, {}, "diagnostic BUNDLE_INVALID", "metric=x"],
    [
      "does not write what it registered",
      { run: "not-written" },
      {},
      "diagnostic ARTIFACT_INVALID",
      "never.txt",
    ],
    ["leaves its folder", { run: "outside" }, {}, "diagnostic ARTIFACT_INVALID", "out.txt"],
    ["finds the disk full", { run: "disk-full" }, {}, "system DISK_FULL", "no space"],
    ["is not there", { run: "unheard-of" }, {}, "diagnostic PROVIDER_INVALID", "unheard-of"],
    [
      "has another version",
      { run: "nothing" },
      { version: 2 },
      "diagnostic PROVIDER_INVALID",
      "version 1, not 2",
    ],
    ["exits with 3", { script: "echo partial > x; exit 3" }, {}, "diagnostic EXIT_3", "exit code 3"],
    ["is killed", { script: "kill -KILL $$" }, {}, "system SIGNAL_SIGKILL", "SIGKILL"],
    ["tells of a signal by its exit code", { script: "exit 143" }, {}, "system SIGNAL_SIGTERM", "SIGTERM"],
    [
      "leaves a link out of its folder",
      { script: "ln -s /etc/hostname out" },
      {},
      "diagnostic ARTIFACT_INVALID",
      "out lies outside",
    ],
    [
      "hangs",
      { script: "echo begun; sleep 300" },
      { limits: { timeoutSeconds: 0.2 } },
      "system TIMEOUT",
      "0.2 s",
    ],
    ["heeds its signal", { run: "waits" }, { limits: { timeoutSeconds: 0.2 } }, "system TIMEOUT", "0.2 s"],
  ];
  for (const [what, work, options, failure, message] of failures)
    test(
      name(`${"run" in work ? "a function" : "a command"} that ${what} fails as ${failure}`),
      async (t) => {
        const { follower, workshop } = setUp(t, subject);
        const { outcome, finished, artifacts } = await follower.runOne(workshop.prepare(work, options));
        assert.equal(`${outcome?.failure?.class} ${outcome?.failure?.code}`, failure);
        assert.ok(outcome?.failure?.message.includes(message), outcome?.failure?.message);
        assert.equal(outcome?.states.at(-1)?.state, "failed");
        assert.equal(finished.failure, undefined, "the outcome says it");
        assert.equal(
          artifacts.every(({ sha256 }) => sha256 === undefined),
          true,
        );
      },
    );

  test(name("inputs that are not there are named, and nothing starts"), async (t) => {
    const { follower, workshop } = setUp(t, subject);
    const files = ["gone-1.nc", "gone-2.nc"].map((path) => ({ path, contentId: "none" }));
    const dataset = { requirement: "cmip6", sourceType: "cmip6", id: "d", version: "v1", facets: {}, files };
    const ended = await follower.runOne(workshop.prepare({ run: "values" }, { datasets: [dataset] }));
    assert.equal(`${ended.outcome?.failure?.class} ${ended.failureCode}`, "diagnostic FILE_MISSING");
    assert.match(ended.outcome?.failure?.message ?? "", /gone-1\.nc.*gone-2\.nc/);
    assert.equal(
      ended.events.some(({ kind }) => kind === "started"),
      false,
    );
  });

  test(name("a damaged definition is a failure, not a crash"), async (t) => {
    const { follower, workshop } = setUp(t, subject);
    const job = workshop.prepare({ run: "values" });
    writeFileSync(join(job.folder, "execution.json"), '{"formatVersion": 1');
    assert.equal((await follower.runOne(job)).failureCode, "DOCUMENT_INVALID");
  });

  test(name("cancelling ends a command with everything it started"), linux, async (t) => {
    const { executor, follower, workshop } = setUp(t, subject);
    const job = workshop.prepare({
      script: "trap '' TERM; setsid sh -c 'echo $$ > child; exec sleep 300' & wait; sleep 300",
    });
    await executor.submit(job);
    const child = Number(await lineOf(join(job.folder, "child")));
    await executor.cancel(job.rid, "changed my mind");
    const ended = await follower.end(job);
    assert.equal(ended.outcome?.failure?.code, "INTERRUPTED");
    assert.equal(ended.outcome?.failure?.message, "changed my mind");
    assert.equal(subject.exists(child), false);
  });

  test(name("cancelling a function that heeds its signal, one that waits, and an unknown one"), async (t) => {
    const { executor, follower, workshop } = setUp(t, subject);
    const running = Array.from({ length: executor.capabilities.parallelism }, () =>
      workshop.prepare({ run: "waits" }),
    );
    const waiting = workshop.prepare({ run: "values" });
    for (const job of [...running, waiting]) await executor.submit(job);
    await Promise.all(running.map((job) => lineOf(join(job.folder, "ready"))));
    await executor.cancel(waiting.rid, "not needed");
    const never = await follower.end(waiting);
    assert.equal(never.finished.failure?.code, "INTERRUPTED");
    assert.equal(never.outcome, undefined);
    for (const job of running) await executor.cancel(job.rid, "enough");
    for (const job of running) assert.equal((await follower.end(job)).outcome?.failure?.code, "INTERRUPTED");
    await executor.cancel(waiting.rid, "again");
    assert.equal((await follower.runOne(workshop.prepare({ run: "values" }))).outcome?.result, "ok");
  });

  test(
    name("what has not begun can be taken back; what has begun, has finished or is unknown cannot"),
    async (t) => {
      const { executor, follower, workshop } = setUp(t, subject);
      const running = Array.from({ length: executor.capabilities.parallelism }, () =>
        workshop.prepare({ run: "waits" }),
      );
      const waiting = workshop.prepare({ run: "values" });
      for (const job of [...running, waiting]) await executor.submit(job);
      await Promise.all(running.map((job) => lineOf(join(job.folder, "ready"))));
      for (const job of running) assert.equal(await executor.withdraw(job.rid, "not needed"), false);
      assert.equal(await executor.withdraw(waiting.rid, "not needed"), true);
      const never = await follower.end(waiting);
      assert.equal(never.finished.failure?.code, "INTERRUPTED");
      assert.equal(never.outcome, undefined);
      assert.equal(await executor.withdraw(waiting.rid, "again"), false);
      for (const job of running) {
        await executor.cancel(job.rid, "enough");
        assert.equal((await follower.end(job)).outcome?.failure?.message, "enough", "still ran until now");
      }
    },
  );

  test(name("a function that never heeds anything is ended at its time limit"), ending, async (t) => {
    const { follower, workshop } = setUp(t, subject);
    const ended = await follower.runOne(
      workshop.prepare({ run: "spins" }, { limits: { timeoutSeconds: 0.2 } }),
    );
    assert.equal(ended.outcome, undefined);
    assert.equal(`${ended.finished.failure?.class} ${ended.finished.failure?.code}`, "system TIMEOUT");
    assert.match(ended.log, /TIMEOUT/);
  });

  test(name("output of 10 MB and 100 MB of log do no harm"), async (t) => {
    const { follower, workshop } = setUp(t, subject);
    const [big, chatty, shell] = await follower.run(
      workshop.prepare({ run: "writes" }, { parameters: { bytes: 10_000_000 } }),
      workshop.prepare({ run: "chatters" }),
      workshop.prepare({ script: "head -c 100000000 /dev/zero | tr '\\0' y; echo; echo last words" }),
    );
    assert.deepEqual(
      big?.artifacts.map(({ sizeBytes }) => sizeBytes),
      [10_000_000],
    );
    assert.equal(chatty?.outcome?.result, "ok");
    assert.match(chatty?.log ?? "", /\n\[9000\d{4} bytes cut here/);
    assert.match(shell?.log ?? "", /\nlast words\n.* STATE completed\n$/);
    assert.ok((shell?.log.length ?? 0) < 10_002_000);
  });

  test(name("many tiny executions end once each, in whatever order they are given"), async (t) => {
    const { executor, follower, workshop } = setUp(t, subject);
    const jobs = Array.from({ length: 60 }, (_, value) =>
      workshop.prepare({ run: "values" }, { parameters: { value } }),
    );
    const shuffled = jobs.map((_, index) => jobs[(index * 37) % jobs.length] as (typeof jobs)[number]);
    await Promise.all(shuffled.map((job) => executor.submit(job)));
    for (const [value, job] of jobs.entries()) {
      const ended = await follower.end(job);
      assert.equal(ended.outcome?.result, "ok");
      assert.equal(ended.events.filter(({ kind }) => kind === "finished").length, 1);
      assert.equal(JSON.parse(readFileSync(join(job.folder, "diagnostic.json"), "utf8")).RESULTS.one, value);
    }
  });

  test(name("closing ends what runs and what waits, then the events"), async (t) => {
    const { executor, follower, workshop } = setUp(t, subject);
    const running = workshop.prepare({ script: "echo > ready; sleep 300" });
    const waiting = Array.from({ length: 8 }, () => workshop.prepare({ script: "sleep 300" }));
    for (const job of [running, ...waiting]) await executor.submit(job);
    await lineOf(join(running.folder, "ready"));
    await executor.close();
    await follower.done;
    for (const job of [running, ...waiting])
      assert.equal((await follower.end(job)).failureCode, "INTERRUPTED");
    await executor.close();
  });
}
