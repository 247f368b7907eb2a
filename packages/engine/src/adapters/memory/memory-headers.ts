import type { FileHeader } from "../../core/catalog/source-type.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { HeaderReader, HeaderResult } from "../../ports/header-reader.ts";

/** Absolute path → header, or why the file is invalid. */
export type HeadersByPath = Pick<ReadonlyMap<string, FileHeader | string>, "get">;

/**
 * Headers held in memory. A path without one has vanished; a text in place of a header is the reason why that file is
 * invalid.
 */
export class MemoryHeaders implements HeaderReader {
  readonly #headers: HeadersByPath;
  #opened = 0;

  constructor(headers: HeadersByPath) {
    this.#headers = headers;
  }

  /** How many files have been asked for so far. */
  get opened(): number {
    return this.#opened;
  }

  async *read(paths: Iterable<string>, signal: AbortSignal): AsyncGenerator<HeaderResult> {
    for (const path of paths) {
      if (signal.aborted)
        throw new AlmanacError("INTERRUPTED", "interrupted while files were opened", {
          cause: signal.reason,
        });
      this.#opened += 1;
      yield this.#result(path);
    }
  }

  async close(): Promise<void> {}

  #result(path: string): HeaderResult {
    const header = this.#headers.get(path);
    if (header === undefined)
      return { ok: false, path, code: "FILE_UNREADABLE", reason: "vanished after its folder was listed" };
    return typeof header === "string"
      ? { ok: false, path, code: "FILE_INVALID", reason: header }
      : { ok: true, path, header };
  }
}
