/** Names of vertical coordinates, the first found counts. */
export const verticalNames = ["lev", "plev", "olevel", "height", "depth", "level", "altitude"] as const;

/**
 * The variable a file is about: what `variable_id` says, else the file name up to the first underscore.
 * @returns undefined when the file has no such variable
 */
export function mainVariable(
  path: string,
  { variableId, has }: { readonly variableId: string | undefined; readonly has: (name: string) => boolean },
): string | undefined {
  if (variableId !== undefined && has(variableId)) return variableId;
  const name = path.slice(path.lastIndexOf("/") + 1).split("_", 1)[0] ?? "";
  return has(name) ? name : undefined;
}
