import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

function prepared(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("fit.mjs", "export function fit() {}\n");
  project.write("broken.mjs", "export const x = ;\n");
  return project;
}

/** Things a run names that are not there, and what is said of each. */
const named = ["--input", "nothing.csv", "--asset", "3JSE", "--dataset", "none@0.1.0", "--type", "Trainig"];
const told = [
  /there is no file \S*nothing\.csv/,
  /there is no asset 3JSE/,
  /there is no dataset none@0\.1\.0/,
  /there is no workflow type "Trainig"; did you mean "Training"\?/,
];

function refused(project: CommandLineProject, words: readonly string[], expected: readonly RegExp[]): void {
  const { status, stderr } = project.run("run", ...words, ...named);
  assert.equal(status, 2, stderr);
  for (const each of [/RUN_INVALID/, ...told, ...expected]) assert.match(stderr, each);
}

test("all that a run names is checked and told at once, also when its code cannot be run", (t) => {
  const project = prepared(t);
  refused(project, ["fit.mjs#fit"], []);
  refused(project, ["nowhere.mjs"], [/there is no module \S*nowhere\.mjs/]);
  refused(project, ["--dry-run", "nowhere.mjs"], [/there is no module/]);
  refused(project, ["broken.mjs"], [/broken\.mjs cannot be loaded: Unexpected token/]);
  refused(project, ["fit.mjs#fat"], [/exports no function "fat"/, /to do: it exports #fit; /]);
  assert.equal(project.json("executions", "list").total, 0, "nothing was written");
});

test("when nothing else is wrong, the code alone is told, also where there is no project", (t) => {
  const project = prepared(t);
  const without = new CommandLineProject(t);
  for (const each of [project, without]) {
    const { status, stderr } = each.run("run", "nowhere.mjs");
    assert.equal(status, 2);
    assert.match(stderr, /RUN_INVALID\]: there is no module/);
  }
});

test("code that is dirty and inputs that are not there are told together", (t) => {
  const project = prepared(t);
  assert.equal(spawnSync("git", ["init", "-q", project.path()]).status, 0);
  refused(project, ["fit.mjs#fit"], [/is not as it was committed/, /untracked fit\.mjs/, /--allow-dirty/]);
  assert.match(project.run("run", "fit.mjs#fit").stderr, /CODE_DIRTY/);
});

test("an earlier run whose code is gone is refused as any other", (t) => {
  const project = prepared(t);
  project.write("numbers.txt", "1\n");
  const run = JSON.parse(project.succeed("run", "fit.mjs#fit", "--input", "numbers.txt", "--json")) as {
    readonly rid: string;
  };
  project.write("fit.mjs", "export function fitted() {}\n");
  const { status, stderr } = project.run("run", "--from", run.rid);
  assert.equal(status, 2);
  assert.match(stderr, /exports no function "fit"/);
});
