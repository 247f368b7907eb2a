import type { RemoteContent } from "../../ports/downloader.ts";

/** The answer to one request for content. */
export interface OpenedSource {
  /** Where the bytes begin: as asked, or 0 from a source that gives the whole only. */
  readonly start: number;
  /** Size of the whole content, if the source says it. */
  readonly totalBytes?: number;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** What is asked for. */
export interface SourceRequest {
  /** First byte wanted. The source may know that there are none behind it: then it gives none. */
  readonly from: number;
  readonly signal: AbortSignal;
}

/** Asks for content. */
export type OpenSource = (content: RemoteContent, request: SourceRequest) => Promise<OpenedSource>;
