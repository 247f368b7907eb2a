import type { Rid } from "../identity/rid.ts";
import { resultsPath } from "./asset.ts";

/** Folder of results that holds files of bags; no provider has its name. */
const folder = "datasets";

/** Folder for the files of a bag. @param digest of what lies in it */
export function bagFilesFolder(dataset: Rid, digest: string): string {
  return `${folder}/${dataset}/${digest}`;
}

/** True for a path below results that is of files of bags. */
export function isBagFiles(path: string): boolean {
  return path.startsWith(`${folder}/`);
}

/** The folder of bag files that a file is in; undefined for a file that came otherwise. @param url of an asset */
export function bagFilesFolderOf(url: string): string | undefined {
  const path = resultsPath(url);
  return path !== undefined && isBagFiles(path) ? path.split("/").slice(0, 3).join("/") : undefined;
}
