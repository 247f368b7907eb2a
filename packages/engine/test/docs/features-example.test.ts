import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const docs = path.resolve(import.meta.dirname, "../../../../docs");

test("the commands of the page on features do what it says", (t) => {
  const project = new CommandLineProject(t);
  project.write("survey.ts", readFileSync(path.join(docs, "examples/features/survey.ts"), "utf8"));
  const block = /```sh\n([\s\S]*?)```/.exec(readFileSync(path.join(docs, "features.md"), "utf8"))?.[1] ?? "";
  const commands = block.trim().split("\n");
  assert.equal(commands.length, 10);
  const printed = commands.map((command) => project.succeed(...command.split(" ").slice(1)));
  const rows = (printed.at(-1) ?? "").trim().split("\n").slice(1);
  assert.match(rows[0] ?? "", /,159.4,good,[0-9A-Z-]+$/);
  assert.match(rows[1] ?? "", /,54,poor,$/);
  const { status, stderr } = project.run("vocab", "delete", "Grade", "fine");
  assert.equal(status, 7);
  assert.match(stderr, /the term "good" of Grade is used by feature Site\/quality/);
});
