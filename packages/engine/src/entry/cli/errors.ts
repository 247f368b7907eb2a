import { AlmanacError, errorKinds } from "../../core/errors.ts";
import type { Terminal } from "./terminal.ts";

/** The exit code of a command that ended with this error. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof AlmanacError) return errorKinds[error.code].exit;
  if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2;
  return 1;
}

/** How an error is presented. */
export interface ErrorPresentation {
  readonly terminal: Terminal;
  /** Print stacks. */
  readonly debug: boolean;
  /** The file that holds the stacks anyway. */
  readonly logFile: string | undefined;
}

/** Presents an error on stderr: what happened and why, `error[CODE]`, and what to do. */
export function presentError(error: unknown, { terminal, debug, logFile }: ErrorPresentation): void {
  if (isCommanderError(error)) return;
  if (error instanceof AlmanacError) {
    terminal.err(`error[${error.code}]: ${error.message}\n`);
    if (error.hint !== undefined) terminal.err(`  to do: ${error.hint}\n`);
    if (debug) terminal.err(`${stacks(error)}\n`);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  terminal.err(`error[DEFECT]: ${message}\n  this is a bug in Almanac\n`);
  if (debug) terminal.err(`${stacks(error)}\n`);
  else terminal.err(`  to do: report it with ${whereStackIs(logFile)}\n`);
}

function whereStackIs(logFile: string | undefined): string {
  return logFile === undefined
    ? "what the command prints when it is run again with --debug"
    : `the last lines of ${logFile}`;
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
