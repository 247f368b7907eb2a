/** The time, so that tests can hold it still. */
export interface Clock {
  /** Now, UTC, ISO 8601 with milliseconds. */
  now(): string;
  /** Milliseconds of a clock that never goes back. */
  monotonicMs(): number;
}
