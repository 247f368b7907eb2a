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

/** A file from outside to be registered: its bytes stay where they are. */
export type NewAsset = Omit<Asset, "rid" | "madeBy">;

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
  /** False: what lies elsewhere is fetched for this run alone; else it is kept in the cache of inputs. */
  readonly cache?: false;
}

/** An input file on this machine. Read-only: it may be the file itself that others use too. */
export interface LocalAsset extends InputAsset {
  /** Absolute path inside the execution's folder. */
  readonly localPath: string;
}

/** True for what lies elsewhere: on a server, or on this machine outside of the project's stores. */
export function isRemoteUrl(url: string): boolean {
  return /^(?:https?|file):/.test(url);
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
