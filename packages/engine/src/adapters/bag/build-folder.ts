import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bagFileError } from "./bag-errors.ts";

/** Beginning of the names of folders that bags are built in, beside them; the process that builds comes next. */
const buildingPrefix = ".almanac-bag-";

/** A folder that a bag is built in. */
export interface BuildFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes a folder beside a bag. Those that killed processes left there are removed.
 * @param bag absolute folder of the bag, there or not
 */
export function makeBuildFolder(bag: string): BuildFolder {
  const parent = dirname(bag);
  try {
    mkdirSync(parent, { recursive: true });
    removeLeftOvers(bag);
    const path = mkdtempSync(join(parent, `${buildingPrefix}${process.pid}-`));
    return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
  } catch (error) {
    throw bagFileError(error, `make a folder to build ${basename(bag)} in, in ${parent}`);
  }
}

/** Removes what killed processes left beside a bag. @param bag absolute folder; the one above it is there */
export function removeLeftOvers(bag: string): void {
  const parent = dirname(bag);
  for (const name of readdirSync(parent))
    if (isLeftOver(name)) rmSync(join(parent, name), { recursive: true, force: true });
}

function isLeftOver(name: string): boolean {
  const [, pid = ""] = new RegExp(`^\\${buildingPrefix}(\\d+)-`).exec(name) ?? [];
  return pid !== "" && Number(pid) !== process.pid && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
