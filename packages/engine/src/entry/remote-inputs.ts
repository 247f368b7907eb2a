import path from "node:path";
import { createDownloader } from "../adapters/download/downloader.ts";
import { everydayLimits } from "../adapters/download/limits.ts";
import { FolderInputCache } from "../adapters/input-cache/input-cache.ts";
import { isAlive, ownIdentity } from "../adapters/process-tree/owner.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { InputCache } from "../ports/input-cache.ts";
import type { RemoteInputs } from "../ports/remote-inputs.ts";
import type { Settings } from "./config/settings.ts";

/** What brings inputs from elsewhere, with the whole of the cache. */
export interface OpenedRemoteInputs extends RemoteInputs {
  readonly cache: InputCache;
}

/** Opens the cache of inputs where the settings say; its folder is made when something is fetched. */
export function openRemoteInputs({
  folder,
  settings,
  observer,
}: {
  readonly folder: string;
  readonly settings: Settings;
  readonly observer: DurableObserver;
}): OpenedRemoteInputs {
  const { maxBytes, folder: place, ...limits } = settings.cache;
  const downloader = createDownloader({ ...everydayLimits, ...limits }, observer);
  const owners = { own: ownIdentity(), alive: isAlive };
  const cache = new FolderInputCache({
    ...{ folder: path.resolve(folder, place), maxBytes, downloader, owners, observer },
  });
  return { cache, downloader };
}
