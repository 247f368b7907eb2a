import { packTables, unpackTables } from "../core/catalog/packed-snapshot.ts";
import { patchSnapshot } from "../core/catalog/patch-snapshot.ts";
import type { Snapshot } from "../core/catalog/snapshot.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { DatasetCatalog, DatasetName } from "../ports/dataset-catalog.ts";
import type { KeptDecisions, SolverMemoryStore } from "../ports/solver-memory.ts";

/** What reading the catalog's snapshot takes. */
export interface SnapshotPorts {
  readonly datasets: DatasetCatalog;
  readonly memory: SolverMemoryStore;
}

/** The snapshot of now, and how it came from one that was kept. */
export interface CurrentSnapshot {
  readonly snapshot: Snapshot;
  /** The kept one with the datasets that may differ from it; absent when the whole catalog was read. */
  readonly since?: { readonly before: Snapshot; readonly changed: readonly DatasetName[] };
}

/** What source types declare, as text: with other declarations the same catalog has another snapshot. */
export function declarationsText(sourceTypes: readonly SourceType[]): string {
  return JSON.stringify(
    sourceTypes.map(({ name, facets, identityFacets }) => [name, facets, identityFacets]),
  );
}

/** The kept snapshot with the changes since then, or the whole catalog where that is not possible. */
export async function currentSnapshot(
  sourceTypes: readonly SourceType[],
  { datasets, memory }: SnapshotPorts,
): Promise<CurrentSnapshot> {
  const kept = await memory.snapshot();
  if (kept === undefined || kept.declarations !== declarationsText(sourceTypes))
    return { snapshot: await datasets.snapshot() };
  const changes = await datasets.changes(kept.mark);
  if (changes === undefined) return { snapshot: await datasets.snapshot() };
  const { revision, mark, datasets: changed } = changes;
  const before: Snapshot = { revision: kept.revision, mark: kept.mark, tables: unpackTables(kept.tables) };
  const tables = patchSnapshot(before, changed, declarationOf(sourceTypes));
  return { snapshot: { revision, mark, tables }, since: { before, changed } };
}

/** Keeps a snapshot for the next solve, unless it is the kept one. */
export async function keepSnapshot(
  { mark, revision, tables }: Snapshot & { readonly mark: string },
  sourceTypes: readonly SourceType[],
  { memory, before }: { readonly memory: SolverMemoryStore; readonly before: KeptDecisions | undefined },
): Promise<void> {
  const declarations = declarationsText(sourceTypes);
  if (before?.memory.mark === mark && before.declarations === declarations) return;
  const packed = packTables(tables);
  if (packed !== undefined) await memory.keepSnapshot({ mark, revision, declarations, tables: packed });
}

function declarationOf(sourceTypes: readonly SourceType[]) {
  const byName = new Map(sourceTypes.map((type) => [type.name, type]));
  return (name: string) => byName.get(name) ?? { name, identityFacets: ["instance_id"] };
}
