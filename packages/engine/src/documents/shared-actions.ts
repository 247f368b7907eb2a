import { z } from "zod";
import type { ActionRecord } from "../core/steps/action.ts";
import type { SharedActions } from "../core/steps/shared-actions.ts";
import { parseDocument } from "./document.ts";

const text = z.string();
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const named = z.array(z.tuple([text, text]));

const outputSchema = z.object({
  product: text,
  codec: text,
  digest,
  bytes: z.number(),
  sha256: z.exactOptional(digest),
  files: z.exactOptional(z.array(z.object({ path: text, sha256: digest, bytes: z.number() }))),
});

const actionSchema = z.object({
  key: digest,
  step: text,
  own: digest,
  shape: digest,
  outputs: z.array(outputSchema),
  ingredients: z.object({
    code: text,
    readings: z.array(z.tuple([text, z.enum(["value", "has", "keys"]), text])),
    requires: named,
    files: z.exactOptional(named),
    environment: z.exactOptional(named),
    captures: z.exactOptional(named),
    seed: z.exactOptional(text),
  }),
  provenance: z.object({
    at: text,
    durationMs: z.number(),
    build: text,
    attempt: z.exactOptional(z.number()),
    // For people; reasons of later versions are passed on as they are.
    reasons: z.array(z.looseObject({ code: text })),
  }),
});

const codeSchema = z.object({
  digest: text,
  functions: z.array(z.object({ name: text, file: text, digest: text })),
  packages: z.array(z.object({ name: text, version: text })),
  unfollowed: z.array(z.object({ name: text, reason: text })),
});

const schema = z.object({
  formatVersion: z.literal(1),
  actions: z.array(actionSchema),
  codes: z.array(codeSchema),
  small: z.record(digest, z.base64()),
});

/** Text of a part of a shared store's index. */
export function writeSharedActions({ actions, codes, small }: SharedActions): string {
  const inline = Object.fromEntries([...small].map(([name, bytes]) => [name, toBase64(bytes)]));
  return `${JSON.stringify({ formatVersion: 1, actions, codes, small: inline })}\n`;
}

/**
 * Reads a part of a shared store's index.
 * @param name for messages
 * @throws DOCUMENT_INVALID when it is none, or of a newer form
 */
export function parseSharedActions(document: string, name: string): SharedActions {
  const { actions, codes, small } = parseDocument(document, { name, schema });
  return {
    actions: actions as readonly ActionRecord[],
    codes,
    small: new Map(Object.entries(small).map(([key, inline]) => [key, fromBase64(inline)])),
  };
}

const portion = 8192;

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (let at = 0; at < bytes.length; at += portion)
    binary += String.fromCharCode(...bytes.subarray(at, at + portion));
  return btoa(binary);
}

function fromBase64(inline: string): Uint8Array {
  return Uint8Array.from(atob(inline), (unit) => unit.charCodeAt(0));
}
