import type { FileHeader } from "../core/catalog/source-type.ts";

/** One file's header, or why there is none. */
export type HeaderResult =
  | { readonly ok: true; readonly path: string; readonly header: FileHeader }
  | {
      readonly ok: false;
      readonly path: string;
      readonly code: "FILE_UNREADABLE" | "FILE_INVALID";
      /** What is wrong, without the path: `truncated: 512 bytes, the header says 9024`. */
      readonly reason: string;
    };

/** Opens files, in worker processes that a broken file cannot take down with the command. */
export interface HeaderReader {
  /**
   * Headers of absolute paths, in any order, one result each. Paths are taken as they can be worked on.
   * @throws INTERRUPTED when the signal aborts before all results are there
   */
  read(paths: Iterable<string>, signal: AbortSignal): AsyncIterable<HeaderResult>;
  /** Ends what was started for reading; reading again starts it anew. */
  close(): Promise<void>;
}
