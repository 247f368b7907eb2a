import { isAlmanacError } from "../../core/errors.ts";
import type { BagContents } from "../../core/provenance/bag-contents.ts";
import { contentsProblems } from "../../core/provenance/bag-problems.ts";
import { bagDocuments, parseBagDocuments } from "../../documents/bag.ts";
import type { BagProblem } from "../../ports/bags.ts";
import { bagInvalid } from "./bag-errors.ts";
import type { BagTags } from "./bag-tags.ts";

/**
 * What a bag says of its dataset.
 * @throws BAG_INVALID when it is no bag of a dataset version, or its documents do not parse
 */
export function contentsOf(tags: BagTags, folder: string): BagContents {
  if (!isOurs(tags)) throw bagInvalid(folder, ["it is a bag, but not one of a dataset version"]);
  try {
    return parseBagDocuments(tags.text);
  } catch (error) {
    if (!isAlmanacError(error, "DOCUMENT_INVALID")) throw error;
    throw bagInvalid(folder, [error.message]);
  }
}

/** Files that a manifest lists, by what is said of them: whether that holds can be told once they are there. */
function listedAs({ manifests }: BagTags, { assets }: BagContents): readonly (readonly [string, string])[] {
  const listed = manifests.filter(({ of }) => of === "payload");
  return assets
    .filter(({ place }) => listed.some(({ entries }) => entries.has(place)))
    .map(({ place, sha256 }) => [place, sha256]);
}

/** True for a bag of a dataset version. */
export function isOurs({ tree }: BagTags): boolean {
  return bagDocuments.some((path) => tree.files.has(path));
}

/** Files of the payload by their SHA-256, where a manifest says it. */
export function sha256Manifest({ manifests }: BagTags): ReadonlyMap<string, string> | undefined {
  return manifests.find(({ of, algorithm }) => of === "payload" && algorithm === "sha256")?.entries;
}

/**
 * Where what a bag says of its dataset does not agree with itself or with its payload.
 * @param found SHA-256 of the files that were read, for a bag whose manifests have other checksums
 */
export function disagreements(
  tags: BagTags,
  { folder, found }: { readonly folder: string; readonly found: ReadonlyMap<string, string> },
): readonly BagProblem[] {
  if (!isOurs(tags)) return [];
  const path = bagDocuments[0] ?? "";
  try {
    const contents = contentsOf(tags, folder);
    const payload = sha256Manifest(tags) ?? new Map([...listedAs(tags, contents), ...found]);
    return contentsProblems(contents, payload).map((message) => ({
      ...{ kind: "contents", path, message },
    }));
  } catch (error) {
    if (!isAlmanacError(error, "BAG_INVALID")) throw error;
    return [{ kind: "contents", path, message: error.message }];
  }
}
