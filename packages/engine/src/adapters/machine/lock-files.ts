import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { lockFileNames } from "../../core/records/lock-file-names.ts";
import type { FoundLockFile, LockFileRequest } from "../../ports/environment-source.ts";
import { foldersUpward } from "./folders-upward.ts";

/** A file with more bytes is recorded by its digest alone. */
const largestBytes = 16 * 1024 * 1024;

/** Folders to look in, innermost first. */
function foldersOf({ file, projectFolder }: LockFileRequest): readonly string[] {
  const upward = foldersUpward(path.dirname(file));
  const repository = upward.findIndex((folder) => existsSync(path.join(folder, ".git")));
  const project = upward.indexOf(path.resolve(projectFolder));
  const last = repository >= 0 ? repository : project;
  return upward.slice(0, Math.max(last, 0) + 1);
}

function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > largestBytes) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

async function read(file: string, top: string): Promise<readonly FoundLockFile[]> {
  try {
    if (!(await stat(file)).isFile()) return [];
    const bytes = await readFile(file);
    return [
      {
        path: path.relative(top, file).split(path.sep).join("/"),
        sizeBytes: bytes.length,
        sha256: createHash("sha256").update(bytes).digest("hex"),
        text: textOf(bytes),
      },
    ];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return [];
    if (code === undefined) throw error;
    throw new AlmanacError("FILE_UNREADABLE", `the lock file ${file} cannot be read: ${message}`, {
      hint: "make it readable: what the code ran with is to be recorded",
      facts: { file, errno: code },
      cause: error,
    });
  }
}

/** Lock files beside the code, outermost first, in a folder in the order of their names' list. */
export async function findLockFiles(request: LockFileRequest): Promise<readonly FoundLockFile[]> {
  const folders = foldersOf(request).toReversed();
  const top = folders[0] ?? path.dirname(request.file);
  const found = await Promise.all(
    folders.flatMap((folder) => lockFileNames.map((name) => read(path.join(folder, name), top))),
  );
  return found.flat();
}
