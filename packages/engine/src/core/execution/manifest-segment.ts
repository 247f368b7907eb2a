import { executionFiles } from "./outcome.ts";

/** Folder of an execution's results that holds what was added after publication, each addition in a folder of its own. */
const additions = "additions";

const additionPattern = new RegExp(`^${additions}/\\d{6}-[0-9a-f]{12}/`);

/**
 * Folder of one addition inside an execution's folder. The files are in it, and the manifest segment that tells of them:
 * the manifest that was published is never written again. An addition that was interrupted gets the same folder when it
 * is made again; two at one time get different ones.
 * @param number additions that are there already, and one
 * @param sha256 digest of what is added
 * @example additionFolder(1, "abababababababab") === "additions/000001-abababababab"
 */
export function additionFolder(number: number, sha256: string): string {
  return `${additions}/${String(number).padStart(6, "0")}-${sha256.slice(0, 12)}`;
}

/** True for a path inside an execution's folder that was added after publication. */
export function isAddition(path: string): boolean {
  return additionPattern.test(path);
}

/** True for the manifest segment of an addition. */
export function isSegment(path: string): boolean {
  return isAddition(path) && path.split("/").length === 3 && path.endsWith(`/${executionFiles.manifest}`);
}
