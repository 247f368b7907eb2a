/** Names of vertical coordinates, the first found counts. */
export const verticalNames = ["lev", "plev", "olevel", "height", "depth", "level", "altitude"] as const;

/** Variables that no file is about. */
const coordinates: ReadonlySet<string> = new Set([...verticalNames, "time", "lat", "lon", "bnds"]);

/**
 * The variable a file is about: what `variable_id` says, else the first part of the file name, parted by underscores, that is
 * a variable of it and no coordinate.
 * @returns undefined when the file has no such variable
 */
export function mainVariable(
  path: string,
  { variableId, has }: { readonly variableId: string | undefined; readonly has: (name: string) => boolean },
): string | undefined {
  if (variableId !== undefined && has(variableId)) return variableId;
  const name = path.slice(path.lastIndexOf("/") + 1).replace(/\.nc$/, "");
  return name.split("_").find((part) => !coordinates.has(part) && has(part));
}
