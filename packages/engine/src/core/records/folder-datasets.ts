import { compareCodeUnits } from "../identity/compare.ts";
import { shownValue } from "../json.ts";
import { refused } from "./stage-datasets.ts";
import type { FilesDataset, GivenFile, StagedDataset, StagedFile, StagedMember } from "./staged-dataset.ts";

/** Files from elsewhere as datasets: the last one has the others, which mirror the folders, as children. */
export interface FolderDatasets {
  readonly files: readonly StagedFile[];
  readonly datasets: readonly StagedDataset[];
}

/** A folder of URLs while it is put together. */
interface Folder {
  readonly name: string;
  readonly folders: Map<string, Folder>;
  /** Positions of its files with their names. */
  readonly files: (readonly [name: string, position: number])[];
}

/** Where the first file and the first dataset come to stand. */
export interface FolderStart {
  readonly files: number;
  readonly datasets: number;
}

/**
 * Puts files from elsewhere into datasets that mirror their folders, below the deepest folder that all have in common.
 * @param start how many files and datasets were staged before
 * @throws DATASET_REFUSED naming URLs that are none or hold a user or password, sizes and digests that are missing, and
 * files named twice
 */
export function folderDatasets(
  given: Iterable<GivenFile>,
  { about, start }: { readonly about: FilesDataset; readonly start: FolderStart },
): FolderDatasets {
  const problems: string[] = [];
  const placed = Array.from(given, (file) => ({ file, parts: partsOf(file, problems) }));
  const seen = new Set<string>();
  for (const { file, parts } of placed) {
    if (!isFile(file)) continue;
    if (parts.length > 0 && seen.has(file.url)) problems.push(`${file.url} comes twice`);
    seen.add(file.url);
  }
  if (placed.length === 0) problems.push("no files were given");
  if (problems.length > 0) throw refused(about.name ?? "of files", problems, fileForm);
  const common = commonLength(placed.map(({ parts }) => parts.slice(0, -1)));
  const root: Folder = emptyFolder("");
  const files = placed.map(({ file, parts }, at): StagedFile => {
    const fileName = parts.at(-1) as string;
    folderAt(root, parts.slice(common, -1)).files.push([fileName, start.files + at]);
    return { ...file, fileName };
  });
  const datasets: StagedDataset[] = [];
  addDatasets(root, { datasets, about, first: start.datasets });
  return { files, datasets };
}

const fileForm = "a file is {url, sizeBytes, sha256} or {url, sizeBytes, md5}";

/** Members of a file from elsewhere that are texts, where they are there. */
const texts: ReadonlySet<string> = new Set(["url", "sha256", "md5"]);

/** True for what has the form of a file from elsewhere, and no other members: code without types may give anything. */
function isFile(given: unknown): given is GivenFile {
  if (typeof given !== "object" || given === null || !("url" in given)) return false;
  return Object.entries(given).every(([name, value]) =>
    texts.has(name) ? typeof value === "string" || value === undefined : name === "sizeBytes",
  );
}

function partsOf(given: GivenFile, problems: string[]): readonly string[] {
  if (!isFile(given)) {
    problems.push(`${shownValue(given)} has no form of a file`);
    return [];
  }
  const { url, sizeBytes, sha256, md5 } = given;
  if (!URL.canParse(url)) {
    problems.push(`"${url}" is no URL`);
    return [];
  }
  const { protocol, host, pathname, username, password } = new URL(url);
  if (username !== "" || password !== "") {
    // The URL itself would tell them.
    problems.push(`the URL of ${host} holds a user or password`);
    return [];
  }
  const parts = pathname.split("/").filter((part) => part !== "");
  if (parts.length === 0) problems.push(`${url} names no file`);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) problems.push(`${url} has no size in bytes`);
  const digests = [
    [sha256, 64],
    [md5, 32],
  ] as const;
  for (const [digest, length] of digests)
    if (digest !== undefined && !(digest.length === length && /^[0-9a-f]+$/.test(digest)))
      problems.push(`${url}: "${digest}" is no digest of ${length} hex digits`);
  if (sha256 === undefined && md5 === undefined) problems.push(`${url} has neither sha256 nor md5`);
  return [`${protocol}//${host}`, ...parts.map(decoded)];
}

/** A part of a path that is not encoded rightly stays as it is. */
function decoded(part: string): string {
  const plain = /%(?![0-9A-Fa-f]{2})/.test(part) ? part : decodeOr(part);
  return plain.includes("/") || plain === "." || plain === ".." ? part : plain;
}

function decodeOr(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return part;
  }
}

function commonLength(folders: readonly (readonly string[])[]): number {
  const [first = []] = folders;
  let length = 0;
  while (length < first.length && folders.every((parts) => parts[length] === first[length])) length++;
  return length;
}

function emptyFolder(name: string): Folder {
  return { name, folders: new Map(), files: [] };
}

function folderAt(root: Folder, parts: readonly string[]): Folder {
  let folder = root;
  for (const part of parts) {
    const next = folder.folders.get(part) ?? emptyFolder(part);
    folder.folders.set(part, next);
    folder = next;
  }
  return folder;
}

interface Growing {
  readonly datasets: StagedDataset[];
  readonly about: FilesDataset;
  readonly first: number;
}

/** Adds the datasets of a folder, those of its folders first. @returns the position of its own */
function addDatasets(folder: Folder, { datasets, about, first }: Growing): number {
  const children = [...folder.folders.values()].sort((a, b) => compareCodeUnits(a.name, b.name));
  const members: StagedMember[] = [
    ...children.map((child) => ({
      dataset: addDatasets(child, {
        datasets,
        first,
        about: { ...about, name: child.name, description: `Folder ${child.name}` },
      }),
      path: child.name,
    })),
    ...folder.files.map(([name, added]) => ({ added, path: name })),
  ];
  const { name, description = "", types = [fileType], draft = false } = about;
  datasets.push({ ...(name === undefined ? {} : { name }), description, types, members, draft });
  return first + datasets.length - 1;
}

/** The type of a dataset of files that lie elsewhere, a term of every catalog. */
const fileType = "File";
