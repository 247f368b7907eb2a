import { AlmanacError } from "../errors.ts";
import type { Json } from "../json.ts";
import { executionFiles, scratchFiles } from "./outcome.ts";
import { requireInside } from "./relative-path.ts";

/** How a registered file came to its place. */
export type RegistrationMode = "write" | "link" | "copy";

/** A file that an execution registered, as the manifest's records add up. */
export interface ManifestArtifact {
  /** Unique per kind. */
  readonly name: string;
  /** Inside the execution's folder, forward slashes. */
  readonly path: string;
  /** Asset kind; `execution-asset` by default. */
  readonly kind: string;
  readonly types: readonly string[];
  readonly mode: RegistrationMode;
  readonly metadata: Readonly<Record<string, Json>>;
  readonly description: string;
  readonly keepOnFailure: boolean;
  /** Known once sealed. */
  readonly sizeBytes?: number;
  readonly sha256?: string;
}

/** What a file looked like when it was sealed: while size, mtime and inode stand, its digest is trusted. */
export interface Seal {
  readonly sizeBytes: number;
  readonly sha256: string;
  /** `<size>:<mtime in ns>:<inode>` of the sealed file; a file elsewhere never has the same. */
  readonly stamp: string;
}

/** First record of a manifest. */
export interface OpenedRecord {
  readonly record: "opened";
  readonly formatVersion: 1;
}

/** A file announced: one to be written, or one linked or copied in. */
export interface RegisteredRecord extends Omit<ManifestArtifact, "sizeBytes" | "sha256"> {
  readonly record: "registered";
  /** True: a further version of what has this kind and name, on purpose; the earlier ones stay beside it. */
  readonly replaces?: boolean;
}

/** Types, metadata or description given later; what is named replaces what was there. */
export interface ChangedRecord {
  readonly record: "changed";
  readonly path: string;
  readonly types?: readonly string[];
  readonly metadata?: Readonly<Record<string, Json>>;
  readonly description?: string;
}

/** A file finished by the computation, with its digest. Bundles and the log may be sealed too. */
export interface SealedRecord extends Seal {
  readonly record: "sealed";
  readonly path: string;
}

/** A file in its place in the results. */
export interface PromotedRecord {
  readonly record: "promoted";
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** An artifact that got a record of its own in the catalog or a remote store. */
export interface UploadedRecord {
  readonly record: "uploaded";
  readonly path: string;
  readonly rid: string;
}

/** A registered file that did not get into the results, and why. */
export interface FailedRecord {
  readonly record: "failed";
  readonly path: string;
  readonly reason: string;
}

/** One line of `manifest.jsonl`. */
export type ManifestRecord =
  | OpenedRecord
  | RegisteredRecord
  | ChangedRecord
  | SealedRecord
  | PromotedRecord
  | UploadedRecord
  | FailedRecord;

/** What the records so far add up to. Filled by `applyRecord`, which alone changes it. */
export interface ManifestState {
  /** By path, in order of registration. */
  readonly artifacts: Map<string, ManifestArtifact>;
  /** Kind and name → path of the newest version. */
  readonly names: Map<string, string>;
  readonly seals: Map<string, Seal>;
  readonly promoted: Map<string, PromotedRecord>;
  readonly failed: Map<string, FailedRecord>;
}

/**
 * Where the next version of a file goes: below `versions/2/`, `versions/3/` and so on, so that every version keeps its
 * file name.
 * @returns the path itself when nothing has this kind and name yet
 */
export function nextVersion(
  state: ManifestState,
  { path, kind, name }: Pick<ManifestArtifact, "path" | "kind" | "name">,
): string {
  if (!state.names.has(identityOf({ kind, name }))) return path;
  for (let number = 2; ; number++) {
    const place = `versions/${number}/${path}`;
    if (!state.artifacts.has(place)) return place;
  }
}

/** What is unique among the newest versions. */
function identityOf({ kind, name }: Pick<ManifestArtifact, "kind" | "name">): string {
  return JSON.stringify([kind, name]);
}

/** The state before any record. */
export function emptyManifest(): ManifestState {
  return {
    artifacts: new Map(),
    names: new Map(),
    seals: new Map(),
    promoted: new Map(),
    failed: new Map(),
  };
}

/**
 * Adds one record to a state, in constant time; checks the rules before it changes anything. Whoever writes a manifest
 * calls it first and appends the line after it, so that a broken rule never reaches the disk.
 * @throws ARTIFACT_INVALID when a name or path is taken, a path leaves the folder or is reserved, or a record speaks of
 * a file that was never registered
 */
export function applyRecord(state: ManifestState, record: ManifestRecord): void {
  switch (record.record) {
    case "opened":
      return;
    case "registered":
      return register(state, record);
    case "changed":
      return change(state, record);
    case "sealed":
      return seal(state, record);
    case "promoted":
      state.promoted.set(requireInside(record.path), record);
      return;
    case "uploaded":
      requireArtifact(state, record.path);
      return;
    case "failed":
      state.failed.set(requireInside(record.path), record);
  }
}

function register(state: ManifestState, { record: _, replaces, ...artifact }: RegisteredRecord): void {
  const path = requireInside(artifact.path);
  refuseReserved(path);
  const identity = identityOf(artifact);
  const earlier = state.names.get(identity);
  if (earlier !== undefined && replaces !== true)
    throw new AlmanacError("ARTIFACT_INVALID", `"${artifact.name}" is registered already, as ${earlier}`, {
      hint: 'give it another name, or ask for a further version of it: replace: "new-version"',
      facts: { name: artifact.name, kind: artifact.kind, path: earlier },
    });
  if (state.artifacts.has(path))
    throw new AlmanacError("ARTIFACT_INVALID", `${path} is registered already`, {
      hint: "each file is registered once: give the other one another path",
      facts: { path },
    });
  state.artifacts.set(path, { ...artifact, path });
  state.names.set(identity, path);
}

function change(state: ManifestState, { record: _, path, ...changes }: ChangedRecord): void {
  state.artifacts.set(path, { ...requireArtifact(state, path), ...changes });
}

function seal(state: ManifestState, { path, sizeBytes, sha256, stamp }: SealedRecord): void {
  state.seals.set(requireInside(path), { sizeBytes, sha256, stamp });
  const artifact = state.artifacts.get(path);
  if (artifact !== undefined) state.artifacts.set(path, { ...artifact, sizeBytes, sha256 });
}

function requireArtifact(state: ManifestState, path: string): ManifestArtifact {
  const artifact = state.artifacts.get(path);
  if (artifact === undefined)
    throw new AlmanacError("ARTIFACT_INVALID", `${path} was never registered`, {
      hint: "register it first: outputPath or registerFile",
      facts: { path },
    });
  return artifact;
}

function refuseReserved(path: string): void {
  const reserved: readonly string[] = [...Object.values(executionFiles), ...Object.values(scratchFiles)];
  if (!reserved.includes(path)) return;
  throw new AlmanacError("ARTIFACT_INVALID", `${path} is a file that every execution has`, {
    hint: "give the artifact another file name",
    facts: { path },
  });
}
