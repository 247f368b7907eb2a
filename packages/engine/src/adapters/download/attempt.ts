import type { DownloadHow, RemoteContent } from "../../ports/downloader.ts";
import { differs, passing, refused } from "./download-errors.ts";
import type { OpenedSource, OpenSource } from "./opened-source.ts";
import { partialBytes, partialDigest, removePartial, writePieces } from "./partial-file.ts";

/** What is known between the requests for one content. */
export interface DownloadState {
  /** True once the bytes may come from two contents: the file was replaced between two requests. */
  mixed: boolean;
  /** Bytes that the last request brought. */
  broughtBytes: number;
}

/** What one request needs. */
export interface AttemptInput {
  readonly content: RemoteContent;
  readonly how: DownloadHow;
  readonly open: OpenSource;
  readonly stallSeconds: number;
  readonly state: DownloadState;
}

/**
 * Asks once for what is missing of the content, and checks the whole when nothing is.
 * @throws DOWNLOAD_FAILED when more requests may help, else as the port says
 */
export async function attempt({ content, how, open, stallSeconds, state }: AttemptInput): Promise<void> {
  const { partial, signal, progress } = how;
  const there = await partialBytes(partial);
  const have = content.sizeBytes !== undefined && there > content.sizeBytes ? 0 : there;
  state.broughtBytes = 0;
  if (content.sizeBytes === undefined || have < content.sizeBytes || there !== have || there === 0) {
    using stall = stallWatch(signal, stallSeconds);
    const source = await inTime(() => open(content, { from: have, signal: stall.signal }), {
      content,
      stall,
    });
    const start = checkedStart(source, { content, have });
    state.mixed = start > 0;
    const end = await write(source, { content, partial, start, stall, state, progress });
    requireAll(end, { content, source });
  } else state.mixed = true;
  const found = await partialDigest(partial, signal);
  if (found === content.sha256) return;
  await removePartial(partial);
  // Whatever it brought was in vain, which counts.
  state.broughtBytes = 0;
  if (state.mixed) throw passing(content, { why: "its parts do not fit together; it is fetched anew" });
  throw differs({ ...content, found }, `it has sha256 ${found}, not ${content.sha256}`);
}

interface Writing {
  readonly content: RemoteContent;
  readonly partial: string;
  readonly start: number;
  readonly stall: StallWatch;
  readonly state: DownloadState;
  readonly progress: DownloadHow["progress"];
}

/** @returns bytes that are there then */
async function write(
  source: OpenedSource,
  { content, partial, start, stall, state, progress }: Writing,
): Promise<number> {
  let end = start;
  const wrote = (bytes: number): void => {
    stall.touch();
    state.broughtBytes = bytes - start;
    end = bytes;
    progress?.(bytes);
    // A server that never ends must not fill the disk.
    if (content.sizeBytes !== undefined && bytes > content.sizeBytes)
      throw differs(content, `it has more than ${content.sizeBytes} bytes`);
  };
  await inTime(() => writePieces(partial, { from: start, pieces: source.bytes, wrote }), { content, stall });
  return end;
}

/** Where the answer begins, which is where the file ends or its beginning. */
function checkedStart(
  { start, totalBytes }: OpenedSource,
  { content, have }: { readonly content: RemoteContent; readonly have: number },
): number {
  if (start !== have && start !== 0)
    throw refused(content, "the server answers with a range nobody asked for");
  if (totalBytes !== undefined && content.sizeBytes !== undefined && totalBytes !== content.sizeBytes)
    throw differs(content, `it has ${totalBytes} bytes, not ${content.sizeBytes}`);
  return start;
}

function requireAll(
  end: number,
  { content, source }: { readonly content: RemoteContent; readonly source: OpenedSource },
): void {
  const whole = content.sizeBytes ?? source.totalBytes;
  if (whole !== undefined && end < whole)
    throw passing(content, { why: `the connection ended after ${end} of ${whole} bytes` });
}

/** Aborts when nothing has happened for a while. */
interface StallWatch extends Disposable {
  readonly signal: AbortSignal;
  readonly stalled: () => boolean;
  readonly seconds: number;
  touch(): void;
}

function stallWatch(outer: AbortSignal, seconds: number): StallWatch {
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), seconds * 1000);
  return {
    signal: AbortSignal.any([outer, stalled.signal]),
    stalled: () => stalled.signal.aborted && !outer.aborted,
    seconds,
    touch: () => {
      timer.refresh();
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      // Ends the connection of an answer that is not read to its end.
      stalled.abort();
    },
  };
}

/** Tells a stall from what else may end a request. */
async function inTime<T>(
  request: () => Promise<T>,
  { content, stall }: { readonly content: RemoteContent; readonly stall: StallWatch },
): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!stall.stalled()) throw error;
    throw passing(content, { why: `nothing came for ${stall.seconds} s`, cause: error });
  }
}
