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

/** True for a bag of a dataset version. */
export function isOurs({ tree }: BagTags): boolean {
  return bagDocuments.some((path) => tree.files.has(path));
}

/** Where what a bag says of its dataset does not agree with itself or with its manifests. */
export function disagreements(tags: BagTags, folder: string): readonly BagProblem[] {
  if (!isOurs(tags)) return [];
  const path = bagDocuments[0] ?? "";
  const manifest = tags.manifests.find(({ of, algorithm }) => of === "payload" && algorithm === "sha256");
  try {
    return contentsProblems(contentsOf(tags, folder), manifest?.entries ?? new Map()).map((message) => ({
      ...{ kind: "contents", path, message },
    }));
  } catch (error) {
    if (!isAlmanacError(error, "BAG_INVALID")) throw error;
    return [{ kind: "contents", path, message: error.message }];
  }
}
