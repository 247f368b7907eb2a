import { type Manifest, readManifest } from "../core/execution/manifest-journal.ts";
import { isSegment } from "../core/execution/manifest-segment.ts";
import { executionFiles } from "../core/execution/outcome.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";

/**
 * The manifest of an execution in results: as it was published, then the segments of what was added later, in order.
 * @returns undefined when there is none
 * @throws MANIFEST_INVALID, STORE_UNAVAILABLE
 */
export async function readPromotedManifest(
  fragment: string,
  results: FragmentStore,
): Promise<Manifest | undefined> {
  const published = await results.read(fragment, executionFiles.manifest);
  if (published === undefined) return undefined;
  const segments = (await results.list(fragment)).filter(({ path }) => isSegment(path));
  const added = await Promise.all(segments.map(({ path }) => results.read(fragment, path)));
  const text = [published, ...added].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return readManifest(text);
}
