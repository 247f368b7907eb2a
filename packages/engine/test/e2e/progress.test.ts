import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { suite, type TestContext, test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

// `script` of util-linux gives a command a pseudo terminal.
const { stdout: version } = spawnSync("script", ["--version"], { encoding: "utf8" });
const skip = version?.includes("util-linux") === true ? false : "needs util-linux script for a terminal";

const escape = "\u001b";
/** Colours and weights, as distinct from movements of the cursor. */
const styles = new RegExp(`${escape}\\[[0-9;]*m`);
const movements = new RegExp(`${escape}\\[[0-9;?]*[A-Za-z]`, "g");

const slow = {
  slow: `run: async (context) => { context.progress(0.5, "half way"); await sleep(900); give(context, 1); }`,
};

function slowProject(t: TestContext): CommandLineProject {
  return probeProject(t, { models: ["MODEL-A", "MODEL-B"], diagnostics: slow });
}

/** What a terminal gets to see of a command, both streams in one. */
function seen(
  project: CommandLineProject,
  words: string,
  variables: Readonly<Record<string, string>> = {},
): string {
  const settings = Object.entries({ COLUMNS: "200", ...variables }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const command = ["env", "-u", "CI", "-u", "NO_COLOR", ...settings, ...project.commandLine(), words].join(
    " ",
  );
  const { status, stdout } = spawnSync("script", ["-qefc", command, "/dev/null"], {
    cwd: project.folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
    killSignal: "SIGKILL",
  });
  assert.equal(status, 0, stdout);
  return stdout;
}

suite("live progress in a terminal", { skip }, () => {
  test("a solve shows what runs, how much has ended and how long it takes, and leaves only its result", (t) => {
    const text = seen(slowProject(t), "solve");
    assert.match(text, /executions: 0 of 2 ended {2}\d running {2}0 s/);
    assert.match(text, / {2}\S+ {2}0 s {2}probe\/slow\/cmip6_MODEL-[AB] {2}50 % half way/);
    const [last = ""] = text.split(`${escape}[?2026l`).slice(-1);
    assert.doesNotMatch(last, /running/, "the display is gone");
    assert.match(last, /executions: 2 published/);
  });

  test("no line is longer than COLUMNS says", (t) => {
    const text = seen(slowProject(t), "solve --json", { COLUMNS: "40" });
    const frames = text
      .slice(0, text.indexOf('"format"'))
      .replace(movements, "\n")
      .split(/[\r\n]+/);
    assert.ok(frames.some((line) => line.startsWith("executions: 0 of 2 ended")));
    assert.deepEqual(
      frames.filter((line) => line.length >= 40),
      [],
    );
  });

  test("NO_COLOR leaves out colours, CI the whole display, --quiet too", (t) => {
    const project = slowProject(t);
    const plain = seen(project, "solve", { NO_COLOR: "1" });
    assert.match(plain, /\d running/);
    assert.doesNotMatch(plain, styles);
    assert.match(seen(project, "datasets list"), styles, "headings are bold in a terminal");
    assert.doesNotMatch(seen(project, "datasets list", { NO_COLOR: "1" }), styles);
    for (const group of ["cmip6_MODEL-A", "cmip6_MODEL-B"])
      project.succeed("groups", "invalidate", `probe/slow/${group}`);
    assert.doesNotMatch(seen(project, "solve", { CI: "1" }), new RegExp(escape));
    project.succeed("groups", "invalidate", "probe/slow/cmip6_MODEL-A");
    assert.doesNotMatch(seen(project, "solve --quiet"), /\d running/);
  });

  test("the display of an ingestion is gone at its end", (t) => {
    const project = slowProject(t);
    const text = seen(project, "ingest --type cmip6 --fast archive");
    assert.match(text, /2 unchanged/);
    assert.doesNotMatch(text, /files seen[^\r\n]*$/, "the display is gone");
  });
});

test("without a terminal nothing is drawn", (t) => {
  const { stderr, stdout } = slowProject(t).run("solve");
  assert.ok(!stderr.includes(escape) && !stdout.includes(escape), stderr);
});
