import { AlmanacError, type ErrorCode } from "../../core/errors.ts";

const codes: Readonly<Record<string, ErrorCode>> = { ENOSPC: "DISK_FULL", EDQUOT: "DISK_FULL" };

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "make room; almanac products gc --dry-run tells what could go",
  ENOTDIR: "name a folder, not a file or something below one",
  EEXIST: "name a folder, not a file",
};

/** An error of the file system as one of the store's. @param doing what was being done, such as "write /x/blobs" */
export function storeError(error: unknown, doing: string): unknown {
  const { code, message, syscall } = error as NodeJS.ErrnoException;
  if (error instanceof AlmanacError || code === undefined) return error;
  return new AlmanacError(codes[code] ?? "STORE_UNAVAILABLE", `cannot ${doing}: ${message}`, {
    // An error of our own has no system call: see `makeFolder`.
    hint:
      (syscall === undefined ? "name a folder that can be made" : hints[code]) ??
      "make the folder readable and writable, or name another one",
    facts: { errno: code },
    cause: error,
  });
}

/** Runs an operation of the file system and translates its errors. */
export function storing<T>(doing: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw storeError(error, doing);
  }
}

/** The same for one that takes time. */
export async function storingAsync<T>(doing: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw storeError(error, doing);
  }
}
