import { fileURLToPath } from "node:url";

/** Milliseconds a computation has to end itself after SIGTERM, or after its signal aborted. */
export const graceMs = 2000;

/** Absolute path of the worker program: beside this module, as source or built. */
export function workerProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./main.${extension}`, import.meta.url));
}
