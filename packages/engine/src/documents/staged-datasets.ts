import { z } from "zod";
import type { StagedDataset, StagedDatasets, StagedFile } from "../core/records/staged-dataset.ts";
import { parseDocument } from "./document.ts";
import { jsonSchema } from "./shapes.ts";

const text = z.string();
const position = z.int().min(0);
const path = { path: z.exactOptional(text) };

const memberSchema = z.union([
  z.strictObject({ file: text, ...path }),
  z.strictObject({ rid: text, version: z.exactOptional(text), ...path }),
  z.strictObject({ dataset: position, ...path }),
  z.strictObject({ recordType: text, row: position, ...path }),
  z.strictObject({ added: position, ...path }),
]);

const datasetSchema = z.strictObject({
  name: z.exactOptional(text),
  description: text,
  types: z.array(text),
  members: z.array(memberSchema),
  version: z.exactOptional(text),
  notes: z.exactOptional(text),
  draft: z.boolean(),
  facets: z.exactOptional(z.record(text, text)),
  derivation: z.exactOptional(jsonSchema),
}) satisfies z.ZodType<StagedDataset>;

const fileSchema = z.strictObject({
  url: text,
  fileName: text,
  sizeBytes: position,
  sha256: z.exactOptional(text),
  md5: z.exactOptional(text),
}) satisfies z.ZodType<StagedFile>;

const datasetLine = z.strictObject({ dataset: datasetSchema });
const fileLine = z.strictObject({ file: fileSchema });

/**
 * Reads the datasets that an execution staged: one JSON object a line.
 * @param name for messages
 * @throws DOCUMENT_INVALID
 */
export function parseStagedDatasets(content: string, name: string): StagedDatasets {
  const files: StagedFile[] = [];
  const datasets: StagedDataset[] = [];
  content.split("\n").forEach((line, at) => {
    if (line.trim() === "") return;
    const place = `${name} line ${at + 1}`;
    if (/^\s*\{\s*"file"/.test(line)) files.push(parseDocument(line, { name: place, schema: fileLine }).file);
    else datasets.push(parseDocument(line, { name: place, schema: datasetLine }).dataset);
  });
  return { files, datasets };
}
