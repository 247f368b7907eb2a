import { fileURLToPath } from "node:url";

/**
 * Path of the module that called the function `above`.
 * @param above a function on the stack: its caller counts
 * @returns undefined when the caller has no file
 */
export function callerModule(above: (...inputs: never[]) => unknown): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, above);
  const line = holder.stack?.split("\n").find((each) => each.trimStart().startsWith("at "));
  const place = /\(?((?:file:\/\/)?\/[^()]*?):\d+:\d+\)?$/.exec(line ?? "")?.[1];
  if (place === undefined) return undefined;
  return place.startsWith("file://") ? fileURLToPath(place) : place;
}
