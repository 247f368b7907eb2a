import { isAlmanacError } from "../core/errors.ts";

/** What concerns the catalog as a whole: writing the rest one by one would meet it again and again. */
const ofTheCatalog = [
  "CATALOG_LOCKED",
  "CATALOG_READ_ONLY",
  "CATALOG_INVALID",
  "DISK_FULL",
  "ENVIRONMENT_INVALID",
] as const;

/** Changes given together, and who waits for them. */
interface Entry<T> {
  readonly changes: readonly T[];
  readonly canWait: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Takes changes and commits many of them in one transaction, in the order given. */
export interface GroupCommit<T> {
  /**
   * Resolves once the changes are durable; those given together are applied together or not at all.
   * @param options.canWait true: when there was a commit just now, they wait a few milliseconds for others to share the next
   * @throws what writing these changes throws
   */
  push(changes: readonly T[], options: { readonly canWait: boolean }): Promise<void>;
}

/** Milliseconds between two commits if nobody is held up by waiting: a commit keeps a disk busy about as long. */
const pauseMs = 5;

/**
 * Group commit: while one transaction is written, further changes gather for the next, so that thousands of small
 * executions share the cost of making each commit durable. Where one set of changes cannot be written, the others of its
 * transaction are written by themselves: a failure concerns whoever gave the changes.
 * @param write applies all changes in one transaction, or none
 */
export function groupCommit<T>(write: (changes: readonly T[]) => Promise<void>): GroupCommit<T> {
  let gathering: Entry<T>[] = [];
  let writing = false;
  let timer: NodeJS.Timeout | undefined;
  let lastMs = Number.NEGATIVE_INFINITY;
  const flush = async (): Promise<void> => {
    do {
      const batch = gathering;
      gathering = [];
      const locked = await writeBatch(batch, write);
      // What came while another process kept the lock has waited with the others.
      if (locked !== undefined) for (const { reject } of gathering.splice(0)) reject(locked);
    } while (gathering.some(({ canWait }) => !canWait));
    writing = false;
    lastMs = performance.now();
    if (gathering.length > 0) timer = setTimeout(start, pauseMs);
  };
  const start = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (writing) return;
    writing = true;
    // Those that come in the same turn share the first transaction as well.
    setImmediate(() => void flush());
  };
  return {
    push: (changes, { canWait }) =>
      new Promise<void>((resolve, reject) => {
        gathering.push({ changes, canWait, resolve, reject });
        const waitMs = canWait ? lastMs + pauseMs - performance.now() : 0;
        if (waitMs <= 0) start();
        else if (!writing) timer ??= setTimeout(start, waitMs);
      }),
  };
}

/** Writes a batch in one transaction; never throws, those who wait are told. @returns what kept the catalog locked */
async function writeBatch<T>(
  batch: readonly Entry<T>[],
  write: (changes: readonly T[]) => Promise<void>,
): Promise<unknown> {
  try {
    await write(batch.flatMap(({ changes }) => changes));
    for (const { resolve } of batch) resolve();
    return undefined;
  } catch (error) {
    if (batch.length === 1 || isAlmanacError(error, ...ofTheCatalog))
      for (const { reject } of batch) reject(error);
    else for (const entry of batch) await writeBatch([entry], write);
    return isAlmanacError(error, "CATALOG_LOCKED") ? error : undefined;
  }
}
