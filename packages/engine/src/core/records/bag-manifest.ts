import { compareCodeUnits } from "../identity/compare.ts";
import { bagPathProblem, decodeBagPath, encodeBagPath, foldedPath, isPayloadPath } from "./bag-paths.ts";

/** Digests that manifests of bags are read with, and how many hex digits each has. */
export const bagAlgorithms = { md5: 32, sha1: 40, sha256: 64, sha512: 128 } as const;

/** A digest that a manifest may be of. Ours are of sha256. */
export type BagAlgorithm = keyof typeof bagAlgorithms;

/** A file that has to be fetched before a bag is complete. */
export interface FetchEntry {
  readonly url: string;
  /** Absent where the bag does not say. */
  readonly sizeBytes: number | undefined;
  /** Inside the bag. */
  readonly path: string;
}

/** A tag file as it was read: what it says, and every line that is wrong. */
export interface ReadLines<T> {
  readonly entries: T;
  readonly problems: readonly string[];
}

/**
 * Text of a manifest, in order of paths.
 * @param checksums by path inside the bag
 */
export function writeManifest(checksums: Iterable<readonly [path: string, checksum: string]>): string {
  return [...checksums]
    .toSorted(([a], [b]) => compareCodeUnits(a, b))
    .map(([path, checksum]) => `${checksum}  ${encodeBagPath(path)}\n`)
    .join("");
}

/** What a manifest is read as. */
export interface ManifestForm {
  /** File name, for problems. */
  readonly name: string;
  readonly algorithm: BagAlgorithm;
  /** Of the bag. */
  readonly version: string;
  /** Whether it is of the payload, or of the tag files. */
  readonly of: "payload" | "tags";
}

/**
 * Reads a manifest: checksum, blanks, path. A path that leaves the bag, comes twice, or differs from another one only in
 * case or form of Unicode is a problem.
 * @returns checksums in lower case by path
 */
export function readManifest(text: string, form: ManifestForm): ReadLines<ReadonlyMap<string, string>> {
  const entries = new Map<string, string>();
  const problems: string[] = [];
  const folded = new Map<string, string>();
  for (const [at, line] of linesOf(text).entries()) {
    const where = `${form.name}, line ${at + 1}`;
    const match = /^([0-9A-Fa-f]+)[ \t]+\*?(.*)$/s.exec(line);
    const [, checksum = "", spelt = ""] = match ?? [];
    const path = decodeBagPath(spelt.replace(/^(\.\/)+/, ""), form.version);
    const problem =
      match === null
        ? "is no checksum with a path"
        : (entryProblem({ path, checksum }, form) ?? doubleProblem(path, { entries, folded }));
    if (problem !== undefined) problems.push(`${where}: ${problem}`);
    else {
      entries.set(path, checksum.toLowerCase());
      folded.set(foldedPath(path), path);
    }
  }
  return { entries, problems };
}

function entryProblem(
  { path, checksum }: { readonly path: string; readonly checksum: string },
  { algorithm, of }: ManifestForm,
): string | undefined {
  const problem = bagPathProblem(path);
  if (problem !== undefined) return `the path ${JSON.stringify(path)} ${problem}`;
  if (checksum.length !== bagAlgorithms[algorithm]) return `no ${algorithm} digest of ${path}`;
  if (isPayloadPath(path) !== (of === "payload"))
    return `${path} is ${of === "payload" ? "not of the payload" : "of the payload"}`;
  return undefined;
}

function doubleProblem(
  path: string,
  known: { readonly entries: ReadonlyMap<string, string>; readonly folded: ReadonlyMap<string, string> },
): string | undefined {
  if (known.entries.has(path)) return `${path} comes twice`;
  const other = known.folded.get(foldedPath(path));
  return other === undefined ? undefined : `${path} and ${other} are one file on some machines`;
}

/** Text of `fetch.txt`, in order of paths; blanks and line ends in URLs are percent-encoded. */
export function writeFetch(entries: readonly FetchEntry[]): string {
  return entries
    .toSorted((a, b) => compareCodeUnits(a.path, b.path))
    .map(({ url, sizeBytes, path }) => {
      const spelt = url.replace(/\s/g, (blank) => encodeURIComponent(blank));
      return `${spelt} ${sizeBytes ?? "-"} ${encodeBagPath(path)}\n`;
    })
    .join("");
}

/** Schemes of what a bag may be completed from. */
const fetchSchemes = ["http:", "https:", "file:"];

/** Reads `fetch.txt`: URL, size or `-`, path of the payload; each path once. */
export function readFetch(
  text: string,
  { version }: { readonly version: string },
): ReadLines<readonly FetchEntry[]> {
  const entries: FetchEntry[] = [];
  const problems: string[] = [];
  const seen = new Set<string>();
  for (const [at, line] of linesOf(text).entries()) {
    const match = /^(\S+)[ \t]+(\d+|-)[ \t]+(.*)$/s.exec(line);
    const [, url = "", size = "-", spelt = ""] = match ?? [];
    const path = decodeBagPath(spelt, version);
    const problem = match === null ? "is no URL with size and path" : fetchProblem({ url, path, seen });
    if (problem !== undefined) problems.push(`fetch.txt, line ${at + 1}: ${problem}`);
    else entries.push({ url, sizeBytes: size === "-" ? undefined : Number(size), path });
    seen.add(path);
  }
  return { entries, problems };
}

function fetchProblem({
  url,
  path,
  seen,
}: {
  readonly url: string;
  readonly path: string;
  readonly seen: ReadonlySet<string>;
}): string | undefined {
  const problem = bagPathProblem(path);
  if (problem !== undefined) return `the path ${JSON.stringify(path)} ${problem}`;
  if (!isPayloadPath(path)) return `${path} is not of the payload`;
  if (seen.has(path)) return `${path} comes twice`;
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(url)?.[0].toLowerCase();
  return scheme !== undefined && fetchSchemes.includes(scheme)
    ? undefined
    : `${url} is no http, https or file URL`;
}

/** Lines of a tag file, whatever ends them; what is empty at the end is none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  while (lines.at(-1)?.trim() === "") lines.pop();
  return lines;
}
