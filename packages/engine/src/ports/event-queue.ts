import { Defect } from "../core/errors.ts";

/** Events on their way to one consumer, in order; none is lost and the producer never waits. */
export class EventQueue<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #consumed = false;

  /** Adds an event; after `end` it has no effect. */
  push(event: T): void {
    if (this.#ended) return;
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** Ends the stream once what waits has been taken. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    if (this.#consumed) throw new Defect("an executor's events have one consumer");
    this.#consumed = true;
    for (;;) {
      const events = this.#waiting;
      this.#waiting = [];
      yield* events;
      if (this.#waiting.length > 0) continue;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }
}
