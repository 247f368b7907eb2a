/** How a person ends a run early: first stop submitting, then cancel what runs. */
export interface RunControl {
  /** Aborted: submit nothing more, let what runs finish. */
  readonly stop: AbortSignal;
  /** Aborted: end what runs as well. */
  readonly cancel: AbortSignal;
}
