import type { StepEvent } from "../../core/steps/events.ts";

/** Takes events. */
export type StepObserver = (event: StepEvent) => void;

/** Hands events to observers. */
export interface EventHub {
  emit(event: StepEvent): void;
  nextId(): number;
  /** @returns ends the observation */
  observe(observer: StepObserver): () => void;
}

/**
 * Observers in the order in which they came. One that throws harms nothing: the error goes to `reportError`.
 * @param reportError told of each error that an observer throws
 */
export function createEventHub(reportError: (error: unknown) => void): EventHub {
  const observers = new Set<StepObserver>();
  let last = 0;
  return {
    nextId: () => ++last,
    emit: (event) => {
      for (const observer of observers) {
        try {
          observer(event);
        } catch (error) {
          reportError(error);
        }
      }
    },
    observe: (observer) => {
      // Each call is an observation of its own, also of the same function.
      const own: StepObserver = (event) => observer(event);
      observers.add(own);
      return () => void observers.delete(own);
    },
  };
}

/** Events as an endless list, from now on; leaving the loop ends the observation. */
export async function* eventsOf(hub: EventHub): AsyncGenerator<StepEvent, void, void> {
  const waiting: StepEvent[] = [];
  let wake = (): void => {};
  const stop = hub.observe((event) => {
    waiting.push(event);
    wake();
  });
  try {
    for (;;) {
      const next = waiting.shift();
      if (next !== undefined) yield next;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
  }
}
