/** How patient and how stubborn a download is. */
export interface DownloadLimits {
  /** One request is given up when no byte has come for so long. */
  readonly stallSeconds: number;
  /** All requests for one content together, pauses included. */
  readonly totalSeconds: number;
  /** Requests after the first that bring next to nothing; one that brought much does not count. */
  readonly retries: number;
  /** The first pause between two requests; each further one is twice as long, and up to twice that by chance. */
  readonly firstPauseSeconds: number;
}

/** Limits for large files over the internet. */
export const everydayLimits: DownloadLimits = {
  stallSeconds: 60,
  totalSeconds: 6 * 3600,
  retries: 5,
  firstPauseSeconds: 1,
};
