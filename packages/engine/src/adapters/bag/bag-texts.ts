import { sha256Hex } from "../../core/identity/digest.ts";
import { bagDeclarationText, oxumText } from "../../core/records/bag-info.ts";
import { writeLabels } from "../../core/records/bag-labels.ts";
import { writeFetch, writeManifest } from "../../core/records/bag-manifest.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";
import { writeBagDocuments } from "../../documents/bag.ts";
import type { NewBag } from "../../ports/bags.ts";
import { declarationFile, fetchFile, infoFile } from "./bag-tags.ts";

/** The manifest of the tag files: what two bags share when they say the same. */
export const tagManifestFile = "tagmanifest-sha256.txt";

/**
 * Every tag file of a bag by its path. Equal datasets give equal bytes: no time and nothing of this machine is in them,
 * whether files are there yet or not.
 */
export function bagTexts(bag: NewBag): ReadonlyMap<string, string> {
  const { files } = bag;
  const remote = files.flatMap(({ place, sizeBytes, origin }) =>
    "url" in origin ? [{ url: origin.url, sizeBytes, path: place }] : [],
  );
  const texts = new Map([
    ...writeBagDocuments(bag.contents),
    [infoFile, infoText(bag)],
    [declarationFile, bagDeclarationText],
    ["manifest-sha256.txt", writeManifest(files.map(({ place, sha256 }) => [place, sha256]))],
  ]);
  if (remote.length > 0) texts.set(fetchFile, writeFetch(remote));
  const digests = [...texts].map(([path, text]) => [path, sha256Hex(text)] as const);
  return texts.set(tagManifestFile, writeManifest(digests));
}

function infoText({ contents: { root, datasets }, files }: NewBag): string {
  const found = datasets.find(({ dataset }) => dataset.rid === root.rid)?.dataset;
  const bytes = files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
  return writeLabels([
    ["External-Identifier", datasetSpecText(root)],
    ["External-Description", found?.description || found?.name || ""],
    ["Payload-Oxum", oxumText({ bytes, files: files.length })],
  ]);
}
