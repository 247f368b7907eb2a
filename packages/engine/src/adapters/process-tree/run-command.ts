import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { AlmanacError } from "../../core/errors.ts";
import {
  type CommandEnd,
  executionVariable,
  type ProcessTrees,
  type TreeCommand,
} from "../../ports/process-tree.ts";

/** Starts the program in its own session, its output going to the sink. */
async function start(command: TreeCommand): Promise<ChildProcess & { readonly pid: number }> {
  const [program, ...rest] = command.argv;
  const child = spawn(program, rest, {
    cwd: command.cwd,
    env: { ...process.env, ...command.environment, [executionVariable]: command.marker },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", command.output);
  child.stderr.on("data", command.output);
  try {
    await once(child, "spawn");
  } catch (error) {
    throw new AlmanacError(
      "ENVIRONMENT_INVALID",
      `the command "${program}" cannot be started: ${(error as Error).message}`,
      {
        hint: "the program must be on the PATH of the worker and executable",
        facts: { argv: [...command.argv], cwd: command.cwd },
        cause: error,
      },
    );
  }
  if (child.pid === undefined)
    throw new AlmanacError("ENVIRONMENT_INVALID", `"${program}" was started and has no process id`, {
      hint: "try again; look how many processes this user may have: ulimit -u",
    });
  return child as ChildProcess & { readonly pid: number };
}

/**
 * Runs a command line until nothing of its tree is left: it may end by itself, pass its memory limit, or be ended by
 * the signal. What it left running in the background is ended with it.
 * @throws ENVIRONMENT_INVALID when it cannot be started
 */
export async function runCommand(
  trees: Pick<ProcessTrees, "identify" | "watch" | "end">,
  command: TreeCommand,
): Promise<CommandEnd> {
  const begin = performance.now();
  const child = await start(command);
  const root = { pid: child.pid, marker: command.marker };
  const closed = once(child, "close");
  const exited =
    child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, "exit");
  let exceededBytes: number | undefined;
  let ending: Promise<unknown> | undefined;
  const end = (graceMs: number): void => {
    ending ??= trees.end(root, { graceMs });
  };
  const abort = (): void => end(command.graceMs);
  const watch = trees.watch(root, {
    ...(command.memoryBytes === undefined ? {} : { memoryBytes: command.memoryBytes }),
    exceeded: (bytes) => {
      exceededBytes = bytes;
      end(0);
    },
  });
  const owner = trees.identify(child.pid);
  if (owner !== undefined) command.started(owner);
  command.signal.addEventListener("abort", abort, { once: true });
  if (command.signal.aborted) abort();
  await exited;
  const used = watch.stop();
  await (ending ?? trees.end(root, { graceMs: Math.min(command.graceMs, 200) }));
  command.signal.removeEventListener("abort", abort);
  await closed;
  return {
    exitCode: child.exitCode ?? undefined,
    signal: child.signalCode ?? undefined,
    exceededBytes,
    resources: { ...used, wallSeconds: (performance.now() - begin) / 1000 },
  };
}
