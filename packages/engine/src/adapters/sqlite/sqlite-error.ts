import { existsSync, statfsSync } from "node:fs";
import { AlmanacError, type ErrorCode, isAlmanacError } from "../../core/errors.ts";

/** What `node:sqlite` puts on its errors, as far as it is read here. */
interface SqliteFailure extends Error {
  readonly code: "ERR_SQLITE_ERROR";
  /** Extended result code of SQLite. */
  readonly errcode: number;
  readonly errstr: string;
}

/** Primary result codes of SQLite that have a meaning for us. @source https://www.sqlite.org/rescode.html */
export const sqliteCodes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  constraint: 19,
  notADatabase: 26,
} as const;

const translations: Readonly<Record<number, { code: ErrorCode; says: string; hint: string }>> = {
  [sqliteCodes.busy]: {
    code: "CATALOG_LOCKED",
    says: "is locked by another process",
    hint: "wait for the other command to end, then try again",
  },
  [sqliteCodes.locked]: {
    code: "CATALOG_LOCKED",
    says: "is locked by another process",
    hint: "wait for the other command to end, then try again",
  },
  [sqliteCodes.readOnly]: {
    code: "CATALOG_READ_ONLY",
    says: "cannot be written",
    hint: "check the permissions of the file and of its folder",
  },
  [sqliteCodes.ioError]: {
    code: "ENVIRONMENT_INVALID",
    says: "cannot be read or written: the disk reports an error",
    hint: "check the disk and the system's log",
  },
  [sqliteCodes.corrupt]: {
    code: "CATALOG_INVALID",
    says: "is damaged",
    hint: "restore the newest backup beside it (almanac db backup writes one)",
  },
  [sqliteCodes.full]: {
    code: "DISK_FULL",
    says: "cannot grow: no space left on the device",
    hint: "free some space, then try again; nothing of this change was kept",
  },
  [sqliteCodes.cannotOpen]: {
    code: "CATALOG_READ_ONLY",
    says: "cannot be opened",
    hint: "check the permissions of the file and of its folder",
  },
  [sqliteCodes.notADatabase]: {
    code: "CATALOG_INVALID",
    says: "is not a catalog",
    hint: "check the path; almanac init makes a new catalog",
  },
};

/**
 * Primary result code of an error of `node:sqlite`.
 * @returns undefined for any other error
 */
export function primaryCode(error: unknown): number | undefined {
  return isSqliteFailure(error) ? error.errcode & 0xff : undefined;
}

/** True if another connection holds what this one wants, also where the error has been translated already. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(isAlmanacError(error, "CATALOG_LOCKED") ? error.cause : error);
  return code === sqliteCodes.busy || code === sqliteCodes.locked;
}

/**
 * The tagged error for an error of `node:sqlite`; any other error is returned as it is.
 * @param error what was thrown
 * @param file the catalog file, named in the message
 */
export function translateSqliteError(error: unknown, file: string): unknown {
  const code = primaryCode(error);
  if (code === undefined || !isSqliteFailure(error)) return error;
  // Where the lock file cannot grow or a page cannot be written, SQLite speaks of the disk and not of the space.
  const known = translations[code === sqliteCodes.ioError && isFull(file) ? sqliteCodes.full : code];
  if (known === undefined) return error;
  return new AlmanacError(known.code, `the catalog ${file} ${known.says}`, {
    hint: known.hint,
    facts: { file, sqlite: error.errstr, sqliteCode: error.errcode },
    cause: error,
  });
}

/** With less space left than this a disk counts as full: SQLite's shared lock file grows by as much. */
const fullBytes = 32_768;

function isFull(file: string): boolean {
  if (!existsSync(file)) return false;
  const { bavail, bsize } = statfsSync(file);
  return bavail * bsize < fullBytes;
}

function isSqliteFailure(error: unknown): error is SqliteFailure {
  return error instanceof Error && (error as { code?: unknown }).code === "ERR_SQLITE_ERROR";
}
