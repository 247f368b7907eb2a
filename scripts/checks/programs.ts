import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, ownFolders, type Verdict } from "./check.ts";

const binaries = fileURLToPath(new URL("../../node_modules/.bin/", import.meta.url));

/** Runs a program of `node_modules/.bin` under the running Node.js; its exit code is the verdict. */
function runProgram(root: string, [name, ...args]: readonly [string, ...string[]]): Promise<Verdict> {
  const node = process.execPath.replace(/[^/\\]+$/, "");
  const env = { ...process.env, PATH: `${node}:${process.env["PATH"] ?? ""}`, NO_COLOR: "1" };
  return new Promise((resolve) => {
    execFile(`${binaries}${name}`, args, { cwd: root, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const failure = error !== null && typeof error.code !== "number" ? String(error) : "";
      resolve({ ok: error === null, output: `${stdout}${stderr}${failure}`.trim() });
    });
  });
}

/** Layout and order of imports. */
export const format: Check = {
  name: "format",
  run: (root) => runProgram(root, ["biome", "check", "--error-on-warnings", "--reporter=summary"]),
};

/** Rules of oxlint, those that need types too. */
export const oxlint: Check = {
  name: "oxlint",
  run: (root) => {
    const folders = ownFolders.filter((folder) => existsSync(join(root, folder)));
    return runProgram(root, ["oxlint", "--format=unix", "--deny-warnings", ...folders]);
  },
};

/** Files, exports and dependencies that nothing uses, and dependencies that are used and not listed. */
export const unused: Check = {
  name: "unused",
  run: (root) => runProgram(root, ["knip", "--no-progress", "--reporter=compact"]),
};

/** The compiler, under every strictness flag. */
export const types: Check = {
  name: "types",
  run: (root) => runProgram(root, ["tsc", "-p", "tsconfig.json", "--pretty", "false"]),
};
