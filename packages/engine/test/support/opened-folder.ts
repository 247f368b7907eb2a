import { globSync } from "node:fs";
import path from "node:path";
import { loadHdf5 } from "../../src/adapters/netcdf/hdf5.ts";
import { readHeaderFile } from "../../src/adapters/netcdf/header-file.ts";
import { assembleDataset } from "../../src/core/catalog/assemble.ts";
import { cmip6 } from "../../src/core/catalog/cmip6.ts";
import type { Dataset } from "../../src/core/catalog/dataset.ts";
import { type ParsedFile, parseFile } from "../../src/core/catalog/parse-file.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";

/** The snapshot that ingesting a folder of CMIP6 files gives; files that cannot be opened are left out. */
export async function openedSnapshot(folder: string): Promise<Snapshot> {
  const module = await (await loadHdf5()).ready;
  const parsed = new Map<string, ParsedFile[]>();
  for (const name of globSync("**/*.nc", { cwd: folder }).sort()) {
    const read = readHeaderFile(module, path.join(folder, name));
    const file = read.ok ? parseFile(cmip6, { path: name, header: read.header }) : undefined;
    if (file?.ok) parsed.set(file.value.id, [...(parsed.get(file.value.id) ?? []), file.value]);
  }
  const datasets = [...parsed.values()].flatMap((files): readonly Dataset[] => {
    const { dataset } = assembleDataset(cmip6, files);
    return dataset === undefined ? [] : [dataset];
  });
  return { revision: 1, tables: new Map([["cmip6", buildTable(cmip6, datasets)]]) };
}
