import { digestOf } from "../identity/digest.ts";
import type { Rid } from "../identity/rid.ts";

/** Longest folder of a workflow. @units bytes */
const longestFolder = 64;

/** Folder of inputs inside the folder of a run; nothing that a run leaves may be there. */
export const inputsFolder = "inputs";

/** Folder of what was stored with a run before it started. */
export const capturedFolder = "captured";

/** Relative folder of a recorded run: `runs/<workflow>/<execution rid>`. */
export function runFragment(workflow: string, execution: Rid): string {
  return ["runs", workflowFolder(workflow), execution].join("/");
}

/**
 * Readable, path-safe folder name of a workflow: only `A–Z a–z 0–9 . _ -` stay. At most 64 bytes, longer ones are cut
 * with a digest.
 */
export function workflowFolder(name: string): string {
  const readable = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^\.+/, "-");
  if (readable === "") return "workflow";
  if (readable.length <= longestFolder) return readable;
  const digest = digestOf([name]).slice(0, 10);
  return `${readable.slice(0, longestFolder - digest.length - 1)}-${digest}`;
}
