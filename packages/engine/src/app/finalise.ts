import { resolve } from "node:path/posix";
import type { Dataset } from "../core/catalog/dataset.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import { AlmanacError } from "../core/errors.ts";
import { type Chunk, ingestChunk } from "./ingest-chunk.ts";
import type { Candidate, IngestPorts } from "./ingest-ports.ts";

/** Which datasets to open, and whether the catalog shall know. */
export interface FinaliseInput {
  /** Source type → dataset ids. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly requireSourceType: (name: string) => SourceType;
  readonly projectFolder: string;
  /** False for a dry run: nothing is written. */
  readonly store: boolean;
}

/** What opening datasets came to. */
export interface Finalised {
  /** As they are now; files that could not be used are no longer in them. */
  readonly opened: readonly Dataset[];
  /** Ids of datasets without a usable file, or whose files disagree. */
  readonly invalid: readonly string[];
}

const datasetsPerBatch = 200;

/**
 * Opens datasets that were known from their paths only. Damaged files are recorded as invalid, vanished ones as missing, and
 * leave their dataset, so that a dataset asked for once is never asked for again.
 * @throws INTERRUPTED when the signal aborts; batches written before stay
 */
export async function finalise(
  input: FinaliseInput,
  ports: IngestPorts,
  signal: AbortSignal,
): Promise<Finalised> {
  const opened: Dataset[] = [];
  const invalid: string[] = [];
  let filesOpened = 0;
  const total = [...input.ids.values()].reduce((sum, ids) => sum + ids.length, 0);
  for (const [name, ids] of input.ids) {
    const sourceType = input.requireSourceType(name);
    for (let from = 0; from < ids.length; from += datasetsPerBatch) {
      const wanted = ids.slice(from, from + datasetsPerBatch);
      const datasets = await openBatch({ input, sourceType, ids: wanted }, ports, signal);
      filesOpened += wanted.length;
      ports.emit({ kind: "finalise.progress", opened: filesOpened, total });
      opened.push(...datasets);
      const good = new Set(datasets.map(({ id }) => id));
      invalid.push(...wanted.filter((id) => !good.has(id)));
    }
  }
  return { opened, invalid };
}

interface OpenBatch {
  readonly input: FinaliseInput;
  readonly sourceType: SourceType;
  readonly ids: readonly string[];
}

async function openBatch(
  { input, sourceType, ids }: OpenBatch,
  ports: IngestPorts,
  signal: AbortSignal,
): Promise<readonly Dataset[]> {
  const { projectFolder } = input;
  const stored = await ports.catalog.datasets(sourceType.name, ids);
  const candidates = stored.flatMap(({ files }) =>
    files.map(
      ({ path, sizeBytes = 0, mtimeMs = 0 }): Candidate => ({
        absolute: resolve(projectFolder, path),
        path,
        sizeBytes,
        mtimeMs,
        isNew: false,
      }),
    ),
  );
  const chunk = await ingestChunk(
    { sourceType, candidates, open: true, projectFolder, onOpened: () => {} },
    ports,
    signal,
  );
  if (chunk.interrupted) throw new AlmanacError("INTERRUPTED", "interrupted while datasets were opened");
  if (input.store) await ports.catalog.ingest(withoutVanished(chunk, { projectFolder, ports }));
  return chunk.batch.datasets;
}

/** A file that is not there any more is missing, not invalid. */
function withoutVanished(
  { batch }: Chunk,
  { projectFolder, ports }: { readonly projectFolder: string; readonly ports: IngestPorts },
): Chunk["batch"] {
  const { gone = [], there = [] } = Object.groupBy(batch.invalidFiles, ({ path }) =>
    ports.tree.kind(resolve(projectFolder, path)) === undefined ? "gone" : "there",
  );
  return { ...batch, invalidFiles: there, missing: [...batch.missing, ...gone.map(({ path }) => path)] };
}
