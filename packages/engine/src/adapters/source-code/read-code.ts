import { readFileSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";

/** The text of a file whose code counts. @throws FILE_UNREADABLE */
export function readCode(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const { message } = error as NodeJS.ErrnoException;
    throw new AlmanacError("FILE_UNREADABLE", `cannot read ${file}, whose code a step reaches: ${message}`, {
      cause: error,
    });
  }
}
