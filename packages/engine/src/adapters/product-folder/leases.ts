import { linkSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type DurableObserver, observed } from "../../ports/durable.ts";
import type { Lease } from "../../ports/product-store.ts";
import type { Sessions } from "./sessions.ts";
import { storing } from "./store-errors.ts";

/** Sole rights by name: each a link to the file of the session that has it, made and filled in one step. */
export interface Leases {
  /** Takes a right; a dead session's is taken over. Undefined while somebody else has it. */
  take(name: string): Lease | undefined;
  /** True while a living session has it. */
  isHeld(name: string): boolean;
  /** Removes what dead sessions left. */
  sweep(): void;
}

/** Rights in a folder. @param folder on the file system of the sessions' folder */
export function openLeases(
  folder: string,
  sessions: Sessions,
  { observer }: { readonly observer: DurableObserver },
): Leases {
  const pathOf = (name: string): string => join(folder, name);
  const take = (path: string): boolean =>
    tryLink(sessions.file, path) || (takeFromDead(path, sessions) && tryLink(sessions.file, path));
  return {
    sweep: () => {
      for (const name of readdirSync(folder)) takeFromDead(pathOf(name), sessions);
    },
    isHeld: (name) => sessions.read(pathOf(name))?.alive === true,
    take: (name) =>
      storing(`take a lease in ${folder}`, () => {
        const path = pathOf(name);
        sessions.ensure();
        if (!observed(observer, "products.lease", () => take(path))) return undefined;
        let released = false;
        return {
          release: () => {
            if (!released) rmSync(path, { force: true });
            released = true;
          },
        };
      }),
  };
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Moves a dead session's lease away. Only one of several that try succeeds: a rename moves a file once. */
function takeFromDead(path: string, sessions: Sessions): boolean {
  const holder = sessions.read(path);
  if (holder === undefined) return true;
  if (holder.alive) return false;
  const aside = `${path}.${sessions.id}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
  if (sessions.read(aside)?.id === holder.id) {
    rmSync(aside, { force: true });
    return true;
  }
  // Between reading and renaming somebody else had taken it over: theirs is put back.
  renameSync(aside, path);
  return false;
}
