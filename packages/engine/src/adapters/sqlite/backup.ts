import { closeSync, existsSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { observed } from "../../ports/durable.ts";
import type { Connection } from "./connection.ts";

/** Backups that migrations keep. */
const keptBackups = 5;

/**
 * Writes a consistent copy of the catalog: under a temporary name, fsynced, then renamed.
 * @param path does not exist yet
 * @throws USAGE when there is something at the path, or no folder for it
 * @throws DISK_FULL
 */
export function backUp(connection: Connection, path: string): void {
  const target = resolve(path);
  const temporary = `${target}.tmp-${process.pid}`;
  requireFree(target);
  connection.guard(() => {
    observed(connection.observer, "catalog.migrate", () => {
      try {
        connection.database.prepare("vacuum into ?").run(temporary);
        syncPath(temporary);
        renameSync(temporary, target);
      } finally {
        rmSync(temporary, { force: true });
      }
      syncPath(dirname(target));
    });
  });
}

/**
 * Backs up the catalog beside itself before it is migrated, as `<catalog>.backup-<n>`; the newest five are kept.
 * @returns the file written
 */
export function backUpBeside(connection: Connection): string {
  const numbers = backupNumbers(connection.file);
  const target = `${connection.file}.backup-${(numbers.at(-1) ?? 0) + 1}`;
  backUp(connection, target);
  for (const number of numbers.slice(0, Math.max(0, numbers.length + 1 - keptBackups)))
    rmSync(`${connection.file}.backup-${number}`, { force: true });
  return target;
}

/** Makes a file, or the entries of a folder, durable. */
export function syncPath(path: string): void {
  const descriptor = openSync(path, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function backupNumbers(file: string): readonly number[] {
  const prefix = `${basename(file)}.backup-`;
  return readdirSync(dirname(resolve(file)))
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

function requireFree(target: string): void {
  const taken = existsSync(target);
  if (!taken && existsSync(dirname(target))) return;
  const what = taken
    ? `there is already a file ${target}`
    : `there is no folder ${join(dirname(target), "/")}`;
  throw new AlmanacError("USAGE", what, {
    hint: "name a file that does not exist yet",
    facts: { path: target },
  });
}
