import { renameSync, rmdirSync, rmSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** Beginning of the names of folders being removed. */
export const removingPrefix = ".removing-";

/** A fragment to remove. */
export interface Removal {
  /** Absolute folder. */
  readonly target: string;
  /** Absolute folder of the store: parents above it stay. */
  readonly root: string;
}

/** Removes a fragment and the folders above it that are empty then; absent: no effect. @throws Node's own errors */
export function removeFragment({ target, root }: Removal): void {
  removeFolder(target);
  for (let parent = dirname(target); parent.startsWith(root + sep); parent = dirname(parent))
    if (!removeIfEmpty(parent)) return;
}

/** Out of the way first: a kill leaves the whole fragment or none of it. */
function removeFolder(target: string): void {
  const doomed = join(dirname(target), `${removingPrefix}${basename(target)}`);
  rmSync(doomed, { recursive: true, force: true });
  try {
    renameSync(target, doomed);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  rmSync(doomed, { recursive: true, force: true });
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (["ENOTEMPTY", "ENOENT", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
}
