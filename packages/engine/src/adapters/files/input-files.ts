import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { InputFiles } from "../../ports/input-files.ts";
import { fileError } from "./file-errors.ts";

/** Bytes read at a time: hashing is then what takes the time. */
const chunkBytes = 1024 * 1024;

/** Files of this machine. */
export function localInputFiles(): InputFiles {
  return {
    describe: async (file) => {
      const stats = statOf(file);
      if (stats?.isFile() !== true) return undefined;
      const hash = createHash("sha256");
      try {
        await pipeline(createReadStream(file, { highWaterMark: chunkBytes }), hash);
      } catch (error) {
        throw fileError(error, `read ${file}`);
      }
      return { sizeBytes: stats.size, sha256: hash.digest("hex") };
    },
    below: (folder) => {
      requireFolder(folder);
      try {
        return readdirSync(folder, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
          .sort(compareCodeUnits);
      } catch (error) {
        throw fileError(error, `list ${folder}`);
      }
    },
  };
}

function requireFolder(folder: string): void {
  const stats = statOf(folder);
  if (stats?.isDirectory() === true) return;
  const what = stats === undefined ? "there is no folder" : "this is no folder:";
  throw new AlmanacError("FILE_MISSING", `${what} ${folder}`, { facts: { folder } });
}

function statOf(file: string) {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, `read ${file}`);
  }
}
