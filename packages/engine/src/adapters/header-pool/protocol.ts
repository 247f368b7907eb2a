import type { HeaderResult } from "../../ports/header-reader.ts";

/** What the pool sends to a worker: files to open. */
export interface HeaderRequest {
  readonly paths: readonly string[];
}

/** What a worker answers: one result per path, in order. */
export interface HeaderReply {
  readonly results: readonly HeaderResult[];
  /** True when the worker ends after this reply and wants to be replaced. */
  readonly last: boolean;
}
