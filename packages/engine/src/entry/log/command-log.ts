import path from "node:path";
import type { Event } from "../../ports/events.ts";
import type { Terminal } from "../cli/terminal.ts";
import type { Compose } from "../compose.ts";
import type { Settings } from "../config/settings.ts";
import type { OpenOptions, Project } from "../project.ts";
import { errorFacts } from "./error-facts.ts";
import { levelOf } from "./event-entry.ts";
import type { LogEntry, LogLevel, ProgramLog } from "./program-log.ts";

/** The log of one command of the command line. */
export interface CommandLog {
  /** Opens projects as given, and logs what happens in them. */
  readonly watching: (compose: Compose) => Compose;
  /**
   * Logs how the command ended; with its error if it failed.
   * @returns the file that holds the error's stack, if there is one
   */
  readonly end: (ending: {
    readonly exitCode: number;
    readonly error?: unknown;
  }) => Promise<string | undefined>;
}

/** A project as far as its log is concerned. */
type LoggedProject = Pick<Project, "folder"> & { readonly settings: Pick<Settings, "log"> };

/** Entries that wait for a log to be opened; what comes later is not worth more memory. */
const mostWaiting = 1000;

/**
 * The log of a command. Commands that change something are logged while they run; those that only read when they fail (or
 * at level debug), so that reading stays fast and leaves no trace. Without a project there is no log.
 * @param argv words after the program's name
 */
export function createCommandLog(argv: readonly string[], terminal: Terminal): CommandLog {
  return new LogOfCommand(argv, terminal);
}

class LogOfCommand implements CommandLog {
  readonly #argv: readonly string[];
  readonly #terminal: Terminal;
  readonly #began = new Date();
  #waiting: LogEntry[] = [];
  #asked: Omit<OpenOptions, "access"> | undefined;
  #project: LoggedProject | undefined;
  /** null: it cannot be written, and that has been said. */
  #log: ProgramLog | null | undefined;

  constructor(argv: readonly string[], terminal: Terminal) {
    this.#argv = argv;
    this.#terminal = terminal;
  }

  readonly watching: CommandLog["watching"] = (compose) => async (options) => {
    this.#asked = options;
    const emit = (event: Event): void => {
      options.emit?.(event);
      const level = levelOf(event);
      if (level === undefined) return;
      const { kind, ...fields } = event;
      this.#add(level, kind, fields);
    };
    const project = await compose({ ...options, emit });
    this.#project = project;
    const reads = options.access === "read" || options.access === "none";
    if (!reads || project.settings.log.level === "debug") await this.#open(project);
    return project;
  };

  readonly end: CommandLog["end"] = async ({ exitCode, error }) => {
    const durationMs = Date.now() - this.#began.getTime();
    const failed = error !== undefined;
    if (failed && this.#log === undefined) await this.#openAfterFailure();
    if (this.#log === undefined) return undefined;
    if (failed) this.#add("error", "command.failed", { error: errorFacts(error) });
    this.#add("info", "command.ended", { exitCode, durationMs });
    const kept = failed && this.#log !== null && this.#project !== undefined;
    this.#log?.close();
    return kept && this.#project !== undefined ? fileOf(this.#project) : undefined;
  };

  #add(level: LogLevel, event: string, fields: LogEntry["fields"]): void {
    this.#write({ level, event, fields, time: new Date().toISOString() });
  }

  #write(entry: LogEntry): void {
    if (this.#log === undefined) {
      if (this.#waiting.length < mostWaiting) this.#waiting.push(entry);
      return;
    }
    // The log is a service to people: where it cannot be written, the command goes on without.
    try {
      this.#log?.write(entry);
    } catch (error) {
      this.#log = null;
      this.#warn(error);
    }
  }

  /** Opens the log of the nearest project, where a command failed before it had opened one. */
  async #openAfterFailure(): Promise<void> {
    const asked = this.#asked ?? { cwd: this.#terminal.cwd, environment: this.#terminal.environment };
    try {
      const { locateProject } = await import("./locate-project.ts");
      this.#project ??= await locateProject(asked);
    } catch (error) {
      this.#warn(error);
    }
    if (this.#project !== undefined) await this.#open(this.#project);
  }

  async #open(project: LoggedProject): Promise<void> {
    const { log: settings } = project.settings;
    if (this.#log !== undefined || settings.file === "" || settings.level === "silent") return;
    const [{ openProgramLog }, { createRedactor }, { packageVersion }] = await Promise.all([
      import("./program-log.ts"),
      import("../../core/records/redact.ts"),
      import("../package-version.ts"),
    ]);
    const redactor = createRedactor(this.#terminal.environment);
    this.#log = null;
    try {
      this.#log = await openProgramLog({ file: fileOf(project), settings, redactor });
    } catch (error) {
      this.#warn(error);
    }
    // What ends the process outside of the command's own promise; the process ends all the same.
    process.once("uncaughtExceptionMonitor", (error) =>
      this.#add("error", "command.crashed", { error: errorFacts(error) }),
    );
    const earlier = this.#waiting;
    this.#waiting = [];
    this.#write({
      level: "info",
      event: "command.started",
      time: this.#began.toISOString(),
      fields: {
        words: redactor.words(this.#argv),
        cwd: this.#terminal.cwd,
        almanac: packageVersion(),
        node: process.versions.node,
      },
    });
    for (const entry of earlier) this.#write(entry);
  }

  #warn(error: unknown): void {
    const file = this.#project === undefined ? "" : ` ${fileOf(this.#project)}`;
    const why = error instanceof Error ? error.message : String(error);
    this.#terminal.err(`warning[LOG_UNWRITABLE]: the log${file} cannot be written: ${why}\n`);
  }
}

function fileOf({ folder, settings }: LoggedProject): string {
  return path.resolve(folder, settings.log.file);
}
