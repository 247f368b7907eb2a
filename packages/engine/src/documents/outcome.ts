import { z } from "zod";
import type { Outcome } from "../core/execution/outcome.ts";
import { executionStates } from "../core/execution/state.ts";
import { parseDocument } from "./document.ts";

const text = z.string();

const outcomeSchema = z.object({
  formatVersion: z.literal(1),
  rid: text,
  result: z.enum(["ok", "failed"]),
  failure: z.exactOptional(
    z.object({ class: z.enum(["system", "diagnostic"]), code: text, message: text, signature: text }),
  ),
  states: z.array(z.object({ state: z.enum(executionStates), at: text })),
  resources: z.object({
    wallSeconds: z.number(),
    cpuSeconds: z.number(),
    peakMemoryBytes: z.number(),
    measured: z.enum(["proc-tree", "self", "none"]),
  }),
  bundles: z.object({
    metric: z.exactOptional(text),
    output: z.exactOptional(text),
    series: z.exactOptional(text),
  }),
});

/** Text of `outcome.json`, newline at the end. */
export function writeOutcome(outcome: Outcome): string {
  return `${JSON.stringify(outcome, null, 1)}\n`;
}

/**
 * Reads `outcome.json`. Members that this version does not know are dropped.
 * @throws DOCUMENT_INVALID when the text is no outcome
 */
export function parseOutcome(document: string): Outcome {
  return parseDocument(document, { name: "outcome.json", schema: outcomeSchema });
}
