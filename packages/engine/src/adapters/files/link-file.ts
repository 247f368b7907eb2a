import { linkSync, symlinkSync } from "node:fs";

/** A hard link; across file systems, where there is none, a symbolic one. */
export function linkFile(from: string, place: string): void {
  try {
    linkSync(from, place);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP"].includes(code)) throw error;
    symlinkSync(from, place);
  }
}
