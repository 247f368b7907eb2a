import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { isAddition } from "../../core/execution/manifest-segment.ts";
import { executionFiles } from "../../core/execution/outcome.ts";
import { requireInside } from "../../core/execution/relative-path.ts";
import { type DurableObserver, observed, observedAsync } from "../../ports/durable.ts";
import type { FragmentStore, PromotedFile, PromoteOptions, StoredFile } from "../../ports/fragment-store.ts";
import { largeBytes } from "./copy-large.ts";
import { fileError } from "./file-errors.ts";
import { fragmentsBelow, listFragment, remainsBelow, unlessAbsent } from "./fragment-list.ts";
import { placeFile, syncToDisk } from "./place-file.ts";
import { Removals } from "./removals.ts";
import { removeFragment, removingPrefix } from "./remove-fragment.ts";
import { sha256OfFile } from "./seal-file.ts";
import { buildingOf, ownBuilding, removeAbandoned } from "./shared-building.ts";

/** Files placed at once in one promotion: their fsyncs share the disk's. */
const placedAtOnce = 8;

/**
 * A tree of execution folders below a local folder.
 * @param root absolute folder; made when first written; links in it are resolved now
 */
export function openFragmentStore(root: string, observer: DurableObserver): FragmentStore {
  return new FolderStore(resolveExisting(resolve(root)), observer);
}

class FolderStore implements FragmentStore {
  readonly #root: string;
  readonly #observer: DurableObserver;
  /** Absolute file → its digest while the stamp stands. */
  readonly #digests = new Map<string, { readonly stamp: string; readonly sha256: string }>();
  readonly #removals = new Removals();

  constructor(root: string, observer: DurableObserver) {
    this.#root = root;
    this.#observer = observer;
  }

