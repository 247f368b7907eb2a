import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { assertPrinted, begunFolder, runLine, Tutorial } from "../support/tutorial.ts";

test("the commands of the page on bags print what it says, and its program reads the bag", (t) => {
  const page = new Tutorial("bags.md");
  const folder = begunFolder(t, page);
  for (const command of page.commands()) assertPrinted(runLine(folder, command.line), command);
  const [program = ""] = page.blocks("ts");
  const module = import.meta.resolve("../../src/entry/self-resolve.ts");
  const hook = `data:text/javascript,import{registerSelfResolve as r}from"${module}";r();`;
  const file = path.join(folder, "read.ts");
  writeFileSync(file, program);
  const printed = execFileSync(process.execPath, ["--import", hook, file], {
    cwd: folder,
    encoding: "utf8",
  });
  const files = ["north.txt", "south.txt"].map((name) => path.join(folder, "to-send/data", name));
  assert.deepEqual(printed.trim().split("\n"), files);
});
