import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import { datasetAt } from "../../src/core/catalog/table-rows.ts";
import type { Provider } from "../../src/core/diagnostic/diagnostic.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { peerProviderFiles } from "../conformance/peer-requirements.ts";

const datasetsPerBatch = 1000;

const providerModule = `import { readFileSync } from "node:fs";
import { defineDiagnostic, defineProvider } from "almanac";
const files = JSON.parse(readFileSync(new URL("./providers.json", import.meta.url), "utf8"));
export default files.map(({ slug, version, diagnostics }) =>
  defineProvider({ slug, version, diagnostics: diagnostics.map((each) => defineDiagnostic(each)) }));
`;

/** What solving is made of. */
export interface SolveCase {
  readonly snapshot: Snapshot;
  readonly providers: readonly Provider[];
  readonly ignore: IgnoreList;
  /** The peer's file. */
  readonly requirements: string;
}

/** A project with the real catalogs and the peer's diagnostics, in which nothing has been solved. */
export interface SolveProject {
  readonly folder: string;
  readonly catalogFile: string;
  /** Puts the catalog back as it was made, and forgets what was remembered. */
  readonly reset: () => void;
}

/** Makes the project below a folder. @param requirements the peer's file; @param ignore the ignore list */
export async function makeSolveProject(
  folder: string,
  { snapshot, requirements, ignore }: Omit<SolveCase, "providers">,
): Promise<SolveProject> {
  const project = path.join(folder, "project");
  const catalogFile = path.join(project, ".almanac", "catalog.sqlite");
  mkdirSync(path.dirname(catalogFile), { recursive: true });
  const files = peerProviderFiles(requirements, "by-spelling");
  writeFileSync(path.join(project, "providers.json"), JSON.stringify(files));
  writeFileSync(path.join(project, "providers.mjs"), providerModule);
  const settings = { providers: { modules: ["providers.mjs"] }, solve: { ignore } };
  writeFileSync(path.join(project, "almanac.config.json"), JSON.stringify(settings));
  await fillCatalog(catalogFile, snapshot);
  const original = path.join(folder, "catalog-before");
  copyFileSync(catalogFile, original);
  const reset = (): void => {
    for (const end of ["-wal", "-shm", ".decisions", ".snapshot"]) rmSync(catalogFile + end, { force: true });
    copyFileSync(original, catalogFile);
  };
  return { folder: project, catalogFile, reset };
}

async function fillCatalog(file: string, { tables }: Snapshot): Promise<void> {
  const catalog = await openCatalog({ file, create: true });
  for (const table of tables.values())
    for (let from = 0; from < table.ids.length; from += datasetsPerBatch) {
      const length = Math.min(datasetsPerBatch, table.ids.length - from);
      const datasets = Array.from({ length }, (_, at) => datasetAt(table, from + at));
      await catalog.datasets.ingest({ datasets, invalidFiles: [], warnings: [], missing: [] });
    }
  await catalog.close();
}

/** Seconds of CPU that ended child processes of this one have used; undefined where the system does not tell. */
export function childCpuSeconds(): number | undefined {
  if (process.platform !== "linux") return undefined;
  // Fields after the name, which is in parentheses; the 14th and 15th of them, in hundredths of a second.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
