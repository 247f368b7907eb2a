// npm test: lint, types, then the tests. All three run even if an earlier one fails; any failure fails the whole.
// npm test -- FILE…: only these test files.
// Needs no network, no other repository and no system packages; what does lies in packages/engine/test/ci and runs in .ci/run.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { dirname, join } from "node:path";
import { types } from "./checks/programs.ts";

const root = dirname(import.meta.dirname);

function testFiles(): readonly string[] {
  const patterns = ["packages/*/src/**/*.test.ts", "packages/*/test/**/*.test.ts", "scripts/**/*.test.ts"];
  return globSync(patterns, { cwd: root, exclude: ["packages/*/test/ci/**", "**/node_modules/**"] }).sort();
}

function runNode(...args: readonly string[]): boolean {
  const { status } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
  });
  return status === 0;
}

async function compiles(): Promise<boolean> {
  const { ok, output } = await types.run(root);
  console.log(ok ? "✔ types" : `✖ types\n${output}\n`);
  return ok;
}

const chosen = process.argv.slice(2);
const failed: string[] = [];
if (chosen.length === 0) {
  if (!runNode(join(root, "scripts", "lint.ts"))) failed.push("lint");
  if (!(await compiles())) failed.push("types");
}
const files = chosen.length === 0 ? testFiles() : chosen;
if (!runNode("--test", "--test-concurrency=2", ...files)) failed.push("tests");
if (failed.length > 0) console.log(`\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
