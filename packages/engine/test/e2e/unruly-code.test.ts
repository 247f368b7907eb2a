import assert from "node:assert/strict";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
export const rejects = async () => {
  Promise.reject(new Error("stray"));
  await new Promise((done) => setTimeout(done, 20000).unref());
};
export const throws = () => new Promise(() => { setTimeout(() => { throw new Error("thrown later"); }, 1); });
export const waits = () => new Promise(() => {});
export const exits = () => process.exit(0);
`;

test("code that fails outside of what it awaits, waits for ever or ends the process is told of, and exits with 4", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("unruly.mjs", module);
  const told = (name: string) => project.run("run", "--allow-dirty", `unruly.mjs#${name}`);
  for (const [name, why] of [
    ["rejects", /failed[^]*Error: stray/],
    ["throws", /failed[^]*Error: thrown later/],
    ["waits", /failed[^]*waits for something that can never come/],
  ] as const) {
    const { status, stdout, stderr } = told(name);
    assert.equal(status, 4, stderr);
    assert.match(stdout, why);
    assert.doesNotMatch(stderr, / at |top-level await/);
  }
  const { status, stderr } = told("exits");
  assert.equal(status, 4);
  assert.match(stderr, /error\[EXECUTION_LOST\][^]*to do: [^]*almanac publish/);
  project.run("publish");
  assert.doesNotMatch(project.succeed("executions", "list", "--provider", "runs"), / (running|pending) /);
});

test("a time limit that is no number is refused before anything is recorded", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  for (const limit of ["abc", "0", "-1"]) {
    const { status, stderr } = project.run("run", `--timeout=${limit}`, "--", "true");
    assert.equal(status, 2, stderr);
    assert.match(stderr, /error\[USAGE\]: option '--timeout <seconds>'/);
    assert.equal(project.run("publish", `--timeout=${limit}`).status, 2);
  }
  assert.deepEqual(project.json("executions", "list").items, []);
});
