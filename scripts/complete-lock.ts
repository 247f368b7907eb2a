// npm run complete-lock: after npm install, adds what npm leaves out of package-lock.json for other platforms.
// The entries have the exact version that their parent asks for, and no integrity: it cannot be known where they cannot be read.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type LockFile, missingOptional } from "./checks/lock-entries.ts";

const file = join(dirname(import.meta.dirname), "package-lock.json");
const lock = JSON.parse(readFileSync(file, "utf8")) as LockFile;
const missing = missingOptional(lock);
const entries = Object.entries({ ...lock.packages, ...missing });
const packages = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.log(`added ${Object.keys(missing).length} entries`);
