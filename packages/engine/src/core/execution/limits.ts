/** What one execution may use, all processes it starts counted together. */
export interface Limits {
  /** Seconds from the start of the computation. */
  readonly timeoutSeconds?: number;
  /** Resident bytes of the process tree; absent: no limit. */
  readonly memoryBytes?: number;
  /** CPUs it wants: recorded for executors of several machines; `inline` and `local` do not heed it. */
  readonly cpus?: number;
}

/** Time limit of an execution whose diagnostic names none: six hours. */
export const defaultTimeoutSeconds = 21_600;
