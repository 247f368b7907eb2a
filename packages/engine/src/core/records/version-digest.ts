import { compareCodeUnits } from "../identity/compare.ts";
import { digestOf } from "../identity/digest.ts";
import type { Encodable } from "../identity/encode.ts";
import type { FrozenMember } from "./authored-dataset.ts";

/** What of a member decides the digest of its version. */
export type DigestedMember = Pick<FrozenMember, "kind" | "path" | "checksum" | "sizeBytes">;

/**
 * Digest of a version: over kind, path, checksum and size of its members, in the order of these. RIDs, versions of
 * children and times are not in it.
 * @returns 64 hex digits
 */
export function versionDigest(members: Iterable<DigestedMember>): string {
  const rows = Array.from(members, ({ kind, path, checksum, sizeBytes }): readonly Encodable[] => [
    kind,
    path ?? null,
    checksum,
    sizeBytes ?? null,
  ]);
  const keyed = rows.map((row) => ({ row, key: JSON.stringify(row) }));
  keyed.sort((a, b) => compareCodeUnits(a.key, b.key));
  return digestOf(["dataset-version", keyed.map(({ row }) => row)]);
}

/** Checksum of the values of a record. @param values by column; columns in any order */
export function recordChecksum(values: Readonly<Record<string, Encodable>>): string {
  return `sha256:${digestOf(values)}`;
}
