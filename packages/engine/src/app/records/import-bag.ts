import { AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { digestOf } from "../../core/identity/digest.ts";
import type { BagContents, BaggedAsset } from "../../core/provenance/bag-contents.ts";
import { isRemoteUrl, resultsPath, resultsUrl } from "../../core/records/asset.ts";
import { bagFilesFolder } from "../../core/records/bag-files.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { BagProblem, Bags } from "../../ports/bags.ts";
import type { DatasetImport, ImportedDatasets } from "../../ports/dataset-import.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import { localPlace } from "./asset-file.ts";

/** What importing needs. */
export interface ImportPorts {
  readonly bags: Bags;
  readonly imports: DatasetImport;
  readonly assets: Pick<AssetCatalog, "list">;
  readonly results: FragmentStore;
  /** Absolute. */
  readonly projectFolder: string;
  /** The bag's folder as a store, and its fragment in it. */
  readonly asStore: (folder: string) => { readonly store: FragmentStore; readonly fragment: string };
  /** Size of a file; undefined when it is not there. */
  readonly sizeOf: (file: string) => number | undefined;
  /** SHA-256 of a file in hex; undefined when it is not there. */
  readonly digestOfFile: (file: string) => Promise<string | undefined>;
}

/** What was imported. */
export interface ImportedBag extends ImportedDatasets {
  /** Files that were stored, and their bytes. */
  readonly stored: { readonly files: number; readonly bytes: number };
}

/**
 * Takes over a bag: checks every file first, stores those that are not here, then the records in one transaction. What
 * is not in the bag and can be fetched keeps its URL.
 * @param request.folder absolute
 * @throws FILE_MISSING when there is no bag; BAG_INVALID naming everything that is wrong; CONFLICT as `DatasetImport.take`
 */
export async function importBag(
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
  ports: ImportPorts,
): Promise<ImportedBag> {
  const { problems } = await ports.bags.verify(folder, { signal });
  const missing = new Set(problems.filter(({ fetchable }) => fetchable === true).map(({ path }) => path));
  requireValid(
    folder,
    problems.filter(({ fetchable }) => fetchable !== true),
  );
  const contents = await ports.bags.contents(folder);
  for (let left = attempts; ; left--)
    try {
      return await takeOver(folder, { contents, missing, ports });
    } catch (error) {
      // Another process has removed files that were here: they come from the bag then.
      if (left <= 1 || !isAlmanacError(error, "FILE_MISSING")) throw error;
    }
}

/** How often an import begins anew when files vanish under it. */
const attempts = 5;

/** Puts files that are not here into results, then everything into the catalog. */
async function takeOver(
  folder: string,
  { contents, missing, ports }: Finding & { readonly contents: BagContents },
): Promise<ImportedBag> {
  const urls = await urlsHere(contents, { missing, ports });
  const lacking = contents.assets.filter(({ rid }) => !urls.has(rid));
  const fragment = bagFilesFolder(contents.root.rid, digestOf(lacking.map(contentOf)).slice(0, 16));
  await store(folder, { fragment, lacking, ports });
  const assets = contents.assets.map((asset) => ({
    ...asset,
    url: urls.get(asset.rid) ?? resultsUrl(fragment, asset.place),
  }));
  const isThere = (url: string): boolean => ports.sizeOf(localPlace({ url }, ports) ?? "") !== undefined;
  const imported = await ports.imports.take({ ...contents, assets }, { path: fragment, isThere });
  const bytes = lacking.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { ...imported, stored: { files: lacking.length, bytes } };
}

/** Problems that a message names. */
const namedProblems = 20;

function requireValid(folder: string, problems: readonly BagProblem[]): void {
  if (problems.length === 0) return;
  const named = problems.slice(0, namedProblems).map(({ message }) => message);
  const more = problems.length > named.length ? `; and ${problems.length - named.length} more` : "";
  throw new AlmanacError("BAG_INVALID", `the bag ${folder} is not imported: ${named.join("; ")}${more}`, {
    hint: `almanac datasets bag verify ${folder}`,
    facts: { folder, problems },
  });
}

interface Finding {
  readonly missing: ReadonlySet<string>;
  readonly ports: ImportPorts;
}

/** Where files of the bag are without being stored: elsewhere, or here already with the same content. */
async function urlsHere(
  { assets }: BagContents,
  { missing, ports }: Finding,
): Promise<ReadonlyMap<string, string>> {
  const urls = new Map<string, string>();
  for (const asset of assets) {
    const url = missing.has(asset.place) ? remoteUrl(asset) : await sameContent(asset, ports);
    if (url !== undefined) urls.set(asset.rid, url);
  }
  return urls;
}

function remoteUrl({ rid, url, place }: BaggedAsset): string {
  if (isRemoteUrl(url)) return url;
  throw new AlmanacError(
    "BAG_INVALID",
    `the file of asset ${rid} is not in the bag, and has no URL: ${place}`,
    {
      facts: { rid, place },
    },
  );
}

async function sameContent(
  { sha256, sizeBytes }: BaggedAsset,
  { assets, results, projectFolder, sizeOf, digestOfFile }: ImportPorts,
): Promise<string | undefined> {
  const { items } = await assets.list({ sha256 });
  for (const known of items) {
    const file = localPlace(known, { results, projectFolder });
    if (file === undefined || sizeOf(file) !== sizeBytes) continue;
    // What is in results nobody writes to; any other file may have changed since it was recorded.
    if (resultsPath(known.url) !== undefined || (await digestOfFile(file)) === sha256) return known.url;
  }
  return undefined;
}

function contentOf({ place, sha256 }: BaggedAsset): readonly [string, string] {
  return [place, sha256];
}

/** Puts files into the results, into a folder that follows from what is in it; a kill leaves a note that they are to go. */
async function store(
  folder: string,
  {
    fragment,
    lacking,
    ports: { results, imports, asStore },
  }: {
    readonly fragment: string;
    readonly lacking: readonly BaggedAsset[];
    readonly ports: ImportPorts;
  },
): Promise<void> {
  if (lacking.length === 0) return;
  await imports.announce(fragment);
  const source = asStore(folder);
  const from = { ...source, linkable: false, synced: true };
  await results.promote(
    fragment,
    lacking.map(({ place, sha256 }) => ({ path: place, sha256, from })),
    { replace: false, shared: true },
  );
}
