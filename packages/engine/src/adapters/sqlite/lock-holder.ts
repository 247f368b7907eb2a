import { readFileSync, statSync } from "node:fs";

/** First byte of the write lock in the shared-memory file of SQLite's write-ahead log. @source sqlite.org/walformat */
const walWriteLockByte = 120;

/**
 * Says which process holds the catalog's write lock, as far as this system tells.
 * @param file the catalog file
 * @returns such as `process 4711 (almanac solve)`, or undefined where it cannot be known
 */
export function describeLockHolder(file: string): string | undefined {
  const locks = readText("/proc/locks");
  const inode = inodeOf(`${file}-shm`) ?? inodeOf(file);
  if (locks === undefined || inode === undefined) return undefined;
  const pid = lockingProcess(locks, inode);
  if (pid === undefined) return undefined;
  const command = readText(`/proc/${pid}/cmdline`)
    ?.replace(/[\0\s]+/g, " ")
    .trim()
    .slice(0, 120);
  return command ? `process ${pid} (${command})` : `process ${pid}`;
}

/**
 * The process with a write lock on the byte that guards SQLite's writers.
 * @param locks text of `/proc/locks`
 * @param inode of the shared-memory file
 */
export function lockingProcess(locks: string, inode: number): number | undefined {
  for (const line of locks.split("\n")) {
    const match = /(?:POSIX|OFDLCK)\s+\S+\s+WRITE\s+(\d+)\s+\S+:(\d+)\s+(\d+)\s+(\d+|EOF)/.exec(line);
    if (match === null || Number(match[2]) !== inode || Number(match[1]) === 0) continue;
    const end = match[4] === "EOF" ? Number.POSITIVE_INFINITY : Number(match[4]);
    if (Number(match[3]) <= walWriteLockByte && walWriteLockByte <= end) return Number(match[1]);
  }
  return undefined;
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}

/** Text of a file of /proc; undefined where there is none or it may not be read: this only enriches a message. */
function readText(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // The process may be gone by now, or belong to somebody else; any other failure is no secret either.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
