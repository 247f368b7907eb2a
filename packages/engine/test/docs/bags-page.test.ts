import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { assertPrinted, runLine, Tutorial } from "../support/tutorial.ts";

test("the commands of the page on bags print what it says, and its program reads the bag", (t) => {
  const project = new CommandLineProject(t);
  const page = new Tutorial("bags.md");
  for (const command of page.commands()) assertPrinted(runLine(project.folder, command.line), command);
  const [program = ""] = page.blocks("ts");
  const module = import.meta.resolve("../../src/entry/self-resolve.ts");
  const hook = `data:text/javascript,import{registerSelfResolve as r}from"${module}";r();`;
  const printed = execFileSync(process.execPath, ["--import", hook, project.write("read.ts", program)], {
    cwd: project.folder,
    encoding: "utf8",
  });
  const files = ["north.txt", "south.txt"].map((name) => project.path("to-send/data", name));
  assert.deepEqual(printed.trim().split("\n"), files);
});
