import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Owner } from "../../core/execution/record.ts";
import type { ProcessTrees } from "../../ports/process-tree.ts";
import { storing } from "./store-errors.ts";

/** Seconds between two signs of life, and after how many a session of another machine counts as dead. */
const beatSeconds = 5;
const silenceSeconds = 60;

/** Tells which processes of which machines live. */
export type Owners = Pick<ProcessTrees, "identify" | "isAlive">;

/** A session as its file tells. */
export interface SessionFile {
  readonly id: string;
  /** False if the session's process is known to be gone, or silent for too long. */
  readonly alive: boolean;
}

/** The processes that use a store: each has a file that it keeps fresh, and its leases are links to that file. */
export interface Sessions {
  /** Name of this one. */
  readonly id: string;
  /** Its file. */
  readonly file: string;
  /** Makes its file again if somebody removed it. */
  ensure(): void;
  /** The session that a file, or a link to it, belongs to; undefined when there is no such file. */
  read(file: string): SessionFile | undefined;
  /** True if another session lives; files of dead ones are removed. */
  hasOthers(): boolean;
  end(): void;
}

/** Begins a session in a folder. @throws STORE_UNAVAILABLE, DISK_FULL */
export function beginSession(folder: string, owners: Owners): Sessions {
  const id = randomUUID();
  const file = join(folder, `${id}.json`);
  const own = owners.identify(process.pid);
  const write = (): void =>
    storing(`write ${folder}`, () => writeFileSync(file, JSON.stringify({ id, owner: own }), { flag: "wx" }));
  write();
  // After a long sleep of the machine others may have taken this session for dead and removed its file.
  const ensure = (): void => {
    if (!existsSync(file)) write();
  };
  const beat = setInterval(() => {
    ensure();
    utimesSync(file, new Date(), new Date());
  }, beatSeconds * 1000);
  beat.unref();
  const read = (path: string): SessionFile | undefined => {
    const found = readSession(path);
    if (found === undefined) return undefined;
    const { session, silentSeconds } = found;
    // A kill while a session began leaves its file unfinished; nothing is linked to it yet.
    if (session === undefined) return { id: "", alive: silentSeconds < 1 };
    const isLive = session.owner === undefined || owners.isAlive(session.owner);
    const isHeard = session.owner?.host === own?.host || silentSeconds < silenceSeconds;
    return { id: session.id, alive: session.id === id || (isLive && isHeard) };
  };
  return {
    id,
    file,
    ensure,
    read,
    hasOthers: () => {
      const others = readdirSync(folder).filter((name) => name !== `${id}.json`);
      return others.filter((name) => isLeft(join(folder, name), read)).length > 0;
    },
    end: () => {
      clearInterval(beat);
      rmSync(file, { force: true });
    },
  };
}

function isLeft(file: string, read: Sessions["read"]): boolean {
  const session = read(file);
  if (session?.alive === false) rmSync(file, { force: true });
  return session?.alive === true;
}

interface FoundSession {
  readonly session: { readonly id: string; readonly owner?: Owner } | undefined;
  readonly silentSeconds: number;
}

function readSession(file: string): FoundSession | undefined {
  try {
    const silentSeconds = (Date.now() - statSync(file).mtimeMs) / 1000;
    const text = readFileSync(file, "utf8");
    return {
      session: text.endsWith("}") ? (JSON.parse(text) as FoundSession["session"]) : undefined,
      silentSeconds,
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
