import { readdirSync, readFileSync } from "node:fs";

/** One process as /proc/<pid>/stat tells. */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** CPU of the process itself, user and system, in clock ticks. */
  readonly ownTicks: number;
  /** CPU of its children that have been waited for, in clock ticks. */
  readonly childTicks: number;
  /** Start in clock ticks since boot. */
  readonly startTicks: number;
}

/** Clock ticks per second in /proc: USER_HZ, 100 on every architecture that Node.js runs on. */
export const ticksPerSecond = 100;

/** Reads a file of /proc; undefined when the process is gone or not ours to read. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH", "EACCES", "EPERM", "ENOTDIR"].includes(code)) return undefined;
    throw error;
  }
}

/** True where /proc has what is needed here: Linux. */
export function hasProc(): boolean {
  return process.platform === "linux";
}

/** All process ids of this machine. */
export function processIds(): number[] {
  const ids: number[] = [];
  for (const name of readdirSync("/proc")) {
    const first = name.charCodeAt(0);
    if (first >= 48 && first <= 57) ids.push(Number(name));
  }
  return ids;
}

/**
 * Facts of one process; undefined when it is gone.
 * @source proc(5), /proc/[pid]/stat: fields 3 to 22 follow the last closing parenthesis
 */
export function processStat(pid: number): ProcessStat | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3] ?? 0);
  return {
    pid,
    state: fields[0] ?? "X",
    parent: field(4),
    group: field(5),
    session: field(6),
    ownTicks: field(14) + field(15),
    childTicks: field(16) + field(17),
    startTicks: field(22),
  };
}

/** True for a process that has not ended: zombies have. */
export function isRunning(stat: ProcessStat | undefined): stat is ProcessStat {
  return stat !== undefined && stat.state !== "Z" && stat.state !== "X";
}

/** Resident and highest resident bytes of a process; zeros when it is gone. @source proc(5), /proc/[pid]/status */
export function processMemory(pid: number): {
  readonly residentBytes: number;
  readonly highestBytes: number;
} {
  const text = readProc(`/proc/${pid}/status`) ?? "";
  const kibibytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);
  return { residentBytes: kibibytes("VmRSS") * 1024, highestBytes: kibibytes("VmHWM") * 1024 };
}

/** Resident bytes of a process with shared pages divided among their users; undefined where the kernel hides it. */
export function proportionalBytes(pid: number): number | undefined {
  const found = /^Pss:\s+(\d+)/m.exec(readProc(`/proc/${pid}/smaps_rollup`) ?? "")?.[1];
  return found === undefined ? undefined : Number(found) * 1024;
}

/** True if the process was started with this variable in its environment. */
export function hasVariable(pid: number, variable: string): boolean {
  const text = readProc(`/proc/${pid}/environ`);
  return text !== undefined && `\0${text}\0`.includes(`\0${Buffer.from(variable).toString("latin1")}\0`);
}

/** The process id given out last on this machine; undefined where unknown. */
export function lastProcessId(): number | undefined {
  const last = readProc("/proc/loadavg")?.trim().split(" ").at(-1);
  return last === undefined ? undefined : Number(last);
}

/** Identity of this boot of the machine; empty where unknown. */
export function bootId(): string {
  return hasProc() ? (readProc("/proc/sys/kernel/random/boot_id") ?? "").trim() : "";
}
