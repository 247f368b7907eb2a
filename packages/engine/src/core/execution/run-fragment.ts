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

/** Folder of runs whose own folders are elsewhere: no workflow's folder begins with a dot. */
const folderless = "runs/.elsewhere";

/**
 * What stands for the folder of a run that came with a bag: the run has none here, and nobody else has this one. In the
 * catalog that made it, it has a folder whose name another execution may have here.
 */
export function elsewhereFragment(execution: Rid): string {
  return `${folderless}/${execution}`;
}

/** True for what stands for a folder that is not here. */
export function isElsewhere(fragment: string): boolean {
  return fragment.startsWith(`${folderless}/`);
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
