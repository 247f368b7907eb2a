import type { Manifest } from "../../core/execution/manifest-journal.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import { readPromotedManifest } from "../read-promoted-manifest.ts";

/** What has become of the files that an execution registered: each is promoted, or failed with the reason. */
export interface PublishedFiles {
  readonly promoted: readonly string[];
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Accounts for every file that an execution registered, by the manifest in results.
 * @returns undefined while nothing is in results
 * @throws MANIFEST_INVALID, STORE_UNAVAILABLE
 */
export async function publishedFiles(
  fragment: string,
  results: FragmentStore,
): Promise<PublishedFiles | undefined> {
  const manifest = await readPromotedManifest(fragment, results);
  return manifest && filesOf(manifest);
}

function filesOf({ artifacts, state }: Manifest): PublishedFiles {
  const failed = [...state.failed.values()].map(({ path, reason }) => ({ path, reason }));
  const unnamed = artifacts.filter(({ path }) => !state.promoted.has(path) && !state.failed.has(path));
  return {
    promoted: artifacts.map(({ path }) => path).filter((path) => state.promoted.has(path)),
    failed: [...failed, ...unnamed.map(({ path }) => ({ path, reason: "not promoted" }))],
  };
}
