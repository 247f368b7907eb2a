import type { Downloader } from "./downloader.ts";
import type { InputCache } from "./input-cache.ts";

/** What brings inputs from elsewhere to this machine. */
export interface RemoteInputs {
  readonly cache: Pick<InputCache, "fetch">;
  /** For what is not to be kept. */
  readonly downloader: Downloader;
}
