import type { z } from "zod";
import { AlmanacError } from "../core/errors.ts";

/** What to read a document as. */
export interface DocumentForm<T> {
  /** File name for messages. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** The newest form that this version knows; default 1. */
  readonly newest?: number;
}

/**
 * Parses a JSON document and checks its shape; all problems are in one error, each with its JSON path.
 * @throws DOCUMENT_INVALID when it is no JSON or not of this shape
 */
export function parseDocument<T>(text: string, { name, schema, newest = 1 }: DocumentForm<T>): T {
  const value = parseJson(text, name);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.map(String).join(".") || "the document"}: ${message}`,
  );
  const form = formVersion(value);
  throw new AlmanacError("DOCUMENT_INVALID", `${name} is not valid: ${problems.slice(0, 5).join("; ")}`, {
    ...(form === undefined || form <= newest
      ? {}
      : { hint: `it has form ${form}, written by a newer version of Almanac` }),
    facts: { name, problems },
  });
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new AlmanacError("DOCUMENT_INVALID", `${name} is not JSON: ${error.message}`, {
      facts: { name },
      cause: error,
    });
  }
}

function formVersion(value: unknown): number | undefined {
  const version =
    typeof value === "object" && value !== null && "formatVersion" in value ? value.formatVersion : undefined;
  return typeof version === "number" ? version : undefined;
}
