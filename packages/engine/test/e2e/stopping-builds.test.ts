import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandLineProject, type Started } from "../support/command-line.ts";

/** `slow` heeds nothing, ends never while `hang` is there, and would leave `late.txt`; it leaves a checkpoint. */
const module = `
import { existsSync, writeFileSync } from "node:fs";
import { pipeline } from "almanac/steps";
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
export default pipeline("demo")
  .step("first", { produces: "first", version: "1", run: () => "x".repeat(10_000) })
  .step("slow", { produces: "slow", requires: ["first"], version: "1", run: async ({ first }, { checkpoint }) => {
    const before = (await checkpoint.load()) ?? 0;
    await checkpoint.save(before + 1);
    writeFileSync("started-" + (before + 1), "");
    while (existsSync("hang")) await wait(20);
    if (existsSync("busy")) for (;;);
    writeFileSync("late.txt", first);
    return before + 1;
  } });
`;

function project(t: TestContext, ...marks: readonly string[]): CommandLineProject {
  const made = new CommandLineProject(t);
  made.write("pipeline.mjs", module);
  for (const mark of marks) made.write(mark, "");
  return made;
}

async function begun(made: CommandLineProject, mark: string): Promise<void> {
  while (!existsSync(made.path(mark))) await sleep(10);
}

/** The second signal is sent when the first was seen: of two that wait the one of the lower number comes first, and like ones are one. */
async function interruptTwice(build: Started, first: NodeJS.Signals = "SIGINT"): Promise<void> {
  build.signal(first);
  await build.says(/stopping after/);
  build.signal("SIGINT");
}

test("Ctrl-C once waits for the step that runs, Ctrl-C twice gives it up; the next build goes on at once", async (t) => {
  const made = project(t, "hang");
  const build = made.start("build");
  await begun(made, "started-1");
  await interruptTwice(build);
  const { status, stderr } = await build.ended;
  assert.equal(status, 130, stderr);
  assert.match(stderr, /stopping after slow; Ctrl-C again gives up/);
  assert.match(
    stderr,
    /error\[INTERRUPTED\]: interrupted; what was stored is kept\n {2}to do: almanac build/,
  );
  assert.doesNotMatch(stderr, /DEFECT|STEP_FAILED/);
  rmSync(made.path("hang"));
  await sleep(100);
  assert.ok(!existsSync(made.path("late.txt")), "the step that was given up is over");
  const next = made.run("build");
  assert.equal(next.status, 0, next.stderr);
  assert.match(next.stdout, /^1 of 2 steps ran$/m);
  assert.doesNotMatch(next.stderr, /waiting|failed last time/);
  assert.equal(made.succeed("products", "list", "--json").includes("PRODUCT_DAMAGED"), false);
  assert.ok(existsSync(made.path("started-2")), "it went on from its checkpoint");
});

test("SIGTERM once, then Ctrl-C, while a step that runs is recorded: the execution is aborted", async (t) => {
  const made = project(t, "hang");
  made.succeed("init");
  const build = made.start("build", "--record");
  await begun(made, "started-1");
  await interruptTwice(build, "SIGTERM");
  const { status, stderr } = await build.ended;
  assert.equal(status, 130, stderr);
  const [execution] = made.json("executions", "list", "--provider", "runs").items;
  assert.equal(execution?.["state"], "aborted");
  rmSync(made.path("hang"));
  const next = made.run("build", "--record");
  assert.equal(next.status, 0, next.stderr);
});

test("a step that never pauses ends with the process: Ctrl-\\ leaves nothing torn and no lease in the way", async (t) => {
  const made = project(t, "busy");
  const build = made.start("build");
  await begun(made, "started-1");
  build.signal("SIGINT");
  await sleep(150);
  build.signal("SIGINT");
  await sleep(100);
  build.signal("SIGQUIT");
  const { status } = await build.ended;
  assert.equal(status, null, "a signal ended it");
  rmSync(made.path("busy"));
  const next = made.run("build");
  assert.equal(next.status, 0, next.stderr);
  assert.match(next.stdout, /^1 of 2 steps ran$/m);
});

const program = resolve(import.meta.dirname, "../../bin/almanac.js");

test("in a terminal, Ctrl-C twice ends a step that never pauses too, but no other", {
  skip: !existsSync("/usr/bin/script") && "there is no script(1) to make a terminal with",
}, async (t) => {
  for (const mark of ["busy", "hang"]) {
    const made = project(t, mark);
    // A terminal sends an interrupt to all processes of its foreground when it reads the character 3:
    // "exec", for a shell that stood between would end by the interrupt and hide the program's status.
    const shell = spawn(
      "/usr/bin/script",
      ["-qec", `exec "${process.execPath}" "${program}" build`, "/dev/null"],
      {
        cwd: made.folder,
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...process.env, NODE_TEST_CONTEXT: undefined, CI: undefined },
      },
    );
    let shown = "";
    shell.stdout.setEncoding("utf8").on("data", (text: string) => (shown += text));
    const ended = new Promise<number | null>((done) => shell.once("close", done));
    await begun(made, "started-1");
    await sleep(200);
    shell.stdin.write("\u0003");
    // One that is busy cannot say that it has seen the first.
    if (mark === "busy") await sleep(200);
    else while (!/stopping after/.test(shown) && shell.exitCode === null) await sleep(10);
    shell.stdin.write("\u0003");
    assert.equal(await ended, mark === "busy" ? 137 : 130, shown);
    assert.equal(/given up: a step did not pause/.test(shown), mark === "busy");
    rmSync(made.path(mark));
    assert.match(made.succeed("build"), /^1 of 2 steps ran$/m);
  }
});
