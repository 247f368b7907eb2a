/** Who waits for whom, by number, and who can go on. */
export interface WaitingList {
  /** Lets a step go on; the last that entered is next, which keeps what is unfinished small. */
  enter(number: number): void;
  /** Lets a step go on after all others. */
  enterLast(number: number): void;
  /** Takes the next that can go on. */
  next(): number | undefined;
  /** Makes a step wait for others, which enter unless they are here already. */
  wait(number: number, others: readonly number[]): void;
  /** Ends a step: those that waited for it alone go on. */
  finish(number: number): void;
  /** The step that first asked for another. */
  requirer(number: number): number | undefined;
}

/** An empty list. */
export function createWaitingList(): WaitingList {
  /** How many others each step waits for; a step that is not here has not entered or is finished. */
  const counts = new Map<number, number>();
  const waiters = new Map<number, number[]>();
  const requirers = new Map<number, number>();
  const ready: number[] = [];
  const enter = (number: number): void => {
    counts.set(number, 0);
    ready.push(number);
  };
  return {
    enter,
    enterLast: (number) => {
      counts.set(number, 0);
      ready.unshift(number);
    },
    next: () => ready.pop(),
    wait: (number, others) => {
      counts.set(number, others.length);
      for (const other of others) {
        const list = waiters.get(other);
        if (list === undefined) waiters.set(other, [number]);
        else list.push(number);
        if (!requirers.has(other)) requirers.set(other, number);
        if (!counts.has(other)) enter(other);
      }
    },
    finish: (number) => {
      counts.delete(number);
      const list = waiters.get(number) ?? [];
      waiters.delete(number);
      for (const each of list) {
        const left = (counts.get(each) ?? 1) - 1;
        counts.set(each, left);
        if (left === 0) ready.push(each);
      }
    },
    requirer: (number) => requirers.get(number),
  };
}
