import type { FileHeader } from "../core/catalog/source-type.ts";

/** One file's header, or why there is none. */
export type HeaderResult =
  | { readonly ok: true; readonly path: string; readonly header: FileHeader }
  | {
      readonly ok: false;
      readonly path: string;
      readonly code: "FILE_UNREADABLE" | "FILE_INVALID";
      readonly reason: string;
    };

/** Opens files, in worker processes that a broken file cannot take down with the command. */
export interface HeaderReader {
  /** Headers of absolute paths, in any order, one result each. */
  read(paths: Iterable<string>, signal: AbortSignal): AsyncIterable<HeaderResult>;
  close(): Promise<void>;
}
