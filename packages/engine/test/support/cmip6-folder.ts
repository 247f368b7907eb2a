import { globSync } from "node:fs";
import path from "node:path";
import type { TestDataset } from "../../src/entry/library/testing.ts";
import { cmip6Levels } from "./cmip6-file.ts";

/** Datasets of a CMIP6 directory tree by their folders, for calling diagnostics without a catalog. */
export function datasetsBelow(folder: string): readonly TestDataset[] {
  const folders = new Map<string, string[]>();
  for (const file of globSync("**/*.nc", { cwd: folder }).sort()) {
    const key = path.dirname(file);
    folders.set(key, [...(folders.get(key) ?? []), path.join(folder, file)]);
  }
  return [...folders].map(([key, files]) => {
    const segments = key.split(path.sep).slice(-cmip6Levels.length);
    return { facets: Object.fromEntries(cmip6Levels.map((level, at) => [level, segments[at] ?? ""])), files };
  });
}

/** Datasets whose facets are all among the wanted values. */
export function select(
  datasets: readonly TestDataset[],
  wanted: Readonly<Record<string, readonly string[]>>,
): readonly TestDataset[] {
  return datasets.filter(({ facets }) =>
    Object.entries(wanted).every(([facet, values]) => values.includes(facets[facet] ?? "")),
  );
}
