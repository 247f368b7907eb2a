import type { RemoteContent } from "../../ports/downloader.ts";
import { networkError, statusError } from "./download-errors.ts";
import type { OpenedSource, SourceRequest } from "./opened-source.ts";

/**
 * Asks a server for content from some byte on. One that ignores the range gives the whole.
 * @throws DOWNLOAD_FAILED, DOWNLOAD_REFUSED; the signal's reason
 */
export async function openHttp(
  content: RemoteContent,
  { from, signal }: SourceRequest,
): Promise<OpenedSource> {
  // A compressed form has other sizes and ranges than the content itself.
  const headers = { "accept-encoding": "identity", ...(from > 0 ? { range: `bytes=${from}-` } : {}) };
  let response: Response;
  try {
    response = await fetch(content.url, { headers, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw networkError(error, content);
  }
  const { status, body } = response;
  if (status === 416 && from > 0) return await nothingBehind(from, response);
  if (status !== 200 && status !== 206) {
    await body?.cancel();
    throw statusError(content, response);
  }
  const { start, totalBytes } = extentOf(response);
  return {
    start,
    ...(totalBytes === undefined ? {} : { totalBytes }),
    bytes: bytesOf(body, { content, signal }),
  };
}

/** The server says that the content ends before the range: what is there may be all of it. */
async function nothingBehind(from: number, { body, headers }: Response): Promise<OpenedSource> {
  await body?.cancel();
  const [, total] = /^bytes \*\/(\d+)$/.exec(headers.get("content-range") ?? "") ?? [];
  return {
    start: from,
    ...(total === undefined ? {} : { totalBytes: Number(total) }),
    bytes: bytesOf(null, undefined),
  };
}

/** Where the bytes of an answer begin, and the size of the whole. @source RFC 9110 sections 8.6, 14.4 */
function extentOf({ status, headers }: Response): Pick<OpenedSource, "start" | "totalBytes"> {
  if (status === 206) {
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
    // Anything else than one range from a known byte on is refused by its start, which nobody asked for.
    if (first === undefined) return { start: -1 };
    return { start: Number(first), ...(total === "*" ? {} : { totalBytes: Number(total) }) };
  }
  const length = headers.get("content-length");
  const encoded = (headers.get("content-encoding") ?? "identity") !== "identity";
  return { start: 0, ...(length === null || encoded ? {} : { totalBytes: Number(length) }) };
}

async function* bytesOf(
  body: Response["body"],
  request: { readonly content: RemoteContent; readonly signal: AbortSignal } | undefined,
): AsyncGenerator<Uint8Array> {
  if (body === null || request === undefined) return;
  try {
    for await (const bytes of body) yield bytes;
  } catch (error) {
    request.signal.throwIfAborted();
    throw networkError(error, request.content);
  }
}
