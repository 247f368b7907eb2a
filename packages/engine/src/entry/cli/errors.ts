import { AlmanacError, errorKinds } from "../../core/errors.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Presents an error on stderr: what happened and why, `error[CODE]`, and what to do.
 * @returns the exit code of the command
 */
export function presentError(
  error: unknown,
  { terminal, debug }: { terminal: Terminal; debug: boolean },
): number {
  if (error instanceof AlmanacError) {
    terminal.err(`error[${error.code}]: ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`  to do: ${error.hint}\n`);
    if (debug) terminal.err(`${stacks(error)}\n`);
    return errorKinds[error.code].exit;
  }
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2;
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`error[DEFECT]: ${message}\n  this is a bug in Almanac\n`);
  terminal.err(
    debug ? `${stacks(error)}\n` : "  to do: run the command again with --debug and report what it prints\n",
  );
  return 1;
}

/** Commander has printed its message already and carries exit code 0 for help and version. */
function isCommanderError(error: unknown): error is { readonly code: string; readonly exitCode: number } {
  return error instanceof Error && "code" in error && String(error.code).startsWith("commander.");
}

function stacks(error: unknown): string {
  const own = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return error instanceof Error && error.cause !== undefined
    ? `${own}\ncaused by ${stacks(error.cause)}`
    : own;
}
