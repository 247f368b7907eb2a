import { type ChildProcess, fork } from "node:child_process";
import { AlmanacError } from "../../core/errors.ts";
import type { Owner } from "../../core/execution/record.ts";
import type { ProcessTrees } from "../../ports/process-tree.ts";
import type { FromWorker, ToWorker } from "./protocol.ts";

/** Characters kept of what a worker writes to its own standard error: the last words of a crash. */
const keptText = 4000;

/** Milliseconds to wait for these after the process is gone. */
const lastWordsMs = 50;

/** What a worker process reports. */
export interface WorkerEvents {
  readonly message: (message: FromWorker) => void;
  /** The process is gone; what it started may still run. */
  readonly exit: (how: { readonly code: number | null; readonly signal: NodeJS.Signals | null }) => void;
}

/** How to start a worker. */
export interface WorkerProgram {
  /** Absolute path of the worker program. */
  readonly program: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** One worker process, leader of its own session, with a control pipe. */
export interface WorkerProcess {
  readonly owner: Owner;
  send(message: ToWorker): void;
  /** Closes the control pipe; the worker then ends itself and what it runs. */
  release(): void;
  /** What it last wrote outside of any computation. */
  lastWords(): string;
}

/**
 * Starts a worker.
 * @throws ENVIRONMENT_INVALID when no process could be started
 */
export function startWorker(
  { program, arguments: args, environment }: WorkerProgram,
  { trees, events }: { readonly trees: Pick<ProcessTrees, "identify">; readonly events: WorkerEvents },
): WorkerProcess {
  const child = fork(program, args, {
    execPath: process.execPath,
    execArgv: [],
    env: { ...process.env, ...environment },
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const owner = child.pid === undefined ? undefined : trees.identify(child.pid);
  if (owner === undefined)
    throw new AlmanacError("ENVIRONMENT_INVALID", `no worker process could be started: ${program}`, {
      hint: "look how many processes this user may have (ulimit -u), or take fewer with executor.jobs",
    });
  let words = "";
  const keep = (bytes: Uint8Array): void => {
    words = (words + Buffer.from(bytes).toString()).slice(-keptText);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  child.on("message", events.message);
  child.on("exit", (code, signal) => {
    // Its last words may still be in its pipes; but these stay open as long as a process it started has them.
    const exited = once(() => events.exit({ code, signal }));
    child.on("close", exited);
    setTimeout(exited, lastWordsMs);
  });
  child.on("error", (error) => keep(Buffer.from(`${error.message}\n`)));
  return {
    owner,
    send: (message) => sendTo(child, message),
    release: () => {
      if (child.connected) child.disconnect();
    },
    lastWords: () => words.trim(),
  };
}

/** Calls a function the first time only. */
function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}

/** Sends unless the worker is gone: its exit is about to be seen. */
function sendTo(child: ChildProcess, message: ToWorker): void {
  if (child.connected) child.send(message, () => {});
}
