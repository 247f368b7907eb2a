import { AlmanacError } from "../../core/errors.ts";

/** What reading a file of some form throws at, with what is being read. */
export interface Reading {
  readonly file: string;
  /** What it should be, for people: `a CSV file`. */
  readonly what: string;
}

/**
 * The error for what went wrong with a catalog file.
 * @returns FILE_MISSING, FILE_UNREADABLE or CATALOG_FILE_INVALID; an AlmanacError as it is
 */
export function damaged(cause: unknown, { file, what }: Reading): AlmanacError {
  if (cause instanceof AlmanacError) return cause;
  const facts = { file };
  const code = systemCode(cause);
  if (code === "ENOENT")
    return new AlmanacError("FILE_MISSING", `there is no ${file}`, { hint: "check the path", facts, cause });
  if (code === "EACCES" || code === "EISDIR")
    return new AlmanacError("FILE_UNREADABLE", `${file} cannot be read: ${reasonOf(cause)}`, {
      hint: code === "EISDIR" ? "name the file of the catalog in this folder" : "make it readable",
      facts,
      cause,
    });
  return new AlmanacError("CATALOG_FILE_INVALID", `${file} cannot be read as ${what}: ${reasonOf(cause)}`, {
    hint: "correct the file, or get it anew; rows read before this place are kept, and the same import continues",
    facts,
    cause,
  });
}

function systemCode(cause: unknown): string | undefined {
  return cause instanceof Error && "code" in cause ? String(cause.code) : undefined;
}

function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  switch (systemCode(cause)) {
    case "Z_BUF_ERROR":
      return "the compressed file is truncated";
    case "Z_DATA_ERROR":
      return `the compressed file is damaged (${message})`;
    default:
      return message;
  }
}
