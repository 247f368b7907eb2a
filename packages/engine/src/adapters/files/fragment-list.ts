import type { Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { executionFiles } from "../../core/execution/outcome.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { StoredFile } from "../../ports/fragment-store.ts";
import { fileError } from "./file-errors.ts";
import { stampOf } from "./seal-file.ts";

/** Runs a read; undefined when what it reads is not there. @throws STORE_UNAVAILABLE when it is unreadable */
export async function unlessAbsent<T>(read: () => Promise<T>, doing: string): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw fileError(error, doing);
  }
}

/** Every regular file below a folder in path order, or undefined when there is no such folder. */
export async function listFragment(folder: string): Promise<readonly StoredFile[] | undefined> {
  const options = { withFileTypes: true, recursive: true } as const;
  const entries = await unlessAbsent(() => readdir(folder, options), `list ${folder}`);
  if (entries === undefined) return undefined;
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map((entry) => describe(folder, join(relative(folder, entry.parentPath), entry.name))),
  );
  return files.filter((file) => file !== undefined).sort((a, b) => compareCodeUnits(a.path, b.path));
}

async function describe(folder: string, path: string): Promise<StoredFile | undefined> {
  const place = join(folder, path);
  return unlessAbsent(async () => {
    const own = await lstat(place, { bigint: true });
    const found = own.isSymbolicLink() ? await stat(place, { bigint: true }) : own;
    if (!found.isFile()) return undefined;
    const outside =
      own.isSymbolicLink() && !(await realpath(place)).startsWith((await realpath(folder)) + sep);
    return { path, sizeBytes: Number(found.size), stamp: stampOf(found), outside };
  }, `look at ${place}`);
}

/**
 * Every folder that holds an `execution.json`, in order, relative to the root. Folders of the store itself, whose names
 * begin with a dot, are left out.
 */
export async function* fragmentsBelow(root: string, inside: string): AsyncGenerator<string> {
  const folder = join(root, inside);
  const found = await unlessAbsent(() => readdir(folder, { withFileTypes: true }), `list ${folder}`);
  const entries: readonly Dirent[] = found ?? [];
  if (inside !== "" && entries.some(({ name }) => name === executionFiles.definition)) yield inside;
  else
    for (const name of folderNames(entries))
      yield* fragmentsBelow(root, inside === "" ? name : `${inside}/${name}`);
}

function folderNames(entries: readonly Dirent[]): readonly string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort(compareCodeUnits);
}
