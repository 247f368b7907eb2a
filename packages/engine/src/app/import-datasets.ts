import type { Dataset, DatasetFile } from "../core/catalog/dataset.ts";
import type { ParsedFile } from "../core/catalog/parse-file.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import type { DatasetCatalog, IngestBatch, StoredDataset } from "../ports/dataset-catalog.ts";
import type { ImportTally } from "./import-report.ts";
import { type Merged, mergeDataset } from "./ingest-merge.ts";

/** A row that could be read, with where it stood. */
export interface ParsedRow {
  readonly file: string;
  readonly row: number;
  readonly sourceType: SourceType;
  readonly parsed: ParsedFile;
}

/** A batch being filled. */
interface Batch {
  readonly datasets: IngestBatch["datasets"][number][];
  readonly invalidDatasets: NonNullable<IngestBatch["invalidDatasets"]>[number][];
  readonly warnings: IngestBatch["warnings"][number][];
}

/** Merges rows with what the catalog has of their datasets and writes those that differ, in one transaction. */
export async function importDatasets(
  rows: readonly ParsedRow[],
  {
    catalog,
    tally,
  }: { readonly catalog: Pick<DatasetCatalog, "datasets" | "ingest">; readonly tally: ImportTally },
): Promise<void> {
  const batch: Batch = { datasets: [], invalidDatasets: [], warnings: [] };
  for (const [sourceType, ofType] of Map.groupBy(rows, (row) => row.sourceType)) {
    const byId = Map.groupBy(withoutStrays(ofType, tally), ({ parsed }) => parsed.id);
    const known = await catalog.datasets(sourceType.name, [...byId.keys()]);
    const stored = new Map(known.map((dataset) => [dataset.id, dataset]));
    for (const [id, ofDataset] of byId)
      importDataset(ofDataset, { sourceType, stored: stored.get(id), batch, tally });
  }
  if (batch.datasets.length + batch.invalidDatasets.length > 0)
    await catalog.ingest({ ...batch, invalidFiles: [], missing: [] });
}

/** A file is of one dataset: rows that give its path to another one are refused. */
function withoutStrays(rows: readonly ParsedRow[], tally: ImportTally): readonly ParsedRow[] {
  const owners = new Map<string, ParsedRow>();
  return rows.filter((row) => {
    const { path, id } = row.parsed;
    const owner = owners.get(path);
    if (owner === undefined) owners.set(path, row);
    if (owner === undefined || owner.parsed.id === id) return true;
    tally.refuse({
      ...row,
      reason: `its path is that of row ${owner.row} too, which is of ${owner.parsed.id}`,
    });
    return false;
  });
}

interface Destination {
  readonly sourceType: SourceType;
  readonly stored: StoredDataset | undefined;
  readonly batch: Batch;
  readonly tally: ImportTally;
}

function importDataset(rows: readonly ParsedRow[], { sourceType, stored, batch, tally }: Destination): void {
  const merged = mergeDataset({
    sourceType,
    stored,
    files: rows.map(({ parsed }) => parsed),
    refused: new Map(),
    // The files of an imported catalog need not be here: none of them has moved because it is not.
    exists: () => true,
  });
  const now = datasetOf(merged, stored);
  if (now === undefined) return;
  const before = new Map((stored?.files ?? []).map((file) => [file.path, file]));
  const after = new Map(now.files.map((file) => [file.path, file]));
  const asBefore = stored !== undefined && sameFacts(stored, now);
  let written = !asBefore;
  for (const row of rows) {
    const { path } = row.parsed;
    const isNew = !before.has(path);
    const isUnchanged = !isNew && asBefore && sameFile(before.get(path), after.get(path));
    written ||= !isUnchanged;
    if ("invalid" in now && now.invalid !== undefined)
      tally.refuse({ ...row, reason: `the dataset ${now.id} is invalid: ${now.invalid}` });
    else if (isNew) tally.added += 1;
    else if (isUnchanged) tally.unchanged += 1;
    else tally.updated += 1;
  }
  if (!written) return;
  write(merged, { sourceType, batch, tally });
  for (const path of repeatedPaths(rows)) {
    const message = `two rows have the path ${path}; the last counts`;
    batch.warnings.push({ sourceType: sourceType.name, id: now.id, message });
    tally.warn({ id: now.id, message });
  }
}

function repeatedPaths(rows: readonly ParsedRow[]): ReadonlySet<string> {
  const seen = new Set<string>();
  return new Set(
    rows.flatMap(({ parsed: { path } }) => {
      if (seen.has(path)) return [path];
      seen.add(path);
      return [];
    }),
  );
}

/** What the dataset comes to, as the catalog will have it: a dataset opened before stays so. */
function datasetOf(
  { assembled, refused }: Merged,
  stored: StoredDataset | undefined,
): (Dataset & { readonly invalid?: string | undefined }) | undefined {
  if (refused !== undefined) return refused;
  const { dataset } = assembled;
  if (dataset === undefined || dataset.finalised || stored?.finalised !== true) return dataset;
  return { ...dataset, facets: stored.facets, finalised: true };
}

function sameFacts(stored: StoredDataset, now: Dataset & { readonly invalid?: string | undefined }): boolean {
  const names = Object.keys(stored.facets);
  return (
    stored.finalised === now.finalised &&
    stored.invalid === now.invalid &&
    names.length === Object.keys(now.facets).length &&
    names.every((name) => stored.facets[name] === now.facets[name])
  );
}

const fileMembers = [
  "sizeBytes",
  "mtimeMs",
  "start",
  "end",
  "calendar",
  "timeUnits",
  "trackingId",
] as const satisfies readonly (keyof DatasetFile)[];

/** A size or time that the catalog knows and the row does not is no difference. */
function sameFile(before: DatasetFile | undefined, after: DatasetFile | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return fileMembers.every(
    (name) =>
      before[name] === after[name] ||
      (after[name] === undefined && (name === "sizeBytes" || name === "mtimeMs")),
  );
}

function write(
  { assembled, refused }: Merged,
  { sourceType, batch, tally }: Omit<Destination, "stored">,
): void {
  const id = assembled.dataset?.id ?? refused?.id ?? "";
  tally.datasets += 1;
  if (assembled.dataset !== undefined) batch.datasets.push(assembled.dataset);
  if (refused !== undefined) batch.invalidDatasets.push(refused);
  for (const message of assembled.warnings) {
    batch.warnings.push({ sourceType: sourceType.name, id, message });
    tally.warn({ id, message });
  }
}
