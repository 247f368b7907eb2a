import { writeFileSync } from "node:fs";
import { AlmanacError } from "../../core/errors.ts";

/** Writes a file that the user named. @throws FILE_UNREADABLE when it cannot be written, DISK_FULL */
export function writeOutputFile(file: string, content: string | Uint8Array): void {
  writing(file, () => writeFileSync(file, content));
}

/** Does something that writes to a place that the user named. @throws FILE_UNREADABLE when that fails, DISK_FULL */
export function writing(place: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined || error instanceof AlmanacError) throw error;
    throw new AlmanacError(
      code === "ENOSPC" || code === "EDQUOT" ? "DISK_FULL" : "FILE_UNREADABLE",
      `${place} cannot be written: ${message}`,
      { hint: "name a file in a folder that is there", facts: { errno: code }, cause: error },
    );
  }
}
