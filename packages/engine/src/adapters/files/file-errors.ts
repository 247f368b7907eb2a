import { AlmanacError, Defect, type ErrorCode } from "../../core/errors.ts";

/** Node's error codes that have a meaning of their own; any other is a store that cannot be used now. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "DISK_FULL",
  EDQUOT: "DISK_FULL",
  ENOENT: "FILE_MISSING",
};

/**
 * Translates an error of the file system; an error that has been translated passes, any other is thrown as it is.
 * @param doing what was being done, such as "write /x/outcome.json"
 */
export function fileError(error: unknown, doing: string): AlmanacError {
  if (error instanceof AlmanacError) return error;
  if (!(error instanceof Error)) throw new Defect(`not an error: ${String(error)}`);
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return new AlmanacError(codes[code] ?? "STORE_UNAVAILABLE", `cannot ${doing}: ${message}`, {
    facts: { errno: code },
    cause: error,
  });
}

/** Runs an operation of the file system and translates its errors. */
export function translating<T>(doing: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw fileError(error, doing);
  }
}
