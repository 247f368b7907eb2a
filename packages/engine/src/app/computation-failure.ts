import { AlmanacError, type ErrorCode, errorKinds } from "../core/errors.ts";
import { signatureOf } from "../core/execution/failure-signature.ts";
import type { Failure } from "../core/execution/outcome.ts";
import type { FailureClass } from "../core/execution/state.ts";
import type { CommandEnd } from "../ports/process-tree.ts";

/** Codes of Node.js that mean there is no space left, whoever was writing. */
const diskFullCodes: readonly string[] = ["ENOSPC", "EDQUOT"];

/** Numbers of the signals that end programs, on Linux; 128 + n is how a shell tells of them. @source signal(7) */
const signalNumbers: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  5: "SIGTRAP",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  10: "SIGUSR1",
  11: "SIGSEGV",
  12: "SIGUSR2",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
  24: "SIGXCPU",
  25: "SIGXFSZ",
  31: "SIGSYS",
};

/** A failure with its signature. */
function failure(failureClass: FailureClass, code: string, message: string): Failure {
  return { class: failureClass, code, message, signature: signatureOf(failureClass, code, message) };
}

/** The machine is not as the computation needs it: another machine, or this one once it is mended, can run it. */
function isOfTheSystem(code: ErrorCode): boolean {
  return errorKinds[code].retryable || code === "ENVIRONMENT_INVALID";
}

/** Class and code of anything thrown that is no error of ours. */
function foreign(error: Error): { readonly class: FailureClass; readonly code: string } {
  const errno = (error as { readonly code?: unknown }).code;
  if (typeof errno === "string" && diskFullCodes.includes(errno))
    return { class: "system", code: "DISK_FULL" };
  if (error instanceof RangeError && /allocation failed/i.test(error.message))
    return { class: "system", code: "MEMORY_LIMIT" };
  return { class: "diagnostic", code: "DIAGNOSTIC_FAILED" };
}

/**
 * What a thrown value means for an execution. An error of ours keeps its code and is a system failure if it is
 * retryable or says that something is missing outside of the computation, such as its program; a full disk and a refused allocation are system failures; anything else is the diagnostic's.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof AlmanacError)
    return failure(isOfTheSystem(error.code) ? "system" : "diagnostic", error.code, error.message);
  if (!(error instanceof Error))
    return failure("diagnostic", "DIAGNOSTIC_FAILED", `thrown: ${String(error)}`);
  const { class: failureClass, code } = foreign(error);
  return failure(failureClass, code, `${error.name}: ${error.message}`);
}

/** Name of the signal that an exit code above 128 tells of; undefined for an ordinary one. */
function signalOfExit(exitCode: number): string | undefined {
  const number = exitCode - 128;
  if (number < 1 || number > 64) return undefined;
  return signalNumbers[number] ?? `SIG${number}`;
}

/**
 * How a command line failed by itself, undefined if it did not. A signal, also one that the exit code 128 + n tells
 * of, is a system failure; any other exit code but 0 is the diagnostic's.
 */
export function failureOfCommand(end: Pick<CommandEnd, "exitCode" | "signal">): Failure | undefined {
  const signal = end.signal ?? signalOfExit(end.exitCode ?? 0);
  if (signal !== undefined)
    return failure("system", `SIGNAL_${signal}`, `the command was ended by ${signal}`);
  if (end.exitCode === 0) return undefined;
  return failure("diagnostic", `EXIT_${end.exitCode}`, `the command ended with exit code ${end.exitCode}`);
}
