import type { SourceType } from "../core/catalog/source-type.ts";
import type { DatasetCatalog } from "../ports/dataset-catalog.ts";
import type { EventSink } from "../ports/events.ts";
import type { FileTree } from "../ports/file-tree.ts";
import type { HeaderReader } from "../ports/header-reader.ts";

/** What to ingest and how. */
export interface IngestInput {
  readonly sourceType: SourceType;
  /** Absolute paths of folders, or of single files. */
  readonly folders: readonly string[];
  /** `full` opens every new or changed file; `fast` takes what the path tells. */
  readonly mode: "full" | "fast";
  /** Absolute folder that the catalog's paths start from. */
  readonly projectFolder: string;
}

/** What ingesting needs of the outside. */
export interface IngestPorts {
  readonly catalog: Pick<DatasetCatalog, "knownFiles" | "datasets" | "ingest">;
  readonly tree: FileTree;
  readonly headers: HeaderReader;
  readonly emit: EventSink;
}

/** A file to be taken in. */
export interface Candidate {
  /** Absolute path. */
  readonly absolute: string;
  /** As in the catalog. */
  readonly path: string;
  /** @units bytes */
  readonly sizeBytes: number;
  /** @units ms */
  readonly mtimeMs: number;
  /** False if the catalog has it already, in whatever state. */
  readonly isNew: boolean;
}
