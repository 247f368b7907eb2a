import { z } from "zod";
import { parseRid, type Rid } from "../core/identity/rid.ts";
import type { Json } from "../core/json.ts";

/** Any JSON value. */
export const jsonSchema: z.ZodType<Json> = z.json();

/** A RID in its canonical spelling. */
export const ridSchema = z.custom<Rid>((value) => typeof value === "string" && parseRid(value) === value, {
  message: "is not a RID",
});

const valueSchema = z.object({
  name: z.string(),
  longName: z.exactOptional(z.string()),
  description: z.exactOptional(z.string()),
  units: z.exactOptional(z.string()),
});

/** A controlled vocabulary inside a document. */
export const vocabularySchema = z.object({
  dimensions: z.array(
    z.object({
      name: z.string(),
      longName: z.string(),
      description: z.string(),
      required: z.boolean(),
      allowExtraValues: z.boolean(),
      values: z.array(valueSchema),
    }),
  ),
});
