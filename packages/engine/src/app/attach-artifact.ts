import { basename, posix } from "node:path";
import { AlmanacError } from "../core/errors.ts";
import { applyRecord, type ManifestRecord, type RegisteredRecord } from "../core/execution/manifest.ts";
import { appendLine, manifestOpening } from "../core/execution/manifest-journal.ts";
import { additionFolder, isSegment } from "../core/execution/manifest-segment.ts";
import { executionFiles } from "../core/execution/outcome.ts";
import { sha256Hex } from "../core/identity/digest.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { FragmentStore, PromotedFile } from "../ports/fragment-store.ts";
import { readPromotedManifest } from "./read-promoted-manifest.ts";
import { type ReingestPorts, reingest } from "./reingest.ts";
import { requireExecutionFolder } from "./require-execution.ts";

/** A file to be added to a published execution. */
export interface Attachment {
  /** Where it lies: a store, a fragment of it, and its file name there. */
  readonly source: { readonly store: FragmentStore; readonly fragment: string; readonly file: string };
  /** Unique among the execution's artifacts of its kind; default: the file name. */
  readonly name?: string;
  readonly description?: string;
  readonly types?: readonly string[];
}

/** A file that was added to published results: where it lies, and its digest. */
export interface Attached {
  /** Inside the execution's folder. */
  readonly path: string;
  readonly sha256: string;
  /** False: it was there already. */
  readonly added: boolean;
}

/**
 * Adds a file to a published execution, as an event of it: the file and a manifest segment that tells of it get a
 * folder of their own beside what was published, put in place at once; nothing of what is there is written again. The
 * catalog then loads the execution's results once more. Adding the same file under the same name again changes nothing.
 * @throws UNKNOWN_NAME when there is no such execution, FILE_MISSING when its folder is not here
 * @throws TRANSITION_REFUSED when it is not published
 * @throws ARTIFACT_INVALID when another file has this name, FILE_MISSING when there is no such file
 */
export async function attachArtifact(
  rid: Rid,
  { attachment, ports }: { readonly attachment: Attachment; readonly ports: ReingestPorts },
): Promise<Attached> {
  const { fragment, state } = await requireExecutionFolder(rid, ports.executions);
  if (state !== "published")
    throw new AlmanacError(
      "TRANSITION_REFUSED",
      `execution ${rid} is ${state}: files are added once published`,
      {
        hint: `almanac executions show ${rid}`,
        facts: { rid, state },
      },
    );
  const attached = await place(fragment, { attachment, ports });
  for await (const done of reingest([fragment], ports))
    if (!done.ok) throw new AlmanacError("ARTIFACT_INVALID", done.problems.join("; "));
  return attached;
}

interface Placing {
  readonly attachment: Attachment;
  readonly ports: ReingestPorts;
}

async function place(fragment: string, { attachment, ports }: Placing): Promise<Attached> {
  const { results } = ports;
  const { store, fragment: from, file } = attachment.source;
  const [found] = (await store.list(from)).filter(({ path }) => path === file);
  const sha256 = await store.digest(from, file);
  const segments = (await results.list(fragment)).filter((each) => isSegment(each.path));
  const folder = additionFolder(segments.length + 1, sha256);
  const path = posix.join(folder, file);
  const registered = registration(attachment, path);
  const manifest = await readPromotedManifest(fragment, results);
  if (manifest === undefined)
    throw new AlmanacError("FILE_MISSING", `${fragment} has no manifest in results`, {
      hint: "almanac executions materialize <rid>, while its scratch folder is there",
    });
  const there = manifest.artifacts.find(
    ({ name, kind }) => name === registered.name && kind === registered.kind,
  );
  if (there !== undefined && manifest.state.promoted.get(there.path)?.sha256 === sha256)
    return { path: there.path, sha256, added: false };
  applyRecord(manifest.state, registered);
  const promoted = { record: "promoted", path, sizeBytes: found?.sizeBytes ?? 0, sha256 } as const;
  const segment = textFile(executionFiles.manifest, [manifestOpening, registered, promoted]);
  const source = { store, fragment: from, linkable: false, synced: false };
  await results.promote(posix.join(fragment, folder), [{ path: file, sha256, from: source }, segment], {
    replace: false,
  });
  return { path, sha256, added: true };
}

function registration({ source, name, description, types }: Attachment, path: string): RegisteredRecord {
  if (basename(source.file) !== source.file || source.file === executionFiles.manifest)
    throw new AlmanacError("ARTIFACT_INVALID", `${source.file} cannot be the name of an added file`, {
      hint: "give the file another name",
    });
  return {
    record: "registered",
    name: name ?? source.file,
    path,
    ...{ kind: "execution-asset", types: types ?? [], mode: "copy", metadata: {} },
    description: description ?? "",
    keepOnFailure: false,
  };
}

function textFile(path: string, records: readonly ManifestRecord[]): PromotedFile {
  const bytes = new TextEncoder().encode(records.map(appendLine).join(""));
  return { path, sha256: sha256Hex(bytes), from: { bytes } };
}
