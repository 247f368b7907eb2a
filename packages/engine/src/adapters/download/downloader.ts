import { setTimeout as sleep } from "node:timers/promises";
import { isAlmanacError } from "../../core/errors.ts";
import type { Downloader, DownloadHow, RemoteContent } from "../../ports/downloader.ts";
import { type DurableObserver, observedAsync } from "../../ports/durable.ts";
import { attempt, type DownloadState } from "./attempt.ts";
import { passing, writeError } from "./download-errors.ts";
import type { DownloadLimits } from "./limits.ts";
import { removePartial } from "./partial-file.ts";
import { sourceOf } from "./source.ts";

/** A request that brought so much is no sign that the next one is in vain. */
const worthwhileBytes = 1024 * 1024;

/** The longest pause that is made before the next request, whatever the server asks for. */
const longestPauseSeconds = 120;

/** Errors after which a file that holds part of the content is of no use, or in the way. */
const spoilt = ["ARTIFACT_INVALID", "DISK_FULL", "STORE_UNAVAILABLE"] as const;

/** Fetches content over the network, and from files elsewhere. */
export function createDownloader(limits: DownloadLimits, observer: DurableObserver): Downloader {
  return {
    download: async (content, how) => {
      const late = AbortSignal.timeout(limits.totalSeconds * 1000);
      const signal = AbortSignal.any([how.signal, late]);
      try {
        await observedAsync(observer, "cache.download", () =>
          downloadPatiently(content, { how: { ...how, signal }, limits }),
        );
      } catch (thrown) {
        const error = writeError(thrown, how.partial);
        if (isAlmanacError(error, ...spoilt)) await removePartial(how.partial);
        if (!late.aborted || how.signal.aborted) throw error;
        throw passing(content, { why: `it took more than ${limits.totalSeconds} s`, cause: error });
      }
    },
  };
}

/** Loaded when something is downloaded. */
async function downloadPatiently(
  content: RemoteContent,
  { how, limits }: { readonly how: DownloadHow; readonly limits: DownloadLimits },
): Promise<void> {
  const open = sourceOf(content);
  const { signal } = how;
  const { retries, stallSeconds, firstPauseSeconds } = limits;
  const { default: retrying } = await import("p-retry");
  const state: DownloadState = { mixed: false, broughtBytes: 0 };
  await retrying(() => attempt({ content, how, open, stallSeconds, state }), {
    retries,
    signal,
    minTimeout: firstPauseSeconds * 1000,
    maxTimeout: longestPauseSeconds * 1000,
    randomize: true,
    shouldConsumeRetry: () => state.broughtBytes < worthwhileBytes,
    shouldRetry: ({ error }) => isAlmanacError(error, "DOWNLOAD_FAILED"),
    onFailedAttempt: async ({ error, retriesLeft }) => {
      const asked = isAlmanacError(error) ? error.facts["retryAfterSeconds"] : undefined;
      if (typeof asked !== "number" || retriesLeft === 0) return;
      await sleep(Math.min(asked, longestPauseSeconds) * 1000, undefined, { signal });
    },
  });
}
