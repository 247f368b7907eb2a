import { closeSync, fstatSync, fsync, openSync, readSync, writeSync } from "node:fs";
import { promisify } from "node:util";
import { type DurableObserver, observed, observedAsync } from "../../ports/durable.ts";
import { type FoundFrame, frame, frameHead, readFrames } from "./frames.ts";
import { storing, storingAsync } from "./store-errors.ts";

const syncToDisk = promisify(fsync);

/** A frame of a log, with where it begins in the file. */
export interface LoggedFrame extends FoundFrame {
  readonly at: number;
}

/** Most that is read at once, unless a frame is larger. */
const pieceBytes = 1 << 20;

const nothing = Buffer.alloc(0);

/** A file that only grows, by whole frames, from several processes at once. */
export interface LogFile {
  /** Reads what was appended since the last time, by this process too. A chunk is read over once its frames were told. */
  refresh(found: (chunk: Buffer, frame: LoggedFrame) => void): void;
  /** Appends one frame. @returns where it begins */
  append(kind: number, payload: Uint8Array): number;
  /** The payload of a frame of known length. */
  read(at: number, length: number): Buffer;
  /** Looks at its size only. */
  look(): void;
  /** Size when last looked at. */
  size(): number;
  /** Waits until everything appended is on disk. */
  sync(): Promise<void>;
  /** Damaged stretches seen so far. */
  damaged(): number;
  close(): void;
}

/** Opens a log; made when there is none. @throws STORE_UNAVAILABLE, DISK_FULL */
export function openLog(path: string, observer: DurableObserver): LogFile {
  const file = storing(`open ${path}`, () => openSync(path, "a+", 0o644));
  let readTo = 0;
  let size = 0;
  let damaged = 0;
  let dirty = false;
  return {
    refresh: (found) =>
      storing(`read ${path}`, () => {
        size = fstatSync(file).size;
        let buffer = nothing;
        for (let length = pieceBytes; readTo < size; ) {
          const from = readTo;
          const more = size - from > length;
          const wanted = Math.min(length, size - from);
          if (wanted > buffer.length) buffer = Buffer.allocUnsafeSlow(wanted);
          const chunk = readInto(file, buffer.subarray(0, wanted), from);
          const read = readFrames(
            chunk,
            (each) => found(chunk, { ...each, at: from + each.start - frameHead }),
            {
              more,
            },
          );
          damaged += read.damaged;
          readTo += read.end;
          if (!more) return;
          length = read.end === 0 ? length * 2 : pieceBytes;
        }
      }),
    append: (kind, payload) =>
      storing(`write ${path}`, () =>
        observed(observer, "products.append", () => {
          const bytes = frame(kind, payload);
          const at = fstatSync(file).size;
          for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
          dirty = true;
          size = at + bytes.length;
          return placeOf(file, bytes, at);
        }),
      ),
    read: (at, length) => storing(`read ${path}`, () => readRange(file, at, frameHead + length)),
    look: () => {
      size = storing(`read ${path}`, () => fstatSync(file).size);
    },
    size: () => size,
    sync: async () => {
      if (!dirty) return;
      dirty = false;
      await storingAsync(`write ${path}`, () =>
        observedAsync(observer, "products.sync", () => syncToDisk(file)),
      );
    },
    damaged: () => damaged,
    close: () => closeSync(file),
  };
}

/** Where appended bytes came to lie: at the end as it was, unless another process appended meanwhile. */
function placeOf(file: number, bytes: Buffer, expected: number): number {
  if (readRange(file, expected, bytes.length).equals(bytes)) return expected;
  const behind = readRange(file, expected, fstatSync(file).size - expected);
  return expected + behind.lastIndexOf(bytes);
}

// allow-parameters: file, offset and length, as the system call has them
function readRange(file: number, from: number, length: number): Buffer {
  return readInto(file, Buffer.allocUnsafeSlow(length), from);
}

/** @returns what was read of the buffer. allow-parameters: file, buffer and offset, as the system call has them */
function readInto(file: number, bytes: Buffer, from: number): Buffer {
  let done = 0;
  for (let read = -1; read !== 0 && done < bytes.length; done += read)
    read = readSync(file, bytes, done, bytes.length - done, from + done);
  return bytes.subarray(0, done);
}
