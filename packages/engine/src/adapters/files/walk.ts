import { type Dirent, readdirSync, readlinkSync, realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join } from "node:path/posix";
import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import type { FileTree, TreeFile, TreeFolder, TreeProblem } from "../../ports/file-tree.ts";

/** The tree of the file system. */
export const diskTree: FileTree = {
  walk,
  kind: (path) => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    return stat.isDirectory() ? "folder" : "file";
  },
};

function* walk(roots: readonly string[], { ending }: { readonly ending: string }): Generator<TreeFolder> {
  const missing = roots.filter((root) => diskTree.kind(root) === undefined);
  if (missing.length > 0) throw rootMissing(missing);
  const walker = new Walker(ending);
  // Folders first: a root that is a file below one of them is then seen there.
  const isFile = (root: string): boolean => diskTree.kind(root) === "file";
  for (const root of [...roots.filter((each) => !isFile(each)), ...roots.filter(isFile)])
    yield* walker.root(root);
  yield* walker.links();
}

function rootMissing(roots: readonly string[]): AlmanacError {
  return new AlmanacError("ROOT_MISSING", `there is no ${roots.join(", no ")}`, {
    hint: "nothing was changed; check the path, or whether the disk is mounted",
    facts: { roots },
  });
}

/** What a folder listing is sorted into. */
interface Listing {
  readonly files: TreeFile[];
  readonly folders: string[];
  readonly problems: TreeProblem[];
  ignored: number;
}

/** One walk: remembers folders it has been in, by device and inode, and links to follow at the end. */
class Walker {
  readonly #ending: string;
  readonly #visited = new Set<string>();
  readonly #links: string[] = [];
  /** Real paths of files reached one by one. */
  readonly #single = new Set<string>();
  /** Real paths of the folders walked from, each with a closing slash. */
  readonly #walked: string[] = [];

  constructor(ending: string) {
    this.#ending = ending;
  }

  *root(path: string): Generator<TreeFolder> {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) yield* this.#tree(path);
    else if (stat !== undefined) yield* this.#file(path);
  }

  /** Follows the links met so far, and those met by doing so. */
  *links(): Generator<TreeFolder> {
    for (let link = this.#links.shift(); link !== undefined; link = this.#links.shift()) {
      const stat = attempt(() => statSync(link, { throwIfNoEntry: false }));
      if (stat.value?.isDirectory() === true) yield* this.#tree(link);
      else if (link.endsWith(this.#ending)) yield* this.#linkedFile(link, stat);
    }
  }

  *#linkedFile(link: string, { value, code }: Attempt<Stats | undefined>): Generator<TreeFolder> {
    if (code !== undefined || value === undefined)
      yield only(unreadable(link, linkReason(link, code), false));
    else if (!this.#inWalked(realpathSync(link))) yield* this.#file(link);
  }

  *#file(path: string): Generator<TreeFolder> {
    const real = realpathSync(path);
    if (this.#single.has(real) || this.#inWalked(real)) return;
    this.#single.add(real);
    const listing = emptyListing();
    addFile(listing, path);
    yield { path: dirname(path), ...listing };
  }

  /** True if the walk has come by this file; a file with another ending has been left out there. */
  #inWalked(real: string): boolean {
    return real.endsWith(this.#ending) && this.#walked.some((folder) => real.startsWith(folder));
  }

  *#tree(top: string): Generator<TreeFolder> {
    const real = realpathSync(top);
    const waiting = [top];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      const folder = this.#folder(path);
      if (folder === undefined) continue;
      yield { path, files: folder.files, ignored: folder.ignored, problems: folder.problems };
      for (const name of folder.folders.reverse()) waiting.push(join(path, name));
    }
    this.#walked.push(real.endsWith("/") ? real : `${real}/`);
  }

  /** Lists one folder; undefined if the walk has been there or it has vanished. */
  #folder(path: string): Listing | undefined {
    const { value: entries, code } = attempt(() => this.#entries(path));
    if (code !== undefined) {
      if (code === "ENOENT" || code === "ENOTDIR") return undefined;
      return { ...emptyListing(), problems: [unreadable(path, `the folder cannot be read (${code})`, true)] };
    }
    if (entries === undefined) return undefined;
    const listing = emptyListing();
    for (const entry of entries) this.#sort(listing, { path, entry });
    return listing;
  }

  #entries(path: string): readonly Dirent[] | undefined {
    const { dev, ino } = statSync(path);
    const key = `${dev}:${ino}`;
    if (this.#visited.has(key)) return undefined;
    this.#visited.add(key);
    return readdirSync(path, { withFileTypes: true }).sort((a, b) => compareCodeUnits(a.name, b.name));
  }

  #sort(listing: Listing, { path, entry }: { readonly path: string; readonly entry: Dirent }): void {
    const { name } = entry;
    const wanted = name.endsWith(this.#ending);
    if (entry.isSymbolicLink()) this.#links.push(join(path, name));
    else if (entry.isDirectory() && !wanted) listing.folders.push(name);
    else if (!wanted) listing.ignored += 1;
    else addFile(listing, join(path, name));
  }
}

function emptyListing(): Listing {
  return { files: [], folders: [], problems: [], ignored: 0 };
}

function only(problem: TreeProblem): TreeFolder {
  return { path: dirname(problem.path), files: [], ignored: 0, problems: [problem] };
}

function unreadable(path: string, reason: string, folder: boolean): TreeProblem {
  return { path, code: "FILE_UNREADABLE", reason, folder };
}

function linkReason(link: string, code: string | undefined): string {
  if (code === "ELOOP") return "a symbolic link that leads to itself";
  return code === undefined
    ? `a symbolic link to ${readlinkSync(link)}, which does not exist`
    : `the system cannot read it (${code})`;
}

function addFile(listing: Listing, path: string): void {
  const { value: stat, code } = attempt(() => statSync(path, { throwIfNoEntry: false }));
  if (code !== undefined)
    listing.problems.push(unreadable(path, `the system cannot read it (${code})`, false));
  else if (stat?.isFile() === true)
    listing.files.push({ name: basename(path), sizeBytes: stat.size, mtimeMs: Math.floor(stat.mtimeMs) });
  else if (stat !== undefined) {
    const reason = stat.isDirectory() ? "a directory, not a file" : "a pipe, device or socket, not a file";
    listing.problems.push({ path, code: "FILE_INVALID", reason, folder: stat.isDirectory() });
  }
}

/** A value, or the code with which the system refused it. */
interface Attempt<T> {
  readonly value?: T;
  readonly code?: string;
}

function attempt<T>(operation: () => T): Attempt<T> {
  try {
    return { value: operation() };
  } catch (error) {
    if (error instanceof Error && "code" in error && typeof error.code === "string")
      return { code: error.code };
    throw error;
  }
}
