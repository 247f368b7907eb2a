import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

interface Line {
  readonly level: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

function linesOf(project: CommandLineProject, file = ".almanac/almanac.log"): readonly Line[] {
  const text = readFileSync(project.path(file), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
}

/** The lines of the last command. */
function lastCommand(project: CommandLineProject): readonly Line[] {
  const lines = linesOf(project);
  return lines.slice(lines.findLastIndex(({ event }) => event === "command.started"));
}

describe("the log of the program", () => {
  test("a command that changes something leaves how it was called, what happened and how it ended", (t) => {
    const project = probeProject(t);
    project.succeed("solve", "--jobs", "1");
    const [started, ...others] = lastCommand(project);
    assert.deepEqual(started?.["words"], ["solve", "--jobs", "1"]);
    assert.equal(started?.["cwd"], project.folder);
    assert.ok(Number.isInteger(started?.["pid"]) && !Number.isNaN(Date.parse(String(started?.["time"]))));
    const published = others.filter(
      ({ event, state }) => event === "execution.state" && state === "published",
    );
    assert.equal(published.length, 1);
    const ended = others.at(-1);
    assert.deepEqual([ended?.event, ended?.["exitCode"]], ["command.ended", 0]);
    assert.ok(Number(ended?.["durationMs"]) > 0);
  });

  test("a command that only reads leaves a line only when it fails, or at level debug", (t) => {
    const project = probeProject(t);
    const before = linesOf(project).length;
    project.succeed("plan");
    project.succeed("datasets", "list");
    assert.equal(linesOf(project).length, before);
    assert.equal(project.run("datasets", "show", "no-such").status, 2);
    assert.equal(lastCommand(project).at(-1)?.["exitCode"], 2);
    project.write("almanac.config.ts", `export default { log: { level: "debug" } };\n`);
    project.succeed("datasets", "list");
    assert.deepEqual(lastCommand(project)[0]?.["words"], ["datasets", "list"]);
  });

  test("the stack of every error is in the log and not on the screen, its causes too", (t) => {
    const project = new CommandLineProject(t);
    project.write("almanac.config.ts", `export default { providers: { modules: ["broken.ts"] } };\n`);
    project.succeed("init");
    project.write("broken.ts", `throw new TypeError("thrown by the module");\n`);
    const { status, stderr } = project.run("plan");
    assert.equal(status, 3);
    assert.doesNotMatch(stderr, /^\s+at /m);
    const error = lastCommand(project).find(({ event }) => event === "command.failed")?.["error"] as {
      readonly code: string;
      readonly stack: string;
      readonly cause: { readonly name: string; readonly stack: string };
    };
    assert.equal(error.code, "PROVIDER_INVALID");
    assert.match(error.stack, /\n\s+at /);
    assert.equal(error.cause.name, "TypeError");
    assert.match(error.cause.stack, /broken\.ts:1/);
    assert.match(project.run("plan", "--debug").stderr, /^\s+at /m);
  });

  test("an error outside of the command's own work is there too", (t) => {
    const project = probeProject(t, { diagnostics: { slow: `run: () => sleep(20000)` } });
    project.write("late.ts", `setTimeout(() => { throw new RangeError("late"); }, 300);\n`);
    const provider = readFileSync(project.path("probe.ts"), "utf8");
    project.write("probe.ts", `if (process.argv.includes("solve")) await import("./late.ts");\n${provider}`);
    const { status } = project.run("solve");
    assert.notEqual(status, 0);
    const crashed = lastCommand(project).find(({ event }) => event === "command.crashed");
    assert.match(JSON.stringify(crashed), /RangeError.*late\.ts:1/);
  });

  test("a mistake in the command line and a wrong configuration are logged too", (t) => {
    const project = probeProject(t);
    assert.equal(project.run("slove").status, 2);
    assert.equal(lastCommand(project).at(-1)?.["exitCode"], 2);
    assert.equal(project.run("plan", "--no-such-option").status, 2);
    assert.deepEqual(lastCommand(project)[0]?.["words"], ["plan", "--no-such-option"]);
    project.write("almanac.config.ts", `export default { log: { levle: "debug" } };\n`);
    assert.equal(project.run("plan").status, 3);
    assert.match(JSON.stringify(lastCommand(project)), /CONFIG_INVALID.*did you mean/);
  });

  test("no secret reaches the log", (t) => {
    const project = probeProject(t, {
      diagnostics: {
        leaks: `run: () => { throw new Error("cannot reach https://me:hunter22@host/x?token=abc123") }`,
      },
    });
    assert.equal(project.run("solve", "--password", "swordfish").status, 2);
    assert.equal(project.run("solve").status, 4);
    const text = readFileSync(project.path(".almanac/almanac.log"), "utf8");
    assert.doesNotMatch(text, /swordfish|hunter22|abc123/);
    assert.match(text, /cannot reach https:\/\/me:\[redacted\]@host\/x\?token=\[redacted\]/);
    assert.match(text, /"--password","\[redacted\]"/);
  });

  test("a log that cannot be written is a warning, and the command does its work", (t) => {
    const project = probeProject(t);
    project.write("blocked", "a file where a folder is needed");
    project.write(
      "almanac.config.ts",
      `export default { providers: { modules: ["probe.ts"] }, log: { file: "blocked/almanac.log" } };\n`,
    );
    const { status, stdout, stderr } = project.run("solve", "--json");
    assert.equal(status, 0);
    assert.equal(JSON.parse(stdout).total, 1);
    assert.equal(
      stderr.match(/warning\[LOG_UNWRITABLE\]: the log .*blocked\/almanac\.log cannot be written/g)?.length,
      1,
    );
    assert.equal(readFileSync(project.path("blocked"), "utf8"), "a file where a folder is needed");
  });

  test("its size is bounded, and it can be switched off", (t) => {
    const project = probeProject(t);
    project.write(
      "almanac.config.ts",
      `export default { log: { file: "own.log", maxBytes: 600, keepFiles: 1 } };\n`,
    );
    for (let run = 0; run < 4; run += 1) project.run("slove");
    assert.ok(existsSync(project.path("own.log.1")));
    assert.ok(!existsSync(project.path("own.log.2")));
    project.write("almanac.config.ts", `export default { log: { file: "off.log", level: "silent" } };\n`);
    assert.equal(project.run("slove").status, 2);
    assert.ok(!existsSync(project.path("off.log")));
  });

  test("it lies in the project's folder, wherever the command was called", (t) => {
    const project = new CommandLineProject(t);
    project.succeed("init", "inner");
    const file = project.path("inner/almanac.config.ts");
    assert.equal(project.run("explain", "no-such", "--config", file).status, 2);
    assert.match(readFileSync(project.path("inner/.almanac/almanac.log"), "utf8"), /UNKNOWN_NAME/);
    assert.ok(!existsSync(project.path(".almanac")));
  });

  test("without a project there is none", (t) => {
    const project = new CommandLineProject(t);
    assert.equal(project.run("plan").status, 3);
    assert.equal(project.run("slove").status, 2);
    project.succeed("--help");
    project.succeed("version");
    assert.ok(!existsSync(project.path(".almanac")));
  });
});
