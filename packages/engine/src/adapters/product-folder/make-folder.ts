import { mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it, each tried once. Where nothing can be made although the folder above is there, as below /proc,
 * Node's own recursive way tries forever.
 * @throws what the file system throws
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = resolve(folder); statSync(at, { throwIfNoEntry: false }) === undefined; at = dirname(at))
    missing.push(at);
  if (missing.length === 0 && !statSync(folder).isDirectory()) mkdirSync(folder);
  for (const each of missing.reverse()) makeOne(each);
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else was quicker.
    if (code === "EEXIST" && statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
    if (code !== "ENOENT") throw error;
    throw Object.assign(new Error(`${dirname(folder)} takes no new folders`, { cause: error }), { code });
  }
}
