const batchSize = 8;

/** Hands out paths in small batches as they are asked for, and those given back one by one. */
export class PathFeed {
  readonly #paths: Iterator<string>;
  readonly #alone: string[] = [];
  #done = false;

  constructor(paths: Iterable<string>) {
    this.#paths = paths[Symbol.iterator]();
  }

  /** The next batch, or undefined when there is nothing left now. */
  take(): readonly string[] | undefined {
    const alone = this.#alone.shift();
    if (alone !== undefined) return [alone];
    const batch: string[] = [];
    while (!this.#done && batch.length < batchSize) {
      const next = this.#paths.next();
      if (next.done === true) this.#done = true;
      else batch.push(next.value);
    }
    return batch.length === 0 ? undefined : batch;
  }

  /** Takes paths back that are to be tried each by itself. */
  giveBack(paths: readonly string[]): void {
    this.#alone.push(...paths);
  }
}
