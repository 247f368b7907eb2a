import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkFile } from "../rules/registry.ts";
import { type Check, ownFolders } from "./check.ts";

const text =
  /\.(ts|js|mjs|cjs|json|jsonc|md|toml|ya?ml|sh|py|txt|cff|css|html|svg)$|(^|\/)[^.]+$|(^|\/)\.[^.]+$/;

/** This repository's own rules, over every file of its folders that git knows or would add. */
export const ownRules: Check = {
  name: "rules",
  run: async (root) => {
    const findings = listedFiles(root).flatMap((path) =>
      checkFile(path, readFileSync(join(root, path), "utf8")),
    );
    const lines = findings.map(({ path, line, rule, message }) => `${path}:${line}: ${message} [${rule}]`);
    return { ok: lines.length === 0, output: lines.join("\n") };
  },
};

function listedFiles(root: string): readonly string[] {
  const list = (...flags: string[]) =>
    execFileSync("git", ["ls-files", "-z", ...flags], { cwd: root, encoding: "utf8" }).split("\0");
  const deleted = new Set(list("--deleted"));
  const paths = [":(glob)*", ...ownFolders];
  const all = list("--cached", "--others", "--exclude-standard", "--", ...paths);
  return all.filter((path) => path !== "" && text.test(path) && !deleted.has(path));
}