  folder(fragment: string): string {
    return join(this.#root, requireInside(fragment));
  }

  localFile(fragment: string, path: string): string {
    return join(this.folder(fragment), requireInside(path));
  }

  async read(fragment: string, path: string): Promise<Uint8Array | undefined> {
    const file = this.localFile(fragment, path);
    return unlessAbsent(() => readFileSync(file), `read ${file}`);
  }

  async list(fragment: string): Promise<readonly StoredFile[]> {
    return listFragment(this.folder(fragment)) ?? [];
  }

  async digest(fragment: string, path: string): Promise<string> {
    const file = this.localFile(fragment, path);
    const known = this.#digests.get(file);
    const { sha256, stamp } = await sha256OfFile(file, known);
    // Only large files are worth remembering.
    if (known !== undefined || Number.parseInt(stamp, 10) > 1_000_000)
      this.#digests.set(file, { sha256, stamp });
    return sha256;
  }

  async promote(
    fragment: string,
    files: readonly PromotedFile[],
    { replace, shared = false, ...how }: PromoteOptions,
  ): Promise<void> {
    const target = this.folder(fragment);
    if (shared) removeAbandoned(target);
    const building = shared ? ownBuilding(target) : buildingOf(target);
    try {
      const there = listFragment(target);
      if (there !== undefined && (await this.#holds(fragment, { there, files }))) {
        rmSync(building, { recursive: true, force: true });
        return;
      }
      if (there !== undefined && there.length > 0 && !replace) throw differs(fragment);
      const whole = await wholeFiles(building, files);
      const newest = mkdirSync(building, { recursive: true });
      // The folders above were made by the promotion that was interrupted, which may not have brought them to disk.
      const made = whole.size === 0 ? newest : join(this.#root, fragment.split("/")[0] ?? "");
      await this.#build(building, { files, whole, how });
      const place = () => moveIn({ building, target, made, shared });
      const placed = await observedAsync(this.#observer, "results.promote", place);
      if (placed) return;
      rmSync(building, { recursive: true, force: true });
      await this.promote(fragment, files, { replace, shared, ...how });
    } catch (error) {
      if (shared) rmSync(building, { recursive: true, force: true });
      how.signal?.throwIfAborted();
      throw fileError(error, `write ${target}`);
    }
  }

  async *fragments(): AsyncGenerator<string> {
    yield* fragmentsBelow(this.#root, "");
  }

  async *remains(): AsyncGenerator<string> {
    yield* remainsBelow(this.#root, { inside: "", prefix: removingPrefix });
  }

  discard(path: string): void {
    const target = this.folder(path);
    try {
      observed(this.#observer, "scratch.remove", () => {
        removeAbandoned(target);
        removeFragment({ target, root: this.#root });
      });
    } catch (error) {
      throw fileError(error, `remove ${target}`);
    }
  }

  async remove(fragment: string): Promise<void> {
    const target = this.folder(fragment);
    try {
      await observedAsync(this.#observer, "scratch.remove", () =>
        this.#removals.remove({ target, root: this.#root }),
      );
    } catch (error) {
      throw fileError(error, `remove ${target}`);
    }
  }

  /** True if the fragment holds exactly these files with these contents. */
  async #holds(
    fragment: string,
    { there, files }: { readonly there: readonly StoredFile[]; readonly files: readonly PromotedFile[] },
  ): Promise<boolean> {
    // What was added after publication is not part of what is promoted.
    const paths = new Set(there.map(({ path }) => path).filter((path) => !isAddition(path)));
    if (paths.size !== files.length || !files.every(({ path }) => paths.has(path))) return false;
    for (const { path, sha256 } of files) if ((await this.digest(fragment, path)) !== sha256) return false;
    return true;
  }

  async #build(
    building: string,
    {
      files,
      whole,
      how: { signal, progress },
    }: {
      readonly files: readonly PromotedFile[];
      readonly whole: ReadonlySet<string>;
      readonly how: Omit<PromoteOptions, "replace">;
    },
  ): Promise<void> {
    const below = new Set(files.flatMap(({ path }) => foldersOf(building, path)));
    for (const folder of below) mkdirSync(folder, { recursive: true });
    const manifest = files.filter(({ path }) => path === executionFiles.manifest);
    const others = files.filter(({ path }) => path !== executionFiles.manifest);
    const place = async (file: PromotedFile): Promise<void> => {
      const how = { signal, progress: (done: number) => progress?.(file.path, done) };
      if (whole.has(file.path)) await syncToDisk(join(building, file.path));
      else await observedAsync(this.#observer, "results.copy", () => placeFile(building, { file, how }));
      progress?.(file.path, sizeOf(building, file));
    };
    for (let at = 0; at < others.length; at += placedAtOnce) {
      signal?.throwIfAborted();
      // All have ended before an error is told: nobody writes to the folder then.
      const placed = await Promise.allSettled(others.slice(at, at + placedAtOnce).map(place));
      for (const each of placed) if (each.status === "rejected") throw each.reason;
    }
    // The manifest is last: it says what is there.
    for (const file of manifest)
      await observedAsync(this.#observer, "results.manifest", () => placeFile(building, { file, how: {} }));
    await Promise.all([building, ...below].map(syncToDisk));
  }
}

function differs(fragment: string): AlmanacError {
  return new AlmanacError(
    "ARTIFACT_INVALID",
    `the results of ${fragment} are published and differ from what is to be written`,
    { hint: "published results are never replaced; run a new execution", facts: { fragment } },
  );
}

/** Bytes of a file that has been placed. */
function sizeOf(building: string, { path, from }: PromotedFile): number {
  return "bytes" in from ? from.bytes.length : statSync(join(building, path)).size;
}

/**
 * Large files that an interrupted promotion has left whole: read-only, and of the digest they must have. Everything else
 * that it left is removed.
 */
async function wholeFiles(building: string, files: readonly PromotedFile[]): Promise<ReadonlySet<string>> {
  const expected = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const whole = new Set<string>();
  for (const { path, sizeBytes } of listFragment(building) ?? []) {
    const file = join(building, path);
    const { mode, nlink } = statSync(file);
    // A link is made again faster than it is read.
    const finished = sizeBytes >= largeBytes && nlink === 1 && (mode & 0o222) === 0;
    if (finished && (await sha256OfFile(file, undefined)).sha256 === expected.get(path)) whole.add(path);
    else rmSync(file, { force: true });
  }
  if (whole.size === 0) rmSync(building, { recursive: true, force: true });
  return whole;
}

/** Folders below `building` that a file lies in. */
function foldersOf(building: string, path: string): readonly string[] {
  const parts = requireInside(path).split("/").slice(0, -1);
  return parts.map((_, index) => join(building, ...parts.slice(0, index + 1)));
}

/**
 * Puts the finished folder in its place. A kill between removal and rename leaves no fragment: it was not published,
 * and scratch still has all of it.
 * @param made the highest folder that had to be made for it
 * @returns false when another process was the first
 */
async function moveIn({
  building,
  target,
  made,
  shared,
}: {
  readonly building: string;
  readonly target: string;
  readonly made: string | undefined;
  readonly shared: boolean;
}): Promise<boolean> {
  if (!shared) rmSync(target, { recursive: true, force: true });
  try {
    renameSync(building, target);
  } catch (error) {
    if (shared && ["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
    throw error;
  }
  // A folder made on the way is an entry of the one above it, which has to be on disk as well.
  const highest = made === undefined || made === building ? dirname(target) : dirname(made);
  const parents: string[] = [];
  for (let parent = dirname(target); parent.length >= highest.length; parent = dirname(parent)) {
    parents.push(parent);
    if (parent === dirname(parent)) break;
  }
  await Promise.all(parents.map(syncToDisk));
  return true;
}

/** The path with the links of its existing part resolved, so that one folder has one name. */
function resolveExisting(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(path) === path)
      throw fileError(error, `find ${path}`);
    return join(resolveExisting(dirname(path)), basename(path));
  }
}
