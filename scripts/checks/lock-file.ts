import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { type LockFile, missingOptional } from "./lock-entries.ts";

/** The lock file is one that `npm ci` accepts and names no host. */
export const lockFile: Check = {
  name: "lock file",
  run: async (root) => {
    const file = join(root, "package-lock.json");
    if (!existsSync(file)) return { ok: false, output: "package-lock.json is missing: run npm install" };
    const text = readFileSync(file, "utf8");
    const missing = Object.keys(missingOptional(JSON.parse(text) as LockFile));
    const lines = missing.map((place) => `package-lock.json: no entry ${place}: run npm run complete-lock`);
    if (/"resolved": "https?:/.test(text)) {
      lines.push("package-lock.json: names a host: npm install --omit-lockfile-registry-resolved");
    }
    return { ok: lines.length === 0, output: lines.join("\n") };
  },
};
