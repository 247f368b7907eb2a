import type { ExecutionState } from "../../core/execution/state.ts";
import type { Event } from "../../ports/events.ts";
import type { LogLevel } from "./program-log.ts";

/** States that end an execution; the others are of interest only when something is looked for. */
const ends: ReadonlySet<ExecutionState> = new Set(["published", "failed", "aborted"]);

/** The level at which an event of a use case is logged; undefined: never, because it only draws progress. */
export function levelOf(event: Event): LogLevel | undefined {
  switch (event.kind) {
    case "warning":
      return "warn";
    case "transfer.progress":
      return "debug";
    case "solve.planned":
      return "info";
    case "execution.state":
      if (event.state === "failed") return "warn";
      return ends.has(event.state) ? "info" : "debug";
    default:
      return undefined;
  }
}
