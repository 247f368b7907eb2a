import type { Event, EventSink } from "../../ports/events.ts";
import type { CommandContext } from "./command.ts";

/** Presents events on stderr: one live line in a terminal, else a line for what matters. */
export interface Progress {
  readonly emit: EventSink;
  /** Clears the live line. */
  end(): void;
  [Symbol.dispose](): void;
}

/** Milliseconds between two drawings of the live line. */
const redrawMs = 80;

/** The progress of a command; `--quiet` shows warnings only. */
export function progressSink({ terminal, flags }: CommandContext): Progress {
  const quiet = flags().quiet === true;
  let drawnAt = 0;
  let shown = false;
  const clear = (): void => {
    if (shown) terminal.err("\r\u001b[2K");
    shown = false;
  };
  const emit = (event: Event): void => {
    const line = lastingLine(event);
    if (line !== undefined && (!quiet || event.kind === "warning")) {
      clear();
      terminal.err(`${line}\n`);
    }
    const live = liveLine(event);
    const now = performance.now();
    if (live === undefined || quiet || !terminal.live || now - drawnAt < redrawMs) return;
    drawnAt = now;
    shown = true;
    terminal.err(`\r\u001b[2K${live.slice(0, terminal.columns - 1)}`);
  };
  return { emit, end: clear, [Symbol.dispose]: clear };
}

/** What stays on the screen: warnings and failures. */
function lastingLine(event: Event): string | undefined {
  if (event.kind === "warning") return `warning[${event.code}]: ${event.message}`;
  if (event.kind !== "execution.state" || event.state !== "failed") return undefined;
  return `failed  ${event.rid}  ${event.name}: ${event.message}`;
}

function liveLine(event: Event): string | undefined {
  switch (event.kind) {
    case "ingest.progress":
      return `${event.seen} files seen, ${event.opened} opened, ${event.invalid} invalid`;
    case "import.progress":
      return `${event.rows} rows read, ${event.invalid} invalid`;
    case "finalise.progress":
      return `opening ${event.opened} of ${event.total} files`;
    case "execution.state":
      return `[${event.ended}/${event.total}] ${event.state} ${event.name}`;
    case "execution.progress":
      return `${event.rid} ${event.fraction === undefined ? "" : `${Math.round(event.fraction * 100)} % `}${event.text ?? ""}`;
    default:
      return undefined;
  }
}
