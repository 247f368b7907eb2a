import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";

/** What an asset is to an execution. */
export type AssetRole = "Input" | "Output";

/** A file registered in the catalog on its own right. */
export interface Asset {
  readonly rid: Rid;
  /** Name of its asset kind. */
  readonly kind: string;
  /** Last part of its path, as its maker named it. */
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  /** Where the bytes are: `results:<fragment>/<path>` in the results store, else a URL or a path as it was given. */
  readonly url: string;
  readonly types: readonly string[];
  readonly metadata: Readonly<Record<string, Json>>;
  readonly description: string;
  /** The execution that made it. */
  readonly madeBy: Rid | undefined;
}

/** One input file of a recorded run, pinned when it was recorded. */
export interface InputAsset {
  readonly rid: Rid;
  readonly kind: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly url: string;
  /** Its place below the folder of inputs: inputs of one file name are kept apart by RID. */
  readonly place: string;
}

/** Beginning of the URL of a file in the results store. */
const inResults = "results:";

/** URL of a file of an execution's results. */
export function resultsUrl(fragment: string, path: string): string {
  return `${inResults}${fragment}/${path}`;
}

/** Path below the results folder that a URL names; undefined for a file that is elsewhere. */
export function resultsPath(url: string): string | undefined {
  return url.startsWith(inResults) ? url.slice(inResults.length) : undefined;
}
