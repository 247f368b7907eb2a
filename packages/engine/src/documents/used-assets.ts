import type { InputAsset } from "../core/records/asset.ts";
import { inputAssetSchema } from "./definition.ts";
import { parseDocument } from "./document.ts";

/**
 * Reads the inputs that a run took while it went on: one JSON object a line.
 * @param name for messages
 * @throws DOCUMENT_INVALID
 */
export function parseUsedAssets(text: string, name: string): readonly InputAsset[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseDocument(line, { name, schema: inputAssetSchema }));
}
