import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

/** While `edit` is there, the helper is edited between its import and the build. */
const module = (options: string): string => `
import { existsSync, writeFileSync } from "node:fs";
import { pipeline } from "almanac/steps";
import { helper } from "./helper.ts";
if (existsSync("edit")) writeFileSync("helper.ts", "export const helper = (): string => \\"new\\";\\n");
export default pipeline("demo"${options}).step("a", { produces: "a", run: () => helper() });
`;

function project(t: TestContext, options = ""): CommandLineProject {
  const made = new CommandLineProject(t);
  made.write("package.json", '{"type":"module"}');
  made.write("helper.ts", 'export const helper = (): string => "old";\n');
  made.write("pipeline.ts", module(options));
  made.write("edit", "");
  return made;
}

test("a helper that was edited after it had been loaded is told; nothing is stored", (t) => {
  const made = project(t);
  const { status, stderr } = made.run("build");
  assert.equal(status, 3, stderr);
  assert.match(
    stderr,
    /error\[CODE_UNFOLLOWED\]: step "a" cannot be run: helper\.ts was changed after this program had loaded the code.*\n {2}to do: start the program again/,
  );
  assert.equal(made.json("products", "list").total, 0);
  rmSync(made.path("edit"));
  assert.match(made.succeed("build"), /1 of 1 steps ran/);
  made.succeed("products", "export", "a", "a.txt");
  assert.match(made.succeed("build"), /nothing to do/);
});

test("or the step runs, and what it left is not taken for what the new code makes", (t) => {
  const made = project(t, ', { unfollowed: "always-stale" }');
  assert.match(made.succeed("build"), /1 of 1 steps ran/, "it is the old code that ran");
  rmSync(made.path("edit"));
  assert.match(made.succeed("build"), /1 of 1 steps ran/, "the new code has not run yet");
  assert.match(made.succeed("build"), /nothing to do/);
});
