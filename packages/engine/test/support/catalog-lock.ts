import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { CleanUp } from "./clean-up.ts";

/** Holds the catalog's write lock until it is killed, as another program could. */
const holderText = `import { DatabaseSync } from "node:sqlite";
globalThis.held = new DatabaseSync(process.argv[1], { timeout: 20_000 });
held.exec("begin immediate");
console.log("held");
setInterval(() => {}, 1000);`;

/** A process of its own that has the write lock of a catalog file when this resolves; killing it frees the lock. */
export async function lockCatalog(cleanUp: CleanUp, file: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ["--input-type=module", "-e", holderText, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  cleanUp.after(() => void holder.kill("SIGKILL"));
  await once(holder.stdout, "data");
  return holder;
}
