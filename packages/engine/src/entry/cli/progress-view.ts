import type { ExecutionState } from "../../core/execution/state.ts";
import type { Event } from "../../ports/events.ts";
import { byteText } from "./byte-text.ts";

/** Turns events into the lines of a live display. Knows no clock and no terminal. */
export interface ProgressView {
  /** @param atMs when it was told, in milliseconds of any steady clock */
  apply(event: Event, atMs: number): void;
  /**
   * What is to be seen now; nothing while nothing is known.
   * @param size.columns no line is longer
   */
  lines(nowMs: number, size: { readonly columns: number; readonly rows: number }): readonly string[];
}

/** Counts of the work at hand. */
interface Work {
  readonly kind: Event["kind"];
  readonly text: string;
  /** What the rate counts. */
  readonly done: number;
  readonly unit: string;
  readonly sinceMs: number;
}

/** An execution that a worker has. */
interface Running {
  readonly name: string;
  readonly sinceMs: number;
  readonly note: string;
}

/** Lines beside the running executions: the work at hand and "and n more". */
const otherLines = 2;

/** A display of nothing yet. */
export function createProgressView(): ProgressView {
  const running = new Map<string, Running>();
  const ended = new Map<ExecutionState, number>();
  let work: Work | undefined;
  return {
    apply(event, atMs) {
      if (event.kind === "execution.progress") note(running, event);
      if (event.kind === "execution.state") count({ running, ended }, event, atMs);
      const next = workOf(event, ended);
      if (next !== undefined)
        work = { ...next, kind: event.kind, sinceMs: work?.kind === event.kind ? work.sinceMs : atMs };
    },
    lines(nowMs, { columns, rows }) {
      if (work === undefined) return [];
      const shown = [...running].slice(0, Math.max(0, rows - otherLines - 1));
      const more = running.size - shown.length;
      const lines = [
        workLine(work, { running: running.size, nowMs }),
        ...shown.map(([rid, each]) => runningLine(rid, each, nowMs)),
        ...(more > 0 ? [`  and ${more} more running`] : []),
      ];
      return lines.map((line) => line.slice(0, columns));
    },
  };
}

const doing = { download: "downloading", seal: "taking digests:", copy: "copying" } as const;

type Told = Pick<Work, "text" | "done" | "unit">;

/** What an event tells of the work at hand; undefined for one that tells nothing of it. */
function workOf(event: Event, ended: ReadonlyMap<ExecutionState, number>): Told | undefined {
  switch (event.kind) {
    case "ingest.progress": {
      // Files count as seen once they are recorded, which those that are open now are not yet.
      const seen = Math.max(event.seen, event.opened);
      const text = `${seen} files seen, ${event.opened} opened, ${event.invalid} invalid`;
      return { text, done: seen, unit: "files" };
    }
    case "import.progress": {
      const text = `${event.rows} rows read, ${event.invalid} invalid`;
      return { text, done: event.rows, unit: "rows" };
    }
    case "finalise.progress": {
      const text = `opening files: ${event.opened} of ${event.total}`;
      return { text, done: event.opened, unit: "files" };
    }
    case "transfer.progress": {
      const { phase, file, doneBytes, totalBytes } = event;
      const of = totalBytes === undefined ? "" : ` of ${byteText(totalBytes)}`;
      return { text: `${doing[phase]} ${file}: ${byteText(doneBytes)}${of}`, done: doneBytes, unit: "bytes" };
    }
    case "execution.state": {
      const states = [...ended].map(([state, times]) => `${times} ${state}`).join(", ");
      const text = `executions: ${event.ended} of ${event.total} ended${states === "" ? "" : ` (${states})`}`;
      return { text, done: event.ended, unit: "executions" };
    }
    default:
      return undefined;
  }
}

function note(
  running: Map<string, Running>,
  { rid, fraction, text = "" }: Extract<Event, { kind: "execution.progress" }>,
): void {
  const known = running.get(rid);
  if (known === undefined) return;
  const share = fraction === undefined ? "" : `${Math.round(fraction * 100)} % `;
  running.set(rid, { ...known, note: `${share}${text.replaceAll("\n", " ")}`.trim() });
}

// allow-parameters: what is changed, by what, and when
function count(
  { running, ended }: { running: Map<string, Running>; ended: Map<ExecutionState, number> },
  { rid, name, state }: Extract<Event, { kind: "execution.state" }>,
  atMs: number,
): void {
  if (state === "running") running.set(rid, { name, sinceMs: atMs, note: "" });
  if (!["published", "failed", "aborted"].includes(state)) return;
  running.delete(rid);
  ended.set(state, (ended.get(state) ?? 0) + 1);
}

function workLine(work: Work, { running, nowMs }: { running: number; nowMs: number }): string {
  const seconds = (nowMs - work.sinceMs) / 1000;
  const parts = [
    work.text,
    ...(running > 0 ? [`${running} running`] : []),
    durationText(seconds),
    ...rateText(work, seconds),
  ];
  return parts.join("  ");
}

// allow-parameters: who, what and when make one line
function runningLine(rid: string, { name, sinceMs, note: said }: Running, nowMs: number): string {
  return `  ${rid}  ${durationText((nowMs - sinceMs) / 1000)}  ${name}${said === "" ? "" : `  ${said}`}`;
}

/** Per second, or per minute where that is less than one; nothing before there is anything to tell. */
function rateText({ done, unit }: Work, seconds: number): readonly string[] {
  if (done === 0 || seconds < 1) return [];
  const rate = done / seconds;
  if (unit === "bytes") return [`${byteText(Math.round(rate))}/s`];
  return [
    rate >= 1 ? `${rate.toFixed(rate < 10 ? 1 : 0)} ${unit}/s` : `${(rate * 60).toFixed(1)} ${unit}/min`,
  ];
}

/** `12 s`, `3 min 05 s`, `2 h 07 min`. */
function durationText(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}
