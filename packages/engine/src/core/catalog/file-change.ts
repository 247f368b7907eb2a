import type { DatasetFile } from "./dataset.ts";

/** What a file looks like on disk. */
export type SeenFile = Required<Pick<DatasetFile, "sizeBytes" | "mtimeMs">>;

/** How a recorded file is not as it was recorded. */
export interface FileChange {
  /** `back`: it was recorded as missing and is there; `modified`: written again in the same size. */
  readonly change: "missing" | "size" | "modified" | "back";
  readonly message: string;
}

/**
 * How a file differs from what the catalog says of it, or undefined. What was never seen, as of imported catalogs, is
 * compared in nothing but being there.
 * @param seen undefined: there is no such file
 * @param options.recordedMissing the catalog says that it has vanished
 */
export function fileChange(
  { sizeBytes, mtimeMs }: DatasetFile,
  { seen, recordedMissing }: { readonly seen: SeenFile | undefined; readonly recordedMissing: boolean },
): FileChange | undefined {
  if (seen === undefined)
    return { change: "missing", message: recordedMissing ? "is not there, as recorded" : "is not there" };
  if (recordedMissing) return { change: "back", message: "is there again" };
  if (sizeBytes !== undefined && sizeBytes !== seen.sizeBytes)
    return { change: "size", message: `has ${seen.sizeBytes} bytes; ${sizeBytes} are recorded` };
  if (mtimeMs !== undefined && mtimeMs !== seen.mtimeMs)
    return { change: "modified", message: "was written again; its size is as recorded" };
  return undefined;
}
