/** Content that lies elsewhere, and how it is known. */
export interface RemoteContent {
  /** `http:`, `https:` or `file:`. */
  readonly url: string;
  /** SHA-256 in hex, lower case. */
  readonly sha256: string;
  /** Absent: nobody told. */
  readonly sizeBytes?: number;
}

/** Into what and how content is fetched. */
export interface DownloadHow {
  /**
   * Absolute file that nobody else writes to. What it holds already is taken as the beginning of the content; what a
   * broken download leaves in it is gone on with by the next one.
   */
  readonly partial: string;
  readonly signal: AbortSignal;
  /** Told after each piece how many bytes are there. Must not throw. */
  readonly progress?: (doneBytes: number) => void;
}

/** Fetches content from elsewhere. */
export interface Downloader {
  /**
   * Fetches content into a file; when this resolves the file holds just that content, on disk. What passes by itself (a
   * broken connection, a server that is busy or stalls) is tried again with growing pauses.
   * @throws DOWNLOAD_FAILED when it was tried often or long enough; what has come stays in the file
   * @throws DOWNLOAD_REFUSED when the server says no, or the URL is of no kind that is known
   * @throws ARTIFACT_INVALID when what is there has another size or digest; the file is gone
   * @throws DISK_FULL, STORE_UNAVAILABLE when it cannot be written; the file is gone
   * @throws the signal's reason
   */
  download(content: RemoteContent, how: DownloadHow): Promise<void>;
}
