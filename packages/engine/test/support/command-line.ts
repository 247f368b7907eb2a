import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { CleanUp } from "./clean-up.ts";

const program = fileURLToPath(new URL("../../bin/almanac.js", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Milliseconds after which a command counts as hanging; far above what any of them takes. */
const patience = 120_000;

/** User and group id of `nobody` on every Linux. */
const nobody = 65_534;

/** A project in a temporary folder, worked with by the real command line in processes of its own. */
export class CommandLineProject {
  readonly folder: string;

  constructor(cleanUp: CleanUp) {
    this.folder = mkdtempSync(path.join(tmpdir(), "almanac-e2e-"));
    chmodSync(this.folder, 0o755);
    cleanUp.after(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  /** Absolute path of something in the project. */
  path(...parts: readonly string[]): string {
    return path.join(this.folder, ...parts);
  }

  /** Writes a file of the project; folders are made. */
  write(name: string, text: string): string {
    const file = this.path(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** A further project with a copy of everything. */
  copy(cleanUp: CleanUp): CommandLineProject {
    const other = new CommandLineProject(cleanUp);
    cpSync(this.folder, other.folder, { recursive: true, preserveTimestamps: true });
    return other;
  }

  /** The words that start the real command line, for whoever starts it otherwise. */
  commandLine(): readonly string[] {
    return [process.execPath, program];
  }

  /** Runs one command to its end. */
  run(...words: readonly string[]): Ended {
    return this.#run(words, {});
  }

  /**
   * Runs one command as somebody for whom permissions count: root becomes `nobody`, who owns nothing but what is given
   * away. Anybody else stays who they are.
   */
  runAsNobody(...words: readonly string[]): Ended {
    if (process.getuid?.() !== 0) return this.#run(words, {});
    return this.#run(words, { uid: nobody, gid: nobody });
  }

  /** Gives a path of the project, and everything below, to `nobody`; without effect unless this is root. */
  giveAway(name: string): void {
    if (process.getuid?.() === 0) execFileSync("chown", ["-R", `${nobody}:${nobody}`, this.path(name)]);
  }

  #run(words: readonly string[], identity: { readonly uid?: number; readonly gid?: number }): Ended {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      ...identity,
      cwd: this.folder,
      env: environment(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      timeout: patience,
      killSignal: "SIGKILL",
      maxBuffer: 64 * 1024 * 1024,
    });
    return { status, stdout, stderr };
  }

  /** Runs one command that must end well and returns its result. @throws Error with what it said otherwise */
  succeed(...words: readonly string[]): string {
    const { status, stdout, stderr } = this.run(...words);
    if (status === 0) return stdout;
    throw new Error(`almanac ${words.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  }

  /** What a command says with `--json`. */
  json(...words: readonly string[]): Envelope {
    return JSON.parse(this.succeed(...words, "--json")) as Envelope;
  }

  /** Starts one command; the caller waits for its end. */
  start(...words: readonly string[]): Started {
    const child = spawn(process.execPath, [program, ...words], {
      cwd: this.folder,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: patience,
      killSignal: "SIGKILL",
    });
    return new Started(child);
  }
}

/** A listing as `--json` writes it. */
export interface Envelope {
  readonly format: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly total: number;
  readonly [member: string]: unknown;
}

/** A command that runs beside the test. */
export class Started {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #text: { stdout: string; stderr: string };

  constructor(child: ChildProcess) {
    this.#child = child;
    const text = { stdout: "", stderr: "" };
    this.#text = text;
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => (text.stdout += chunk));
    child.stderr?.setEncoding("utf8").on("data", (chunk: string) => (text.stderr += chunk));
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve({ status, ...text }));
    });
  }

  /** Waits until standard error says something; no longer than the command lives. */
  async says(what: RegExp): Promise<void> {
    const isOver = this.ended.then(() => true);
    while (!what.test(this.#text.stderr) && !(await Promise.race([isOver, sleep(10, false)])));
  }

  /** Sends a signal to this process alone. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }
}

/** The tests' environment without what would configure Almanac or the test runner. */
function environment(): NodeJS.ProcessEnv {
  const own = /^(ALMANAC_|NODE_TEST_CONTEXT|NODE_OPTIONS|NO_COLOR|COLUMNS|CI$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
