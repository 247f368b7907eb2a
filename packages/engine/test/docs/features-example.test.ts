import assert from "node:assert/strict";
import { test } from "node:test";
import { begunFolder, runLine, Tutorial } from "../support/tutorial.ts";

test("the commands of the page on features do what it says", (t) => {
  const page = new Tutorial("features.md");
  const folder = begunFolder(t, page);
  const commands = page.blocks("sh").slice(1).join("").trim().split("\n");
  assert.equal(commands.length, 9);
  const printed = commands.map((command) => runLine(folder, command).join("\n"));
  const rows = (printed.at(-1) ?? "").trim().split("\n").slice(-2);
  assert.match(rows[0] ?? "", /,159.4,good,[0-9A-Z-]+$/);
  assert.match(rows[1] ?? "", /,54,poor,$/);
  const refused = runLine(folder, "almanac vocab delete Grade fine || test $? -eq 7").join("\n");
  assert.match(refused, /the term "good" of Grade is used by feature Site\/quality/);
});
