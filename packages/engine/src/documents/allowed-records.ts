import { z } from "zod";
import type { AllowedRecords } from "../core/records/allowed-records.ts";

const text = z.string();
const described = { name: text, description: text };

const columnFrame = { name: text, required: z.boolean(), description: z.exactOptional(text) };

const columnSchema = z.discriminatedUnion("holds", [
  z.object({
    ...columnFrame,
    holds: z.literal("value"),
    type: z.enum(["text", "number", "boolean", "json"]),
    units: z.exactOptional(text),
  }),
  z.object({ ...columnFrame, holds: z.literal("term"), vocabulary: text }),
  z.object({ ...columnFrame, holds: z.literal("asset"), assetKind: z.exactOptional(text) }),
  z.object({ ...columnFrame, holds: z.literal("record"), recordType: text }),
  z.object({ ...columnFrame, holds: z.literal("dataset") }),
]);

/** What a computation may add to, inside of its definition. */
export const allowedSchema = z.object({
  features: z.array(
    z.object({
      ...described,
      target: z.object({ kind: z.enum(["dataset", "asset", "record"]), name: text }),
      columns: z.array(columnSchema),
    }),
  ),
  recordTypes: z.array(z.object({ ...described, columns: z.array(columnSchema) })),
  vocabularies: z.array(
    z.object({ ...described, terms: z.array(z.object({ ...described, synonyms: z.array(text) })) }),
  ),
}) satisfies z.ZodType<AllowedRecords>;
