import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import path from "node:path";

/** Where a log is and how large it may become. */
export interface LogFileOptions {
  /** Absolute; older parts are beside it, with `.1`, `.2`, … after the name. */
  readonly file: string;
  /** A file that would grow beyond is set aside first. @units bytes */
  readonly maxBytes: number;
  /** Older parts that are kept. */
  readonly keepFiles: number;
}

/**
 * A file that lines are appended to, in place before `write` returns, also when several processes do so at once. When it
 * would grow beyond its size it becomes `.1`, `.1` becomes `.2`, and the oldest part goes. It is no durable write: nothing
 * depends on it.
 */
export class LogFile {
  readonly #options: LogFileOptions;
  #handle: number;
  #size: number;

  /** Opens the file; folders are made. @throws what the file system throws */
  constructor(options: LogFileOptions) {
    this.#options = options;
    mkdirSync(path.dirname(options.file), { recursive: true });
    this.#handle = openSync(options.file, "a", 0o600);
    this.#size = fstatSync(this.#handle).size;
  }

  /** Appends one line, its end included. @throws what the file system throws */
  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#size > 0 && this.#size + bytes.length > this.#options.maxBytes) this.#rotate();
    writeSync(this.#handle, bytes);
    this.#size += bytes.length;
  }

  /** Closes the file; nothing may be written afterwards. */
  close(): void {
    closeSync(this.#handle);
  }

  /** Sets the file aside, unless another process just did, and begins a new one. */
  #rotate(): void {
    const { file, maxBytes, keepFiles } = this.#options;
    const own = fstatSync(this.#handle).ino;
    const present = statSync(file, { throwIfNoEntry: false });
    if (present?.ino === own && present.size > 0) {
      rmSync(partOf(file, keepFiles), { force: true });
      for (let part = keepFiles - 1; part >= 0; part -= 1)
        renameIfThere(partOf(file, part), partOf(file, part + 1));
    }
    closeSync(this.#handle);
    this.#handle = openSync(file, "a", 0o600);
    this.#size = Math.min(fstatSync(this.#handle).size, maxBytes);
  }
}

/** Name of an older part; 0 is the file itself. */
function partOf(file: string, part: number): string {
  return part === 0 ? file : `${file}.${part}`;
}

function renameIfThere(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to);
}
