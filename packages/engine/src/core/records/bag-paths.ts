import { AlmanacError } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";

/** Folder of a bag that holds its payload. */
export const payloadFolder = "data";

/**
 * A path as tag files of a bag spell it: line ends and percent signs are percent-encoded, nothing else.
 * @source RFC 8493, section 2.1.3
 */
export function encodeBagPath(path: string): string {
  return path.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

/**
 * A path as it is on disk. Bags before 1.0 encode line ends only: there a percent sign stands for itself.
 * @param version of the bag, such as `1.0`
 */
export function decodeBagPath(path: string, version: string): string {
  const pattern = version.startsWith("0.") ? /%(0D|0A)/gi : /%(0D|0A|25)/gi;
  return path.replace(pattern, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/**
 * Why a path cannot name a file of a bag; undefined if it can. It must be relative, in its one spelling, inside the bag,
 * and text that UTF-8 can hold.
 */
export function bagPathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "holds a NUL";
  if (!path.isWellFormed()) return "is no Unicode text";
  if (path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path) || path.startsWith("\\\\")) return "is absolute";
  if (path.startsWith("~")) return "begins with ~";
  const parts = path.split("/");
  if (parts.includes("..")) return "leaves the bag";
  return parts.some((part) => part === "" || part === ".") ? "has an empty part" : undefined;
}

/** True for a path of the payload. */
export function isPayloadPath(path: string): boolean {
  return path.startsWith(`${payloadFolder}/`);
}

/** A path as file systems that know neither case nor forms of Unicode see it. */
export function foldedPath(path: string): string {
  return path.normalize("NFC").toLowerCase().normalize("NFC");
}

/** A file that is to have a place in the payload. */
export interface PlacedFile {
  readonly rid: Rid;
  /** Where it would be: its place in the dataset, or its name. */
  readonly path: string;
}

/**
 * A place in the payload for each file, which every tool and file system can take: no line ends and percent signs (`_`
 * in their stead: some validators do not decode them), no two places that differ only in case or in their form of
 * Unicode, no file where another has a folder. Whoever comes first has its path, a later one is below its RID.
 * @returns by RID, paths of the bag
 * @throws USAGE naming every path that leaves the dataset
 */
export function placeFiles(files: readonly PlacedFile[]): ReadonlyMap<Rid, string> {
  requirePaths(files);
  const places = new Map<Rid, string>();
  const taken = new TakenPaths();
  for (const { rid, path } of files) {
    if (places.has(rid)) continue;
    let place = path.replace(/[\r\n%]/g, "_");
    while (!taken.isFree(place)) place = `${rid}/${place}`;
    taken.take(place);
    places.set(rid, `${payloadFolder}/${place}`);
  }
  return places;
}

function requirePaths(files: readonly PlacedFile[]): void {
  const problems = files.flatMap(({ rid, path }) => {
    const problem = bagPathProblem(path);
    return problem === undefined ? [] : [`${rid}: ${JSON.stringify(path)} ${problem}`];
  });
  if (problems.length > 0)
    throw new AlmanacError("USAGE", `paths that no bag can hold: ${problems.slice(0, 20).join("; ")}`, {
      hint: "give these members other paths in the dataset",
      facts: { problems },
    });
}

/** Files and folders that there are. */
class TakenPaths {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  isFree(path: string): boolean {
    const folded = foldedPath(path);
    if (this.#files.has(folded) || this.#folders.has(folded)) return false;
    return !foldersOf(folded).some((folder) => this.#files.has(folder));
  }

  take(path: string): void {
    const folded = foldedPath(path);
    this.#files.add(folded);
    for (const folder of foldersOf(folded)) this.#folders.add(folder);
  }
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join("/"));
}
