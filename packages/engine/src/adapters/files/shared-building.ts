import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Beginning of the names of folders being built; one that a kill left is removed when its fragment is promoted again. */
export const buildingPrefix = ".promoting-";

/** The folder in which a fragment is built, by one process at a time. */
export function buildingOf(target: string): string {
  return join(dirname(target), `${buildingPrefix}${basename(target)}`);
}

/** A folder in which this call alone builds a fragment that others may be building too. */
export function ownBuilding(target: string): string {
  return `${buildingOf(target)}.${process.pid}-${randomUUID()}`;
}

/** Removes what processes that are gone were building in the place of a fragment. */
export function removeAbandoned(target: string): void {
  const folder = dirname(target);
  if (!existsSync(folder)) return;
  const beginning = `${basename(buildingOf(target))}.`;
  for (const name of readdirSync(folder).filter((each) => each.startsWith(beginning)))
    if (!existsSync(`/proc/${Number.parseInt(name.slice(beginning.length), 10)}`))
      rmSync(join(folder, name), { recursive: true, force: true });
}
