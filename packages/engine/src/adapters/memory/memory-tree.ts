import { basename, dirname } from "node:path/posix";
import type { FileHeader } from "../../core/catalog/source-type.ts";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { FileTree, TreeFolder } from "../../ports/file-tree.ts";

/** A file that exists in memory only. */
export interface MemoryFile {
  /** What opening it tells; a text is the reason why it is invalid. */
  readonly header: FileHeader | string;
  /** Default 1. @units bytes */
  readonly sizeBytes?: number;
  /** Default 0. @units ms */
  readonly mtimeMs?: number;
}

/**
 * A tree of files in memory. Folders are what paths have before their names; those without files are not there.
 * @param files absolute path → file; read at each walk, so that it may change in between
 */
export function createMemoryTree(files: ReadonlyMap<string, MemoryFile>): FileTree {
  const kind: FileTree["kind"] = (path) => {
    if (files.has(path)) return "file";
    return [...files.keys()].some((each) => each.startsWith(below(path))) ? "folder" : undefined;
  };
  return { kind, walk: (roots, { ending }) => walk(files, { roots, ending, kind }) };
}

function* walk(
  files: ReadonlyMap<string, MemoryFile>,
  { roots, ending, kind }: { roots: readonly string[]; ending: string; kind: FileTree["kind"] },
): Generator<TreeFolder> {
  const missing = roots.filter((root) => kind(root) === undefined);
  if (missing.length > 0)
    throw new AlmanacError("ROOT_MISSING", `there is no ${missing.join(", no ")}`, {
      facts: { roots: missing },
    });
  const seen = new Set<string>();
  for (const root of [...roots].sort((a, b) => Number(files.has(a)) - Number(files.has(b)))) {
    const single = files.has(root);
    const paths = single ? [root] : [...files.keys()].filter((path) => path.startsWith(below(root)));
    const fresh = paths.filter((path) => !seen.has(path));
    // As on disk, a file that was left out for its ending may be asked for by name.
    for (const path of fresh) if (single || path.endsWith(ending)) seen.add(path);
    for (const [folder, members] of [...Map.groupBy(fresh, dirname)].sort(([a], [b]) => compareFolders(a, b)))
      yield folderOf(folder, { files, members, wanted: (path) => single || path.endsWith(ending) });
  }
}

function folderOf(
  path: string,
  {
    files,
    members,
    wanted,
  }: {
    files: ReadonlyMap<string, MemoryFile>;
    members: readonly string[];
    wanted: (path: string) => boolean;
  },
): TreeFolder {
  const taken = members.filter(wanted).sort(compareCodeUnits);
  return {
    path,
    files: taken.map((file) => {
      const { sizeBytes = 1, mtimeMs = 0 } = files.get(file) ?? {};
      return { name: basename(file), sizeBytes, mtimeMs };
    }),
    ignored: members.length - taken.length,
    problems: [],
  };
}

/** Depth first: the separator comes before every character of a name. */
function compareFolders(a: string, b: string): number {
  return compareCodeUnits(a.replaceAll("/", "\0"), b.replaceAll("/", "\0"));
}

function below(folder: string): string {
  return folder.endsWith("/") ? folder : `${folder}/`;
}
