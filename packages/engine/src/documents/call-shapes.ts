import { z } from "zod";
import { nearestNames } from "../core/identity/nearest-names.ts";
import { isJson, type Json } from "../core/json.ts";

/** A text, and whether it may be empty. */
export const textShape = z.string({ error: "a text" });

/** A name or a path: a text that is not empty. */
export const nameShape = z.string({ error: "a text" }).min(1, { error: "a text that is not empty" });

/** True or false. */
export const flagShape = z.boolean({ error: "true or false" });

/** A list of texts. */
export const textsShape = z.array(textShape, { error: "a list of texts" });

/** A value that is written as it is, and read again as it was. */
export const jsonShape = z.custom<Json>((value) => isJson(value), {
  error: "a text, finite number, boolean, null, or a list or object of these",
});

/** JSON values by name; one that is undefined counts as absent. */
export const jsonMapShape = z.record(z.string(), jsonShape.optional(), {
  error: "an object of JSON values",
});

/** A list, a set, a generator: whatever can be gone through, but no text. @param of what is in it, for messages */
export function iterableShape(of: string) {
  return z.custom<Iterable<unknown>>(
    (value) => typeof value === "object" && value !== null && Symbol.iterator in value,
    { error: `a list of ${of}` },
  );
}

/** Something to be called. */
export const functionShape = z.custom<(...given: never) => unknown>((value) => typeof value === "function", {
  error: "a function",
});

/**
 * An object of certain members; of any other the nearest known one is told, as most such are mistyped.
 * @param wanted how messages call the object
 */
export function membersShape<Shape extends z.ZodRawShape>(wanted: string, shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => foreignMember(key, known)).join("; ")
        : wanted,
  });
}

function foreignMember(key: string, known: readonly string[]): string {
  const near = nearestNames(key, known).map((name) => `"${name}"`);
  const others = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${known.join(", ")}`;
  return `has no "${key}": ${others}`;
}
