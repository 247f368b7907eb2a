import { join } from "node:path";
import { isAlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { oxumText, readOxum } from "../../core/records/bag-info.ts";
import type { BagAlgorithm } from "../../core/records/bag-manifest.ts";
import { isPayloadPath } from "../../core/records/bag-paths.ts";
import type { BagHow, BagProblem, BagVerification } from "../../ports/bags.ts";
import { disagreements, isOurs, sha256Manifest } from "./bag-contents.ts";
import { placesIn } from "./bag-payload.ts";
import { type BagTags, infoFile, readTags } from "./bag-tags.ts";
import { type DigestedFile, digestFile } from "./digest-file.ts";

/** What one file must be, by every manifest that lists it. */
interface Expected {
  readonly path: string;
  readonly at: string | undefined;
  readonly checksums: readonly { readonly algorithm: BagAlgorithm; readonly checksum: string }[];
}

/**
 * Reads every listed file of a bag once and names everything that is wrong.
 * @throws FILE_MISSING when there is no bag; STORE_UNAVAILABLE; the signal's reason
 */
export async function verifyBag(folder: string, { signal }: BagHow): Promise<BagVerification> {
  const tags = readTags(folder);
  const problems: BagProblem[] = [...tags.problems, ...unsafe(tags), ...structure(tags)];
  const sha256 = new Map<string, string>();
  const more: readonly BagAlgorithm[] = isOurs(tags) && sha256Manifest(tags) === undefined ? ["sha256"] : [];
  let [files, bytes] = [0, 0];
  for (const expected of expectedFiles(tags)) {
    if (expected.at === undefined) {
      problems.push(missing(expected.path, tags));
      continue;
    }
    const found = await digested(join(folder, expected.at), { expected, more, signal });
    if (found === undefined) problems.push(missing(expected.path, tags));
    else problems.push(...differences(expected, found));
    if (found?.digests.sha256 !== undefined) sha256.set(expected.path, found.digests.sha256);
    files += 1;
    bytes += found?.bytes ?? 0;
  }
  problems.push(...disagreements(tags, { folder, found: sha256 }));
  return { problems: problems.sort((a, b) => compareCodeUnits(a.path, b.path)), files, bytes };
}

/** Undefined when the file is gone by now. */
async function digested(
  file: string,
  {
    expected,
    more,
    signal,
  }: { readonly expected: Expected; readonly more: readonly BagAlgorithm[]; readonly signal: AbortSignal },
): Promise<DigestedFile | undefined> {
  try {
    const algorithms = [...new Set([...expected.checksums.map(({ algorithm }) => algorithm), ...more])];
    return await digestFile(file, { algorithms, signal });
  } catch (error) {
    if (isAlmanacError(error, "FILE_MISSING")) return undefined;
    throw error;
  }
}

function differences({ path, checksums }: Expected, { digests }: DigestedFile): readonly BagProblem[] {
  return checksums.flatMap(({ algorithm, checksum }) =>
    digests[algorithm] === checksum
      ? []
      : [
          {
            ...{ kind: "differs", path },
            message: `${path} has the ${algorithm} ${digests[algorithm]}, not ${checksum}`,
          },
        ],
  );
}

function missing(path: string, { fetch }: BagTags): BagProblem {
  const fetchable = fetch.some((entry) => entry.path === path);
  const how = fetchable ? "; it can be fetched" : "";
  return { kind: "missing", path, message: `${path} is not there${how}`, fetchable };
}

function unsafe({ tree }: BagTags): readonly BagProblem[] {
  return tree.unsafe.map((path) => ({
    ...{ kind: "unsafe", path },
    message: `${path} is a link, or no regular file, or its name is no UTF-8`,
  }));
}

/** Everything that can be told without reading files. */
function structure(tags: BagTags): readonly BagProblem[] {
  return [...unlisted(tags), ...partlyListed(tags), ...strayFetches(tags), ...oxum(tags)];
}

/** Files of the payload that no manifest lists; in a bag of ours, tag files too. */
function unlisted(tags: BagTags): readonly BagProblem[] {
  const place = placesIn(tags.manifests.flatMap(({ entries }) => [...entries.keys()]));
  const mayBe = new Set(tags.manifests.filter(({ of }) => of === "tags").map(({ name }) => name));
  const strict = isOurs(tags) && mayBe.size > 0;
  return [...tags.tree.files.keys()]
    .filter((path) => place(path) === undefined && (isPayloadPath(path) || (strict && !mayBe.has(path))))
    .map((path) => ({ kind: "extra", path, message: `${path} is in no manifest` }));
}

/** Since 1.0 every manifest of the payload lists all of it. */
function partlyListed({ manifests, version }: BagTags): readonly BagProblem[] {
  const payload = manifests.filter(({ of }) => of === "payload");
  if (payload.length < 2 || version !== "1.0") return [];
  const all = new Set(payload.flatMap(({ entries }) => [...entries.keys()]));
  return payload.flatMap(({ name, entries }) =>
    [...all]
      .filter((path) => !entries.has(path))
      .map((path) => ({ kind: "form", path, message: `${path} is not in ${name}` }) as const),
  );
}

function strayFetches({ fetch, manifests }: BagTags): readonly BagProblem[] {
  const payload = manifests.filter(({ of }) => of === "payload");
  return fetch
    .filter(({ path }) => !payload.some(({ entries }) => entries.has(path)))
    .map(({ path }) => ({ kind: "form", path, message: `${path} is to be fetched, but in no manifest` }));
}

/** The size of the payload, once all of it is there. */
function oxum({ tree, labels, manifests }: BagTags): readonly BagProblem[] {
  const told = labels.find(([label]) => label.toLowerCase() === "payload-oxum")?.[1];
  if (told === undefined) return [];
  const problem = (message: string): readonly BagProblem[] => [{ kind: "form", path: infoFile, message }];
  if (readOxum(told) === undefined)
    return problem(`the Payload-Oxum ${told} is no size with a number of files`);
  const place = placesIn(tree.files.keys());
  const isWhole = manifests.every(
    ({ of, entries }) => of === "tags" || [...entries.keys()].every((path) => place(path) !== undefined),
  );
  if (!isWhole) return [];
  const sizes = [...tree.files].filter(([path]) => isPayloadPath(path)).map(([, size]) => size);
  const found = oxumText({ bytes: sizes.reduce((sum, size) => sum + size, 0), files: sizes.length });
  return found === told
    ? []
    : problem(`the payload has ${found} (bytes.files), not the Payload-Oxum ${told}`);
}

function expectedFiles({ manifests, tree }: BagTags): readonly Expected[] {
  const place = placesIn(tree.files.keys());
  const byPath = new Map<string, { algorithm: BagAlgorithm; checksum: string }[]>();
  for (const { algorithm, entries } of manifests)
    for (const [path, checksum] of entries) {
      const checksums = byPath.get(path) ?? [];
      checksums.push({ algorithm, checksum });
      byPath.set(path, checksums);
    }
  return [...byPath].map(([path, checksums]) => ({ path, at: place(path), checksums }));
}
