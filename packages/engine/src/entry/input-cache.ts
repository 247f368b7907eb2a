import path from "node:path";
import { createDownloader } from "../adapters/download/downloader.ts";
import { everydayLimits } from "../adapters/download/limits.ts";
import { FolderInputCache } from "../adapters/input-cache/input-cache.ts";
import { isAlive, ownIdentity } from "../adapters/process-tree/owner.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { InputCache } from "../ports/input-cache.ts";
import type { Settings } from "./config/settings.ts";

/** Opens the cache of inputs where the settings say; its folder is made when something is fetched. */
export function openInputCache({
  folder,
  settings,
  observer,
}: {
  readonly folder: string;
  readonly settings: Settings;
  readonly observer: DurableObserver;
}): InputCache {
  const { maxBytes, folder: place, ...limits } = settings.cache;
  return new FolderInputCache({
    folder: path.resolve(folder, place),
    maxBytes,
    downloader: createDownloader({ ...everydayLimits, ...limits }, observer),
    owners: { own: ownIdentity(), alive: isAlive },
    observer,
  });
}
