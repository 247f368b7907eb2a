import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { executionFiles } from "../../core/execution/outcome.ts";

/** Bytes kept of the beginning and of the end of a log. */
const keptBytes = 5_000_000;

/** The end of a long log is kept in two files that are overwritten by turns until the log is closed. */
const segmentNames = ["execution.log.0", "execution.log.1"] as const;

/** Names that a log has while it is written. */
export const logFiles: readonly string[] = [executionFiles.log, ...segmentNames];

/** Length of a segment's first line: the offset of its first byte behind the log's head, and a newline. */
const headerLength = 20;

/** A segment: where it begins behind the head, and its bytes. */
interface Segment {
  readonly offset: number;
  readonly bytes: Buffer;
}

/**
 * A log of which only the first and the last 5 MB are kept, however much is written. Everything is on its way to disk
 * at once, so that a killed worker's last words are there. An error of writing is kept and thrown by `close`, so that
 * a computation does not fail in the middle of printing.
 */
export class BoundedLog {
  readonly #folder: string;
  readonly #head: number;
  #headBytes = 0;
  #tail: number | undefined;
  #tailOffset = 0;
  #segmentBytes = 0;
  #turn = 0;
  #closed = false;
  #error: Error | undefined;

  /** Creates the log. @throws EEXIST (Node's own) when there is one */
  constructor(folder: string) {
    this.#folder = folder;
    this.#head = openSync(join(folder, executionFiles.log), "wx");
  }

  write(text: Uint8Array | string): void {
    if (this.#closed || this.#error !== undefined) return;
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    const room = Math.min(bytes.length, keptBytes - this.#headBytes);
    try {
      if (room > 0) writeAll(this.#head, bytes.subarray(0, room));
      this.#headBytes += room;
      this.#writeTail(bytes.subarray(room));
    } catch (error) {
      this.#error = error as Error;
    }
  }

  /** Joins what was kept into one file, brings it to disk and closes it. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (this.#error !== undefined) throw this.#error;
      if (this.#tail === undefined) fsyncSync(this.#head);
    } finally {
      if (this.#tail !== undefined) closeSync(this.#tail);
      closeSync(this.#head);
    }
    if (this.#tail !== undefined) joinLog(this.#folder);
  }

  #writeTail(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0; ) {
      const segment = this.#segment();
      const room = Math.min(rest.length, keptBytes - this.#segmentBytes);
      writeAll(segment, rest.subarray(0, room));
      this.#segmentBytes += room;
      this.#tailOffset += room;
      rest = rest.subarray(room);
    }
  }

  /** The segment that has room: the present one, or the other, overwritten. */
  #segment(): number {
    if (this.#tail !== undefined && this.#segmentBytes < keptBytes) return this.#tail;
    if (this.#tail !== undefined) closeSync(this.#tail);
    const segment = openSync(join(this.#folder, segmentNames[this.#turn % 2] as string), "w");
    this.#tail = segment;
    this.#turn += 1;
    this.#segmentBytes = 0;
    writeAll(segment, Buffer.from(`${String(this.#tailOffset).padStart(headerLength - 1, "0")}\n`));
    return segment;
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
}

function readSegment(path: string): Segment | undefined {
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  // Shorter than its first line: the writer was killed between creating and writing it.
  if (bytes.length <= headerLength) return undefined;
  return { offset: Number(bytes.toString("latin1", 0, headerLength)), bytes: bytes.subarray(headerLength) };
}

/**
 * Appends the last 5 MB, kept in segments, to a log's head with a line that says how many bytes were cut, and removes
 * the segments. A log without segments is left as it is. Works after the writer was killed, too.
 */
export function joinLog(folder: string): void {
  const paths = segmentNames.map((name) => join(folder, name));
  const segments = paths.map(readSegment).filter((segment) => segment !== undefined);
  segments.sort((a, b) => a.offset - b.offset);
  const last = segments.at(-1);
  if (last !== undefined) {
    const kept = Buffer.concat(segments.map((segment) => segment.bytes)).subarray(-keptBytes);
    const cut = last.offset + last.bytes.length - kept.length;
    const file = openSync(join(folder, executionFiles.log), "a");
    try {
      if (cut > 0)
        writeAll(file, Buffer.from(`\n[${cut} bytes cut here; the first and last ${keptBytes} are kept]\n`));
      writeAll(file, kept);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  }
  for (const path of paths) rmSync(path, { force: true });
}
