import { AlmanacError, Defect, type ErrorCode } from "../../core/errors.ts";

/** Node's error codes that have a meaning of their own; any other is a folder that cannot be used now. */
const codes: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: "DISK_FULL",
  EDQUOT: "DISK_FULL",
  ENOENT: "FILE_MISSING",
};

/**
 * Translates an error of the file system; one of ours passes, any other is thrown as it is.
 * @param doing what was being done, such as "read /x/bagit.txt"
 */
export function bagFileError(error: unknown, doing: string): AlmanacError {
  if (error instanceof AlmanacError) return error;
  if (!(error instanceof Error)) throw new Defect(`not an error: ${String(error)}`);
  const { code, message } = error as NodeJS.ErrnoException;
  // An abort has a number there, and passes as it is.
  if (typeof code !== "string") throw error;
  return new AlmanacError(codes[code] ?? "STORE_UNAVAILABLE", `cannot ${doing}: ${message}`, {
    facts: { errno: code },
    cause: error,
  });
}

/** The error of a folder that holds no bag. */
export function noBag(folder: string): AlmanacError {
  return new AlmanacError("FILE_MISSING", `there is no bag at ${folder}`, {
    hint: "a bag is a folder with a bagit.txt: almanac datasets bag export RID@version FOLDER makes one",
    facts: { folder },
  });
}

/** Problems that a message names. */
const namedProblems = 10;

/** The error of a bag that cannot be used, naming what is wrong. */
export function bagInvalid(folder: string, problems: readonly string[]): AlmanacError {
  const more = problems.length > namedProblems ? `; and ${problems.length - namedProblems} more` : "";
  return new AlmanacError(
    "BAG_INVALID",
    `the bag ${folder} cannot be used: ${problems.slice(0, namedProblems).join("; ")}${more}`,
    { hint: `almanac datasets bag verify ${folder}`, facts: { folder, problems } },
  );
}
