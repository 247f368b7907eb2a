import { existsSync } from "node:fs";
import path from "node:path";

/** Names a configuration file may have, in order of preference. */
export const configNames = [
  "almanac.config.ts",
  "almanac.config.mts",
  "almanac.config.js",
  "almanac.config.mjs",
  "almanac.config.json",
  "almanac.config.toml",
] as const;

/**
 * The configuration file that holds for a folder: in it, or in the nearest folder above.
 * @param folder absolute folder to start from
 * @returns its absolute path, or undefined
 */
export function findConfig(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = configNames.map((name) => path.join(at, name)).find((file) => existsSync(file));
    if (found !== undefined) return found;
    if (path.dirname(at) === at) return undefined;
  }
}

/** Names of further configuration files beside one. */
export function configsBeside(file: string): readonly string[] {
  const others = configNames.filter((name) => name !== path.basename(file));
  return others.filter((name) => existsSync(path.join(path.dirname(file), name)));
}
