import { AlmanacError } from "../../core/errors.ts";
/** What a command sees of the terminal and the process; nothing below reads them otherwise. */
export interface Terminal {
  /** The command's result and nothing else. */
  out(text: string): void;
  /** Progress, logs, hints, errors. */
  err(text: string): void;
  /** True when stderr is a terminal that wants live progress: a TTY, and CI is not set. NO_COLOR takes the colours only. */
  readonly live: boolean;
  readonly colour: boolean;
  /** Width for tables, in columns. */
  readonly columns: number;
  /** Height, in lines. */
  readonly rows: number;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C (or SIGTERM). */
  readonly stop: AbortSignal;
  /** Aborted by the second. */
  readonly cancel: AbortSignal;
}

/** What a command that does not say more ends with. */
function interrupted(): AlmanacError {
  return new AlmanacError("INTERRUPTED", "interrupted; what was written as a whole stays", {
    hint: "give the command again: it goes on from there",
  });
}

/**
 * The terminal of this process. Signals are caught from the first call on.
 * @param argv for `--no-color`
 */
export function processTerminal(
  argv: readonly string[],
): Terminal & { readonly interruptedBy: () => string | undefined } {
  const stop = new AbortController();
  const cancel = new AbortController();
  let received: string | undefined;
  const onSignal = (signal: string): void => {
    if (received === undefined) stop.abort(interrupted());
    else cancel.abort();
    received = signal;
  };
  process.on("SIGINT", () => onSignal("SIGINT"));
  process.on("SIGTERM", () => onSignal("SIGTERM"));
  // A reader such as `head` that closes its end early is no failure of the command.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  // Nobody reads progress and hints any more; the command still ends with its own result.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  const { env } = process;
  const plain = env["NO_COLOR"] !== undefined || env["CI"] !== undefined || argv.includes("--no-color");
  const tty = process.stderr.isTTY === true;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    live: tty && env["CI"] === undefined,
    colour: tty && !plain,
    columns: Number(env["COLUMNS"]) || process.stdout.columns || process.stderr.columns || 120,
    rows: process.stderr.rows || 24,
    cwd: process.cwd(),
    environment: env,
    stop: stop.signal,
    cancel: cancel.signal,
    interruptedBy: () => received,
  };
}
