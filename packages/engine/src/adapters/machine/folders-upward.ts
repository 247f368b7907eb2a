import path from "node:path";

/** A folder and all above it, innermost first. @param folder absolute */
export function foldersUpward(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [folder] : [folder, ...foldersUpward(above)];
}
