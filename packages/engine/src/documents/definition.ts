import { z } from "zod";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import { allowedSchema } from "./allowed-records.ts";
import { parseDocument } from "./document.ts";
import { jsonSchema, ridSchema, vocabularySchema } from "./shapes.ts";

const text = z.string();
const selectorSchema = z.array(z.tuple([text, text]));

const fileSchema = z.object({
  path: text,
  sizeBytes: z.exactOptional(z.number()),
  contentId: text,
  start: z.exactOptional(text),
  end: z.exactOptional(text),
  calendar: z.exactOptional(text),
  timeUnits: z.exactOptional(text),
  asset: z.exactOptional(z.object({ rid: ridSchema, kind: text, fileName: text, url: text })),
});

/** An input dataset, in a line of its own too. */
export const inputDatasetSchema = z.object({
  requirement: text,
  sourceType: text,
  id: text,
  version: text,
  facets: z.record(text, text),
  files: z.array(fileSchema),
  authored: z.exactOptional(
    z.object({
      ...{ rid: ridSchema, digest: text, draft: z.exactOptional(z.literal(true)) },
      materialize: z.exactOptional(z.literal(false)),
    }),
  ),
});

const frame = {
  rid: ridSchema,
  fragment: text,
  datasets: z.array(inputDatasetSchema),
  fingerprint: text,
  parameters: z.record(text, jsonSchema),
  limits: z.object({
    timeoutSeconds: z.exactOptional(z.number()),
    memoryBytes: z.exactOptional(z.number()),
    cpus: z.exactOptional(z.number()),
  }),
  computation: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("function"), module: text }),
    z.object({ kind: z.literal("command"), argv: z.array(text) }),
  ]),
  vocabulary: vocabularySchema,
  allowed: z.exactOptional(allowedSchema),
  createdAt: text,
};

const solverSchema = z.object({
  ...frame,
  formatVersion: z.literal(1),
  group: z.object({ rid: ridSchema, key: text, selectorDigest: z.exactOptional(text) }),
  provider: z.object({ slug: text, version: text }),
  diagnostic: z.object({ slug: text, version: z.number(), name: text }),
  selectors: z.record(text, selectorSchema),
  compatHash: text,
});

/** An asset kind, inside of other documents too. */
export const assetKindSchema = z.object({
  name: text,
  description: text,
  columns: z.array(
    z.object({
      name: text,
      type: z.enum(["text", "number", "boolean", "json"]),
      required: z.boolean(),
      description: z.exactOptional(text),
    }),
  ),
});

/** An input of a run, in a line of its own too. */
export const inputAssetSchema = z.object({
  ...{ rid: ridSchema, kind: text, fileName: text, sizeBytes: z.number(), sha256: text },
  ...{ url: text, place: text, cache: z.exactOptional(z.literal(false)) },
});

/** A recorded run, inside of other documents too. */
export const runSchema = z.object({
  ...frame,
  formatVersion: z.literal(2),
  origin: z.enum(["run", "build"]),
  workflow: z.object({
    ...{ rid: ridSchema, name: text, types: z.array(text), url: text, checksum: text, description: text },
    version: z.exactOptional(text),
  }),
  code: z.object({
    source: z.enum(["given", "container", "wrapper", "git", "interactive", "file"]),
    commit: z.exactOptional(text),
    fileCommit: z.exactOptional(text),
    branch: z.exactOptional(text),
    dirty: z.boolean(),
    dirtyPaths: z.array(text),
    patchDigest: z.exactOptional(text),
    patchOmits: z.exactOptional(
      z.array(z.object({ path: text, reason: z.enum(["large", "secret", "submodule", "unreadable"]) })),
    ),
    pushed: z.exactOptional(z.boolean()),
    shallow: z.exactOptional(z.boolean()),
  }),
  description: text,
  assets: z.array(inputAssetSchema),
  kinds: z.array(assetKindSchema),
  assetTypes: z.exactOptional(z.array(z.object({ name: text, synonyms: z.array(text) }))),
  commandLine: z.array(text),
  workingFolder: text,
  resumes: z.exactOptional(ridSchema),
  parent: z.exactOptional(z.object({ rid: ridSchema, sequence: z.exactOptional(z.number()) })),
  reserved: z.object({ first: ridSchema, count: z.number() }),
});

const definitionSchema = z.discriminatedUnion("formatVersion", [solverSchema, runSchema]);

/** Text of `execution.json`, newline at the end. */
export function writeDefinition(definition: ExecutionDefinition): string {
  return `${JSON.stringify(definition, null, 1)}\n`;
}

/**
 * Reads `execution.json`, in every form there has been. Members that this version does not know are dropped.
 * @throws DOCUMENT_INVALID when the text is no definition; `hint` says of which newer form it is
 */
export function parseDefinition(document: string): ExecutionDefinition {
  return parseDocument(document, { name: "execution.json", schema: definitionSchema, newest: 2 });
}
