import { appendFileSync, writeFileSync } from "node:fs";
import type { DurableObserver, DurablePoint } from "../../src/ports/durable.ts";

/** Whose durable writes are meant. */
export type Side = "controller" | "worker";

/** On which side of a write. */
export type Moment = "before" | "after";

/** One kill at a named point. */
export interface PointKill {
  readonly side: Side;
  readonly point: DurablePoint;
  readonly moment: Moment;
  /** Which of the process's hits, from 1. */
  readonly hit: number;
}

/** Environment variables of the killing program; its workers inherit them. */
export const variables = {
  /** File that gets one line for every hit. */
  hits: "ALMANAC_TEST_HITS",
  /** A `PointKill` as JSON; absent: nothing is killed. */
  kill: "ALMANAC_TEST_KILL",
  /** File made by the process that dies, so that no second one does. */
  died: "ALMANAC_TEST_DIED",
} as const;

/** An observer that notes each hit in a file and kills its own process at the one that is asked for. */
export function killingObserver(
  side: Side,
  environment: Readonly<Record<string, string | undefined>>,
): DurableObserver {
  const hits = environment[variables.hits];
  const died = environment[variables.died];
  const asked = environment[variables.kill];
  const kill = asked === undefined ? undefined : (JSON.parse(asked) as PointKill);
  const counts = new Map<string, number>();
  const reached = (moment: Moment, point: DurablePoint): void => {
    const name = `${side} ${moment} ${point}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (hits !== undefined) appendFileSync(hits, `${name}\n`);
    if (kill === undefined || died === undefined || `${kill.side} ${kill.moment} ${kill.point}` !== name)
      return;
    if (count === kill.hit && isFirst(died)) process.kill(process.pid, "SIGKILL");
  };
  return {
    before: (point) => reached("before", point),
    after: (point) => reached("after", point),
  };
}

/** True for the one process that makes the file. */
function isFirst(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
