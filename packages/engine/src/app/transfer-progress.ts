import type { Rid } from "../core/identity/rid.ts";
import type { Clock } from "../ports/clock.ts";
import type { Event, EventSink } from "../ports/events.ts";

/** Milliseconds between two events of one transfer. */
const tellMs = 250;

/** What is transferred, and who is told. */
export interface TransferOptions {
  readonly phase: Extract<Event, { kind: "transfer.progress" }>["phase"];
  readonly rid?: Rid;
  /** Of all files together; absent: nobody knows. */
  readonly totalBytes?: number;
  readonly emit: EventSink;
  readonly clock: Pick<Clock, "monotonicMs">;
}

/** Takes how many bytes of one file are done so far. */
export type FileProgress = (doneBytes: number) => void;

/**
 * Tells of a transfer in true bytes: of all its files together, a few times a second and once all is done.
 * @returns what takes the progress of one file
 */
export function transferProgress({ emit, clock, ...what }: TransferOptions): (file: string) => FileProgress {
  let done = 0;
  let toldMs = Number.NEGATIVE_INFINITY;
  return (file) => {
    let before = 0;
    return (doneBytes) => {
      // A download that is begun anew goes back.
      done += doneBytes - before;
      before = doneBytes;
      const now = clock.monotonicMs();
      if (now - toldMs < tellMs && done !== what.totalBytes) return;
      toldMs = now;
      emit({ kind: "transfer.progress", ...what, file, doneBytes: done });
    };
  };
}
