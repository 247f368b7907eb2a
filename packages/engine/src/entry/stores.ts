import path from "node:path";
import { openFragmentStore } from "../adapters/files/fragment-store.ts";
import type { DurableObserver } from "../ports/durable.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { Settings } from "./config/settings.ts";

/** The two trees of execution folders. */
export interface Stores {
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
}

/** Opens scratch and results where the settings say; folders are made when they are first written. */
export function openStores({
  folder,
  settings,
  observer,
}: {
  folder: string;
  settings: Settings;
  observer: DurableObserver;
}): Stores {
  const at = (place: string): FragmentStore => openFragmentStore(path.resolve(folder, place), observer);
  return { scratch: at(settings.paths.scratch), results: at(settings.paths.results) };
}
