import type { InputDataset } from "../core/execution/definition.ts";
import type { InputAsset } from "../core/records/asset.ts";
import { inputAssetSchema, inputDatasetSchema } from "./definition.ts";
import { parseDocument } from "./document.ts";

/**
 * Reads the files that a run took as inputs while it went on: one JSON object a line.
 * @param name for messages
 * @throws DOCUMENT_INVALID
 */
export function parseUsedAssets(text: string, name: string): readonly InputAsset[] {
  return linesOf(text).map((line) => parseDocument(line, { name, schema: inputAssetSchema }));
}

/**
 * Reads the datasets that a run took as inputs while it went on: one JSON object a line.
 * @param name for messages
 * @throws DOCUMENT_INVALID
 */
export function parseUsedDatasets(text: string, name: string): readonly InputDataset[] {
  return linesOf(text).map((line) => parseDocument(line, { name, schema: inputDatasetSchema }));
}

function linesOf(text: string): readonly string[] {
  return text.split("\n").filter((line) => line !== "");
}
