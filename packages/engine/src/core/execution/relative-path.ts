import { AlmanacError } from "../errors.ts";

/**
 * A path inside a folder in its one spelling: forward slashes, no `.` and no empty parts.
 * @returns undefined when the path is absolute, empty, leaves the folder or holds a NUL
 */
export function insidePath(path: string): string | undefined {
  if (path.startsWith("/") || path.includes("\0")) return undefined;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.length === 0 ? undefined : parts.join("/");
}

/**
 * Like `insidePath`, but leaving the folder is an error.
 * @throws ARTIFACT_INVALID when the path does not stay inside
 */
export function requireInside(path: string): string {
  const inside = insidePath(path);
  if (inside === undefined)
    throw new AlmanacError("ARTIFACT_INVALID", `path ${JSON.stringify(path)} leaves the execution's folder`, {
      hint: "name a place inside the folder, such as figures/map.png",
      facts: { path },
    });
  return inside;
}
