import { type Dirent, lstatSync, readdirSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { executionFiles } from "../../core/execution/outcome.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { StoredFile } from "../../ports/fragment-store.ts";
import { fileError } from "./file-errors.ts";
import { stampOf } from "./seal-file.ts";

/** Runs a read; undefined when what it reads is not there. @throws STORE_UNAVAILABLE when it is unreadable */
export function unlessAbsent<T>(read: () => T, doing: string): T | undefined {
  try {
    return read();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EISDIR") return undefined;
    throw fileError(error, doing);
  }
}

/**
 * Every regular file below a folder in path order, or undefined when there is no such folder. Links to files are files;
 * links to folders are not followed.
 */
export function listFragment(folder: string): readonly StoredFile[] | undefined {
  const paths = pathsBelow(folder, "");
  return paths
    ?.map((path) => describe(folder, path))
    .filter((file) => file !== undefined)
    .sort((a, b) => compareCodeUnits(a.path, b.path));
}

function pathsBelow(folder: string, inside: string): readonly string[] | undefined {
  const place = join(folder, inside);
  const entries = unlessAbsent(() => readdirSync(place, { withFileTypes: true }), `list ${place}`);
  return entries?.flatMap((entry) => {
    const path = inside === "" ? entry.name : `${inside}/${entry.name}`;
    if (entry.isDirectory()) return pathsBelow(folder, path) ?? [];
    return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
  });
}

function describe(folder: string, path: string): StoredFile | undefined {
  const place = join(folder, path);
  return unlessAbsent(() => {
    const own = lstatSync(place, { bigint: true });
    const found = own.isSymbolicLink() ? statSync(place, { bigint: true }) : own;
    if (!found.isFile()) return undefined;
    const outside =
      own.isSymbolicLink() && !realpathSync.native(place).startsWith(realpathSync.native(folder) + sep);
    return { path, sizeBytes: Number(found.size), stamp: stampOf(found), outside };
  }, `look at ${place}`);
}

/**
 * Every folder that holds an `execution.json`, in order, relative to the root. Folders of the store itself, whose names
 * begin with a dot, are left out.
 */
export function* fragmentsBelow(root: string, inside: string): Generator<string> {
  const folder = join(root, inside);
  const found = unlessAbsent(() => readdirSync(folder, { withFileTypes: true }), `list ${folder}`);
  const entries: readonly Dirent[] = found ?? [];
  if (inside !== "" && entries.some(({ name }) => name === executionFiles.definition)) yield inside;
  else
    for (const name of folderNames(entries))
      yield* fragmentsBelow(root, inside === "" ? name : `${inside}/${name}`);
}

/**
 * Every folder that holds an `execution.json` or no further folder, and every one that an interrupted removal has moved
 * aside, by the name it had; in order, relative to the root.
 * @param options.prefix beginning of the names of folders being removed
 */
export function* remainsBelow(
  root: string,
  { inside, prefix }: { readonly inside: string; readonly prefix: string },
): Generator<string> {
  const folder = join(root, inside);
  const found = unlessAbsent(() => readdirSync(folder, { withFileTypes: true }), `list ${folder}`);
  const entries: readonly Dirent[] = found ?? [];
  const removing = entries
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const names = folderNames(entries);
  const isLeaf = names.length === 0 || entries.some(({ name }) => name === executionFiles.definition);
  if (inside !== "" && isLeaf && removing.length === 0) yield inside;
  else
    for (const name of [...new Set([...names, ...removing])].sort(compareCodeUnits)) {
      const below = inside === "" ? name : `${inside}/${name}`;
      if (removing.includes(name)) yield below;
      else yield* remainsBelow(root, { inside: below, prefix });
    }
}

function folderNames(entries: readonly Dirent[]): readonly string[] {
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort(compareCodeUnits);
}
