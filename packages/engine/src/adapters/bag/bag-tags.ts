import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readBagDeclaration } from "../../core/records/bag-info.ts";
import { type BagLabels, readLabels } from "../../core/records/bag-labels.ts";
import {
  type BagAlgorithm,
  bagAlgorithms,
  type FetchEntry,
  readFetch,
  readManifest,
} from "../../core/records/bag-manifest.ts";
import type { BagProblem } from "../../ports/bags.ts";
import { bagFileError, noBag } from "./bag-errors.ts";
import { type BagTree, listBag } from "./bag-tree.ts";

/** One manifest of a bag. */
export interface BagManifest {
  readonly name: string;
  readonly algorithm: BagAlgorithm;
  readonly of: "payload" | "tags";
  /** Checksums by path inside the bag. */
  readonly entries: ReadonlyMap<string, string>;
}

/** The tag files of a bag, as far as they could be read. */
export interface BagTags {
  readonly tree: BagTree;
  readonly version: string;
  readonly manifests: readonly BagManifest[];
  readonly fetch: readonly FetchEntry[];
  readonly labels: BagLabels;
  /** Everything about them that is wrong. */
  readonly problems: readonly BagProblem[];
  /** Text of any tag file; undefined when it is not there, or not in the encoding it should be in. */
  readonly text: (path: string) => string | undefined;
}

/** Name of the declaration, which makes a folder a bag. */
export const declarationFile = "bagit.txt";

/** Name of the file with labels. */
export const infoFile = "bag-info.txt";

/** Name of the list of what is to be fetched. */
export const fetchFile = "fetch.txt";

/**
 * Lists a bag and reads its tag files.
 * @throws FILE_MISSING when there is no bag; STORE_UNAVAILABLE
 */
export function readTags(folder: string): BagTags {
  const tree = listBag(folder);
  if (tree?.files.has(declarationFile) !== true) throw noBag(folder);
  const problems: BagProblem[] = [];
  const form = (path: string, message: string): void => void problems.push({ kind: "form", path, message });
  const declared = readBagDeclaration(readText(folder, declarationFile, "utf-8") ?? "");
  if ("problem" in declared) form(declarationFile, declared.problem);
  const { version, encoding } = "problem" in declared ? { version: "1.0", encoding: "UTF-8" } : declared;
  const text = (path: string): string | undefined =>
    tree.files.has(path) ? readText(folder, path, encoding) : undefined;
  const parts = { tree, version, form, text };
  const manifests = readManifests(parts);
  const labels = readLabels(listed(infoFile, parts));
  for (const problem of labels.problems) form(infoFile, `${infoFile}, ${problem}`);
  const fetch = readFetch(listed(fetchFile, parts), { version });
  for (const problem of fetch.problems) form(fetchFile, problem);
  return { tree, version, manifests, fetch: fetch.entries, labels: labels.entries, problems, text };
}

interface Parts {
  readonly tree: BagTree;
  readonly version: string;
  readonly form: (path: string, message: string) => void;
  readonly text: (path: string) => string | undefined;
}

/** Text of an optional tag file, empty when it is not there. */
function listed(path: string, { tree, text, form }: Parts): string {
  const found = text(path);
  if (found === undefined && tree.files.has(path)) form(path, `${path} is not in the encoding of the bag`);
  return found ?? "";
}

function readManifests(parts: Parts): readonly BagManifest[] {
  const found: BagManifest[] = [];
  for (const name of parts.tree.files.keys()) {
    const [, tags, word = ""] = /^(tag)?manifest-([A-Za-z0-9]+)\.txt$/.exec(name) ?? [];
    if (word === "") continue;
    const algorithm = algorithmOf(word);
    if (algorithm === undefined) {
      parts.form(
        name,
        `${name} is of a digest that is not known: ${Object.keys(bagAlgorithms).join(", ")} are`,
      );
      continue;
    }
    const of = tags === undefined ? "payload" : "tags";
    const { entries, problems } = readManifest(listed(name, parts), {
      ...{ name, algorithm, of, version: parts.version },
    });
    for (const problem of problems) parts.form(name, problem);
    found.push({ name, algorithm, of, entries });
  }
  if (!found.some(({ of }) => of === "payload"))
    parts.form("manifest-sha256.txt", "there is no manifest of the payload that can be read");
  return found;
}

function algorithmOf(word: string): BagAlgorithm | undefined {
  const name = word.toLowerCase();
  return Object.hasOwn(bagAlgorithms, name) ? (name as BagAlgorithm) : undefined;
}

/** Undefined when the bytes are no text of this encoding, or the encoding is not known. */
function readText(folder: string, path: string, encoding: string): string | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(join(folder, path));
  } catch (error) {
    throw bagFileError(error, `read ${join(folder, path)}`);
  }
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: path === declarationFile }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}
