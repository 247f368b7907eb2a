import type { createLogUpdate } from "log-update";
import type { Event, EventSink } from "../../ports/events.ts";
import type { CommandContext } from "./command.ts";
import { createProgressView } from "./progress-view.ts";
import type { Terminal } from "./terminal.ts";

/** Presents events on stderr: a live display in a terminal, else a line for what matters. */
export interface Progress {
  readonly emit: EventSink;
  /** Writes a lasting line above the live display. */
  say(line: string): void;
  /** Ends the live display and leaves nothing of it. */
  end(): void;
  [Symbol.dispose](): void;
}

/** Milliseconds between two drawings. */
const redrawMs = 100;

/** The progress of a command; `--quiet` shows warnings only. */
export function progressSink({ terminal, flags }: CommandContext): Progress {
  const quiet = flags().quiet === true;
  const display = terminal.live && !quiet ? liveDisplay(terminal) : noDisplay;
  const say = (line: string): void => {
    display.clear();
    terminal.err(`${line}\n`);
  };
  const emit = (event: Event): void => {
    display.apply(event);
    const line = lastingLine(event);
    if (line !== undefined && (!quiet || event.kind === "warning")) say(line);
  };
  return { emit, say, end: display.end, [Symbol.dispose]: display.end };
}

/** Something that shows how work goes on. */
interface Display {
  readonly apply: EventSink;
  readonly clear: () => void;
  readonly end: () => void;
}

const noDisplay: Display = { apply: () => {}, clear: () => {}, end: () => {} };

/** Draws the view again and again, so that times go on while nothing is told. */
function liveDisplay(terminal: Terminal): Display {
  const view = createProgressView();
  let update: ReturnType<typeof createLogUpdate> | undefined;
  let drawn = false;
  let over = false;
  void loadUpdate(terminal).then((loaded) => {
    update = loaded;
  });
  const draw = (): void => {
    // Wrapping is what a line of full width may come to in some terminals.
    const lines = view.lines(performance.now(), { columns: terminal.columns - 1, rows: terminal.rows });
    if (over || update === undefined || lines.length === 0) return;
    update(lines.join("\n"));
    drawn = true;
  };
  const clear = (): void => {
    if (drawn) update?.clear();
    drawn = false;
  };
  const timer = setInterval(draw, redrawMs).unref();
  return {
    apply: (event) => view.apply(event, performance.now()),
    clear,
    end: () => {
      over = true;
      clearInterval(timer);
      clear();
    },
  };
}

/** The cursor stays: a killed command could not bring it back. */
async function loadUpdate(terminal: Terminal): Promise<ReturnType<typeof createLogUpdate>> {
  const { createLogUpdate: create } = await import("log-update");
  const { columns, rows } = terminal;
  const stream = { columns, rows, isTTY: true, write: (text: string) => terminal.err(text) };
  return create(stream as unknown as NodeJS.WritableStream, { showCursor: true });
}

/** What stays on the screen: warnings and failures. */
function lastingLine(event: Event): string | undefined {
  if (event.kind === "warning") return `warning[${event.code}]: ${event.message}`;
  if (event.kind !== "execution.state" || event.state !== "failed") return undefined;
  return `failed  ${event.rid}  ${event.name}: ${event.message}`;
}
