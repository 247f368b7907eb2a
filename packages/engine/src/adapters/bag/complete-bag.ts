import type { BringHow, PayloadFile } from "../../ports/bags.ts";
import { bagInvalid } from "./bag-errors.ts";
import { hasWrongSize, type ListedFile, listedPayload } from "./bag-payload.ts";
import { type BagTags, readTags } from "./bag-tags.ts";
import { type BagParts, bringInto } from "./write-bag.ts";

/** Fetches what a bag lacks. See `Bags.complete`. @returns how many files were fetched */
export async function completeBag(folder: string, how: BagParts & BringHow): Promise<number> {
  const tags = readTags(folder);
  const wrong = [
    ...tags.problems.map(({ message }) => message),
    ...tags.tree.unsafe.map((path) => `${path} is a link or no regular file`),
  ];
  if (wrong.length > 0) throw bagInvalid(folder, wrong);
  const files = lacking(tags).map((file) => toFetch(file, { tags, folder }));
  await bringInto(folder, { ...how, files });
  return files.length;
}

function lacking(tags: BagTags): readonly ListedFile[] {
  return listedPayload(tags).filter(
    (file) => file.fetch !== undefined && (file.sizeBytes === undefined || hasWrongSize(file)),
  );
}

function toFetch(
  { path, fetch }: ListedFile,
  { tags, folder }: { readonly tags: BagTags; readonly folder: string },
): PayloadFile {
  const sha256 = tags.manifests
    .find(({ of, algorithm }) => of === "payload" && algorithm === "sha256")
    ?.entries.get(path);
  if (sha256 === undefined || fetch === undefined)
    throw bagInvalid(folder, [`${path} has no sha256: only what can be checked by it is fetched`]);
  return {
    ...{ place: path, sha256 },
    ...(fetch.sizeBytes === undefined ? {} : { sizeBytes: fetch.sizeBytes }),
    origin: { url: fetch.url },
    bring: true,
  };
}
