import type { RemoteContent } from "../../ports/downloader.ts";
import { refused } from "./download-errors.ts";
import { openFileUrl } from "./file-source.ts";
import { openHttp } from "./http-source.ts";

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

/**
 * What gives the content of a URL.
 * @throws DOWNLOAD_REFUSED for one that nothing can read, or that holds a password
 */
export function sourceOf(content: RemoteContent): OpenSource {
  const url = URL.canParse(content.url) ? new URL(content.url) : undefined;
  switch (url?.protocol) {
    case "http:":
    case "https:":
      if (url.username === "" && url.password === "") return openHttp;
      throw refused({ ...content, url: url.host }, "its URL holds a user or password");
    case "file:":
      return openFileUrl;
    default:
      throw refused(content, "it is no URL of http:, https: or file:");
  }
}
