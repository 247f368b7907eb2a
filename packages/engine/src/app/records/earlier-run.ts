import { isAlmanacError } from "../../core/errors.ts";
import type { ManifestArtifact } from "../../core/execution/manifest.ts";
import { readManifest } from "../../core/execution/manifest-journal.ts";
import { executionFiles, scratchFiles } from "../../core/execution/outcome.ts";
import { capturedFolder } from "../../core/execution/run-fragment.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { FeatureRecord } from "../../core/records/feature.ts";
import {
  recordTypeOfFile,
  stagedDatasetsFile,
  stagedFeaturesFile,
  usedAssetsFile,
  usedDatasetsFile,
} from "../../core/records/staged-files.ts";
import type { FragmentStore } from "../../ports/fragment-store.ts";
import type { GivenValues } from "./kept-values.ts";

/** Datasets name each other by position: the code that resumes makes them anew. What the earlier run read is no input of it. */
const madeAnew: ReadonlySet<string> = new Set([stagedDatasetsFile, usedAssetsFile, usedDatasetsFile]);

/** A file that an earlier run had registered, where it still lies. */
export interface LeftFile extends Omit<ManifestArtifact, "sizeBytes" | "sha256"> {
  /** Absolute. */
  readonly localPath: string;
  readonly sizeBytes: number;
}

/** What is left of a run that ended before its time: nobody sealed or published it. */
export interface EarlierLeft {
  readonly rid: Rid;
  /** Registered and there, in order of registration; whoever wrote them may have been in the middle of it. */
  readonly files: readonly LeftFile[];
  readonly features: readonly FeatureRecord[];
  /** Scalars, series and named outputs that it had given. */
  readonly values: GivenValues;
  /** Record type → its table up to the last whole line, heading first. */
  readonly tables: ReadonlyMap<string, string>;
}

/**
 * Reads what an earlier run registered and staged in its scratch folder. What it captured before it started is not among
 * it: the run that resumes it captures its own; nor are datasets, which it makes anew, and inputs taken on the way, which it
 * takes itself. A torn last line, of the journal or of what was staged, is dropped.
 * @throws STORE_UNAVAILABLE
 */
export async function readEarlier(
  { rid, fragment }: { readonly rid: Rid; readonly fragment: string },
  scratch: FragmentStore,
): Promise<EarlierLeft> {
  const registered = await registeredIn(fragment, scratch);
  const sizes = new Map((await scratch.list(fragment)).map(({ path, sizeBytes }) => [path, sizeBytes]));
  const files: LeftFile[] = [];
  const tables = new Map<string, string>();
  let features: readonly FeatureRecord[] = [];
  for (const artifact of registered) {
    const { path } = artifact;
    const sizeBytes = sizes.get(path);
    const localPath = scratch.localFile(fragment, path);
    const type = recordTypeOfFile(path);
    if (sizeBytes === undefined || localPath === undefined || path.startsWith(`${capturedFolder}/`)) continue;
    if (madeAnew.has(path)) continue;
    if (path === stagedFeaturesFile) features = featuresIn(await wholeLines(fragment, { path, scratch }));
    else if (type !== undefined) tables.set(type, (await wholeLines(fragment, { path, scratch })).join(""));
    else files.push({ ...artifact, localPath, sizeBytes });
  }
  const given = sizes.has(scratchFiles.values)
    ? await wholeLines(fragment, { path: scratchFiles.values, scratch })
    : [];
  return { rid, files, features, values: valuesIn(given), tables };
}

async function registeredIn(fragment: string, scratch: FragmentStore): Promise<readonly ManifestArtifact[]> {
  const manifest = await scratch.read(fragment, executionFiles.manifest);
  try {
    return readManifest(new TextDecoder().decode(manifest)).artifacts;
  } catch (error) {
    if (!isAlmanacError(error, "MANIFEST_INVALID")) throw error;
    // Of a damaged journal nothing can be trusted.
    return [];
  }
}

/** Lines that end, each with its end. */
async function wholeLines(
  fragment: string,
  { path, scratch }: { readonly path: string; readonly scratch: FragmentStore },
): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await scratch.read(fragment, path));
  return text.split(/(?<=\n)/).filter((line) => line.endsWith("\n"));
}

/** A line of what was given for the bundles: one of these. */
interface GivenLine {
  readonly scalar?: GivenValues["scalars"][number];
  readonly series?: GivenValues["series"][number];
  readonly output?: GivenValues["outputs"][number];
}

function valuesIn(lines: readonly string[]): GivenValues {
  const given = lines.map((line) => JSON.parse(line) as GivenLine);
  return {
    scalars: given.flatMap(({ scalar }) => (scalar === undefined ? [] : [scalar])),
    series: given.flatMap(({ series }) => (series === undefined ? [] : [series])),
    outputs: given.flatMap(({ output }) => (output === undefined ? [] : [output])),
  };
}

function featuresIn(lines: readonly string[]): readonly FeatureRecord[] {
  return lines.map((line) => JSON.parse(line) as FeatureRecord);
}
