import { authoredInputFiles, type FileOfDataset } from "../../core/execution/authored-files.ts";
import type { InputDataset } from "../../core/execution/definition.ts";
import type { AuthoredDataset, DatasetVersion } from "../../core/records/authored-dataset.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import { authoredType } from "../../core/records/released-type.ts";
import { versionDigest } from "../../core/records/version-digest.ts";
import type { Found } from "./found.ts";
import type { NamedDataset } from "./named-dataset.ts";
import type { ResolvePorts } from "./run-ports.ts";

/** How an authored dataset is taken. */
export interface AuthoredHow {
  readonly materialize: boolean;
  readonly allowDraft: boolean;
}

type Ports = Pick<ResolvePorts, "authored">;

/**
 * Pins a version of an authored dataset: its digest, and every file of it and of the datasets below it, each with its
 * place inside the execution's folder.
 * @returns what to pin, or what is wrong
 */
export async function authoredInput(
  { dataset, version }: NamedDataset,
  { how, ports }: { readonly how: AuthoredHow; readonly ports: Ports },
): Promise<Found<InputDataset>> {
  const versions = await ports.authored.versions(dataset.rid);
  const problem = versionProblem(
    { dataset, ...(version === undefined ? {} : { version }) },
    { how, versions },
  );
  if (problem !== undefined || version === undefined) return { problem: problem ?? "" };
  const { rid, facets } = dataset;
  const released = versions.find((each) => each.version === version);
  const files =
    how.materialize || released === undefined ? await ports.authored.files({ dataset: rid, version }) : [];
  const wrong = how.materialize ? files.find(({ asset }) => asset.sha256 === "") : undefined;
  if (wrong !== undefined)
    return {
      problem: `${rid}@${version} has ${wrong.asset.rid} without sha256: take it without its files (materialize: false)`,
    };
  const digest = released?.digest ?? (await draftDigest(dataset, { files, ports }));
  return {
    found: {
      ...{ requirement: authoredType, sourceType: authoredType, id: `${rid}@${version}`, version, facets },
      files: how.materialize ? authoredInputFiles(`${rid}@${version}`, files) : [],
      authored: {
        ...{ rid, digest },
        ...(released === undefined ? { draft: true } : {}),
        ...(how.materialize ? {} : { materialize: false }),
      },
    },
  };
}

/** Why a version cannot be an input; undefined if it can. */
function versionProblem(
  { dataset: { rid }, version }: NamedDataset,
  { how, versions }: { readonly how: AuthoredHow; readonly versions: readonly DatasetVersion[] },
): string | undefined {
  const known = versions.map((each) => `${rid}@${each.version}`);
  const there =
    known.length === 0
      ? `it has no released version: almanac datasets release ${rid}`
      : `there are ${known.join(", ")}`;
  if (version === undefined) return `${rid} is an authored dataset and needs a version; ${there}`;
  if (version === draftName)
    return how.allowDraft
      ? undefined
      : `${rid}@draft is not released and may change: --allow-draft takes it all the same; ${there}`;
  return known.includes(`${rid}@${version}`) ? undefined : `${rid} has no version ${version}; ${there}`;
}

/** Digest over a draft: its files by content, everything else by what it is. */
async function draftDigest(
  { rid }: AuthoredDataset,
  { files, ports }: { readonly files: readonly FileOfDataset[]; readonly ports: Ports },
): Promise<string> {
  const others = await ports.authored.members({ dataset: rid });
  return versionDigest([
    ...files.map(({ asset, path }) => ({
      ...{ kind: "asset" as const, path, checksum: `sha256:${asset.sha256}`, sizeBytes: asset.sizeBytes },
    })),
    ...others
      .filter(({ kind }) => kind !== "asset")
      .map((member) => ({ kind: member.kind, checksum: `${member.rid}@${member.version ?? ""}` })),
  ]);
}
