import type { PlannedStep } from "../../app/steps/plan-steps.ts";
import type { StepEvent } from "../../core/steps/events.ts";
import { reasonText } from "../../core/steps/explanation.ts";
import type { CommandContext } from "./command.ts";

/** Lines about a build on stderr: one for each step that ran, and a live one in a terminal. */
export interface BuildProgress extends Disposable {
  readonly observe: (event: StepEvent) => void;
}

/** Milliseconds between two drawings of the live line. */
const redrawMs = 80;

/** Shows a build. `--quiet` shows warnings and failures only. */
export function buildProgress({ terminal, flags }: CommandContext): BuildProgress {
  const quiet = flags().quiet === true;
  const running = new Set<string>();
  let drawnAt = 0;
  let built = 0;
  let shown = false;
  const clear = (): void => {
    if (shown) terminal.err("\r\u001b[2K");
    shown = false;
  };
  const live = (): void => {
    const now = performance.now();
    if (quiet || !terminal.live || now - drawnAt < redrawMs) return;
    drawnAt = now;
    shown = true;
    const text = `${built} built${running.size === 0 ? "" : `, running ${[...running].join(", ")}`}`;
    terminal.err(`\r\u001b[2K${text.slice(0, terminal.columns - 1)}`);
  };
  const observe = (event: StepEvent): void => {
    if (event.kind === "building") running.add(event.step);
    if (event.kind === "built" || event.kind === "failed") running.delete(event.step);
    if (event.kind === "built") built++;
    const line = lastingLine(event);
    if (line !== undefined && (!quiet || isTrouble(event))) {
      clear();
      terminal.err(`${line}\n`);
    }
    live();
  };
  const onStop = (): void => {
    clear();
    if (running.size > 0) terminal.err(`stopping after ${[...running].join(", ")}; Ctrl-C again gives up\n`);
  };
  terminal.stop.addEventListener("abort", onStop, { once: true });
  const dispose = (): void => {
    clear();
    terminal.stop.removeEventListener("abort", onStop);
  };
  return { observe, [Symbol.dispose]: dispose };
}

function isTrouble({ kind }: StepEvent): boolean {
  return kind === "failed" || kind === "load-failed" || kind === "warning" || kind === "retrying";
}

function lastingLine(event: StepEvent): string | undefined {
  switch (event.kind) {
    case "built": {
      const why = event.reasons.map(reasonText).join("; ");
      return `built    ${event.step}  ${time(event.durationMs)}  ${size(event.bytes)}${why === "" ? "" : `  (${why})`}`;
    }
    case "fetched":
      return `fetched  ${event.product ?? event.step}  ${time(event.durationMs)}  ${size(event.bytes)}`;
    case "failed":
      return `failed   ${event.step}: ${event.message}${event.hint === undefined ? "" : `\n         to do: ${event.hint}`}`;
    case "load-failed":
      return `warning: ${event.product ?? event.step} cannot be had and is made again: ${event.message}`;
    case "retrying":
      return `retrying ${event.step} after attempt ${event.attempt}: ${event.message}`;
    case "warning":
      return `warning: ${event.message}`;
    case "waiting":
      return `waiting  ${event.step}: another process runs it`;
    default:
      return undefined;
  }
}

/** Milliseconds for people. */
export function time(ms: number): string {
  return ms < 1000 ? `${ms.toPrecision(3)} ms` : `${(ms / 1000).toPrecision(3)} s`;
}

/** Bytes for people. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(4, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toPrecision(3)} ${["B", "KiB", "MiB", "GiB", "TiB"][power] ?? ""}`;
}

/** Columns of a plan. */
export const planColumns = [
  { heading: "step", text: ({ step }: PlannedStep) => step },
  { heading: "products", text: ({ products }: PlannedStep) => products.join(", ") },
  {
    heading: "decision",
    text: ({ decision }: PlannedStep) =>
      decision === "if-changed" ? "run if a requirement changes" : decision,
  },
  {
    heading: "why",
    text: ({ reasons, waitsFor }: PlannedStep) =>
      waitsFor.length > 0 ? `waits for ${waitsFor.join(", ")}` : reasons.map(reasonText).join("; "),
  },
];
