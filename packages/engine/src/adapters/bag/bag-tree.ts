import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { bagFileError } from "./bag-errors.ts";

/** What lies in the folder of a bag. */
export interface BagTree {
  /** Regular files with their sizes, by path inside the bag, in order. */
  readonly files: ReadonlyMap<string, number>;
  /** What is neither a regular file nor a folder: links, which nothing follows, pipes, and so on. */
  readonly unsafe: readonly string[];
}

/**
 * Lists a folder. Links are not followed.
 * @returns undefined when there is no such folder, or it is a link
 * @throws STORE_UNAVAILABLE when a part of it cannot be read
 */
export function listBag(folder: string): BagTree | undefined {
  try {
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
    const files: [path: string, size: number][] = [];
    const unsafe: string[] = [];
    const pending = [""];
    for (let below = pending.pop(); below !== undefined; below = pending.pop())
      for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        const size = entry.isFile() ? sizeOf(join(folder, path)) : undefined;
        if (entry.isDirectory()) pending.push(path);
        else if (size === undefined) unsafe.push(path);
        else files.push([path, size]);
      }
    files.sort(([a], [b]) => compareCodeUnits(a, b));
    return { files: new Map(files), unsafe: unsafe.sort(compareCodeUnits) };
  } catch (error) {
    throw bagFileError(error, `list ${folder}`);
  }
}

/** Undefined for a name that is not UTF-8: its text names no file. */
function sizeOf(file: string): number | undefined {
  return lstatSync(file, { throwIfNoEntry: false })?.size;
}
