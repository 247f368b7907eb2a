import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";

/**
 * The regular files among paths and below those that are folders, links followed, each once; what is not there is left out.
 * @param paths relative ones are from the working directory
 * @returns absolute paths, folders in code-unit order
 * @throws FILE_UNREADABLE
 */
export function regularFiles(paths: readonly string[]): readonly string[] {
  return [...new Set(paths.flatMap((each) => filesAt(path.resolve(each))))];
}

function filesAt(place: string): readonly string[] {
  try {
    const stats = statSync(place, { throwIfNoEntry: false });
    if (stats?.isFile() === true) return [place];
    if (stats?.isDirectory() !== true) return [];
    const names = readdirSync(place).sort(compareCodeUnits);
    return names.flatMap((name) => filesAt(path.join(place, name)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOTDIR") return [];
    if (code === undefined) throw error;
    throw new AlmanacError("FILE_UNREADABLE", `cannot read ${place}, which a step declares: ${message}`, {
      hint: "make it readable, or declare other files",
      facts: { path: place },
      cause: error,
    });
  }
}
