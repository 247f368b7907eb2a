import { isAlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { bagDocuments } from "../../documents/bag.ts";
import type { BagStatus } from "../../ports/bags.ts";
import { contentsOf } from "./bag-contents.ts";
import { hasWrongSize, listedPayload } from "./bag-payload.ts";
import { type BagTags, readTags } from "./bag-tags.ts";

const absent: BagStatus = { state: "absent", files: 0, present: 0, missing: [], fetchable: 0 };

/** What is there of a bag, told by names and sizes. @throws STORE_UNAVAILABLE */
export function statusOf(folder: string): BagStatus {
  const tags = tagsIfAny(folder);
  if (tags === undefined) return absent;
  const root = bagDocuments.every((path) => tags.tree.files.has(path)) ? rootOf(tags, folder) : undefined;
  const sizes = root?.sizes;
  const listed = listedPayload(tags);
  const missing = listed.filter(
    (file) =>
      file.sizeBytes === undefined ||
      hasWrongSize(file) ||
      (sizes?.get(file.path) ?? file.sizeBytes) !== file.sizeBytes,
  );
  return {
    state: stateOf(listed.length, missing.length),
    files: listed.length,
    present: listed.length - missing.length,
    missing: missing.map(({ path }) => path).sort(compareCodeUnits),
    fetchable: missing.filter(({ fetch }) => fetch !== undefined).length,
    ...(root === undefined ? {} : { root: root.root }),
  };
}

function stateOf(files: number, missing: number): BagStatus["state"] {
  if (missing === 0) return "complete";
  return missing === files ? "metadata-only" : "incomplete";
}

function tagsIfAny(folder: string): BagTags | undefined {
  try {
    return readTags(folder);
  } catch (error) {
    if (isAlmanacError(error, "FILE_MISSING")) return undefined;
    throw error;
  }
}

/** The dataset version of a bag of ours and the sizes of its files; undefined when its documents do not parse. */
function rootOf(tags: BagTags, folder: string) {
  try {
    const { root, assets } = contentsOf(tags, folder);
    return { root, sizes: new Map(assets.map(({ place, sizeBytes }) => [place, sizeBytes])) };
  } catch (error) {
    if (isAlmanacError(error, "BAG_INVALID")) return undefined;
    throw error;
  }
}
