import type { Failure } from "./outcome.ts";

/** Failures of the system that last until a person or the machine around it changes something. */
const lastingCodes: ReadonlySet<string> = new Set([
  "TIMEOUT",
  "MEMORY_LIMIT",
  "DISK_FULL",
  "ENVIRONMENT_INVALID",
  "FILE_MISSING",
  "ARTIFACT_INVALID",
]);

/**
 * True if a failure may pass while the same solve goes on, so that it tries again after a pause: a lost or killed
 * worker, a store that does not answer. A limit that the user has set, a full disk, a program or an input that is not there stay
 * as they are for the next seconds; such a failure is left to the next solve, and no try is spent on it.
 */
export function passesByItself(failure: Failure | undefined): boolean {
  return failure?.class === "system" && !lastingCodes.has(failure.code);
}
