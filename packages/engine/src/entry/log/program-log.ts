import type { Redactor } from "../../core/records/redact.ts";
import type { Settings } from "../config/settings.ts";
import { LogFile } from "./log-file.ts";

/** How much something matters. */
export type LogLevel = "error" | "warn" | "info" | "debug";

/** One thing that happened, as data. */
export interface LogEntry {
  readonly level: LogLevel;
  /** What kind of thing: `command.started`, `execution.state`, … */
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** When, ISO 8601 in UTC. */
  readonly time: string;
}

/** An open log. */
export interface ProgramLog {
  /** Appends a line, if its level is wanted. @throws what the file system throws */
  write(entry: LogEntry): void;
  close(): void;
}

/** Where the log of a project is, and how it is written. */
export interface ProgramLogOptions {
  /** Absolute. */
  readonly file: string;
  readonly settings: Settings["log"];
  readonly redactor: Redactor;
}

/**
 * Opens the log file of the program: one JSON object a line, with time, level, process, event and its facts, secrets
 * taken out. Loads the logger; whoever writes no log never does.
 * @throws what the file system throws
 */
export async function openProgramLog({ file, settings, redactor }: ProgramLogOptions): Promise<ProgramLog> {
  const destination = new LogFile({ ...settings, file });
  const { pino } = await import("pino");
  const logger = pino(
    {
      level: settings.level,
      base: { pid: process.pid },
      timestamp: false,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactor.value(fields) as Record<string, unknown>,
      },
    },
    destination,
  );
  return {
    write: ({ level, event, fields, time }) => logger[level]({ time, event, ...fields }),
    close: () => destination.close(),
  };
}
