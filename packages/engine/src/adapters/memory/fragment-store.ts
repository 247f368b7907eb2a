import { AlmanacError } from "../../core/errors.ts";
import { executionFiles } from "../../core/execution/outcome.ts";
import { requireInside } from "../../core/execution/relative-path.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { sha256Hex } from "../../core/identity/digest.ts";
import type { FragmentStore, PromotedFile, PromoteOptions, StoredFile } from "../../ports/fragment-store.ts";

/** A fragment store in memory, with a way to put files into it as a computation would. */
export interface MemoryFragmentStore extends FragmentStore {
  /** Writes a file as a computation would; a file that is there is replaced. */
  write(fragment: string, path: string, content: string | Uint8Array): void;
}

interface Entry {
  readonly bytes: Uint8Array;
  readonly stamp: string;
}

/**
 * An empty fragment store in memory.
 * @param name of the root, so that two stores are told apart
 */
export function createMemoryFragmentStore(name: string): MemoryFragmentStore {
  return new MemoryStore(name);
}

class MemoryStore implements MemoryFragmentStore {
  readonly #name: string;
  readonly #fragments = new Map<string, ReadonlyMap<string, Entry>>();
  #writes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  folder(fragment: string): string {
    return `/${this.#name}/${requireInside(fragment)}`;
  }

  localFile(fragment: string, path: string): undefined {
    requireInside(fragment);
    requireInside(path);
  }

  write(fragment: string, path: string, content: string | Uint8Array): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    this.#fragments.set(
      requireInside(fragment),
      new Map(this.#fragments.get(requireInside(fragment))).set(requireInside(path), this.#entry(bytes)),
    );
  }

  async read(fragment: string, path: string): Promise<Uint8Array | undefined> {
    return this.#filesOf(fragment).get(requireInside(path))?.bytes;
  }

  async list(fragment: string): Promise<readonly StoredFile[]> {
    return [...this.#filesOf(fragment)]
      .map(([path, { bytes, stamp }]) => ({ path, sizeBytes: bytes.length, stamp, outside: false }))
      .sort((a, b) => compareCodeUnits(a.path, b.path));
  }

  /** Files of a fragment and of those inside of it. */
  #filesOf(fragment: string): ReadonlyMap<string, Entry> {
    const inside = requireInside(fragment);
    const found = new Map(this.#fragments.get(inside));
    for (const [each, files] of this.#fragments)
      if (each.startsWith(`${inside}/`))
        for (const [path, entry] of files) found.set(`${each.slice(inside.length + 1)}/${path}`, entry);
    return found;
  }

  async digest(fragment: string, path: string): Promise<string> {
    const bytes = await this.read(fragment, path);
    if (bytes !== undefined) return sha256Hex(bytes);
    throw new AlmanacError("FILE_MISSING", `cannot read ${this.folder(fragment)}/${path}: it is not there`);
  }

  async promote(
    fragment: string,
    files: readonly PromotedFile[],
    { replace, signal, progress }: PromoteOptions,
  ): Promise<void> {
    const there = this.#fragments.get(requireInside(fragment));
    const content = new Map<string, Entry>();
    for (const { path, from } of files) {
      signal?.throwIfAborted();
      const bytes = "bytes" in from ? from.bytes : await from.store.read(from.fragment, path);
      content.set(requireInside(path), this.#entry(bytes ?? new Uint8Array()));
      progress?.(path, bytes?.length ?? 0);
    }
    const isEqual =
      there?.size === content.size &&
      [...content].every(
        ([path, { bytes }]) => sha256Hex(bytes) === sha256Hex(there.get(path)?.bytes ?? new Uint8Array()),
      );
    if (isEqual) return;
    if (there !== undefined && !replace)
      throw new AlmanacError("ARTIFACT_INVALID", `the results of ${fragment} are published and differ`, {
        facts: { fragment },
      });
    this.#fragments.set(requireInside(fragment), content);
  }

  async *fragments(): AsyncGenerator<string> {
    for (const [fragment, files] of [...this.#fragments].sort(([a], [b]) => compareCodeUnits(a, b)))
      if (files.has(executionFiles.definition)) yield fragment;
  }

  async *remains(): AsyncGenerator<string> {
    yield* [...this.#fragments.keys()].sort(compareCodeUnits);
  }

  async remove(fragment: string): Promise<void> {
    this.#fragments.delete(requireInside(fragment));
  }

  discard(path: string): void {
    const inside = requireInside(path);
    for (const [fragment, files] of [...this.#fragments]) {
      const left = [...files].filter(([file]) => !`${fragment}/${file}/`.startsWith(`${inside}/`));
      if (left.length === 0) this.#fragments.delete(fragment);
      else this.#fragments.set(fragment, new Map(left));
    }
  }

  #entry(bytes: Uint8Array): Entry {
    this.#writes += 1;
    return { bytes, stamp: `${bytes.length}:0:${this.#writes}` };
  }
}
