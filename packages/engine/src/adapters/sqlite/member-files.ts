import type { FileOfDataset } from "../../core/execution/authored-files.ts";
import { draftName } from "../../core/records/dataset-version.ts";
import { newestVersion, requireOrdinal, visibleIn } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import { ridText } from "./rids.ts";
import type { AssetRow, DatasetMemberRow } from "./schema.ts";

type FileMember = DatasetMemberRow &
  Pick<AssetRow, "file_name" | "url" | "sha256"> & {
    readonly asset_kind: string | null;
    readonly asset_size: number | null;
  };

/** A version of a dataset, or its draft. */
export interface VersionRef {
  readonly dataset: number;
  readonly version: string;
}

/**
 * Every file of a version of a dataset and of the datasets below it, in order of RIDs, a child's files where the child
 * is first. A draft has the newest versions of children that it follows.
 * @throws UNKNOWN_NAME when there is no such version
 */
export function memberFiles(connection: Connection, version: VersionRef): readonly FileOfDataset[] {
  return filesBelow(connection, version, { below: "", seen: new Set() });
}

// allow-parameters: where, of what, and below which folder
function filesBelow(
  connection: Connection,
  { dataset, version }: VersionRef,
  { below, seen }: { readonly below: string; readonly seen: Set<string> },
): readonly FileOfDataset[] {
  const ordinal = requireOrdinal(connection, dataset, { version });
  const rows = connection.all<FileMember>(
    `select dataset_member.*, asset.kind as asset_kind, file_name, url, sha256, asset.size_bytes as asset_size
     from dataset_member left join asset on dataset_member.kind = 'asset' and asset.id = member_id
     where dataset_id = ? and ${visibleIn} and dataset_member.kind in ('asset', 'dataset') order by member_id`,
    dataset,
    ordinal,
    ordinal,
  );
  return rows.flatMap((row): readonly FileOfDataset[] => {
    if (row.kind === "asset") return row.asset_kind === null ? [] : [fileOf(row, below)];
    const child = { dataset: row.member_id, version: childVersion(connection, row, version) };
    // What several datasets have is one thing with one place: paths through many of these are more than can be walked.
    const key = `${child.dataset}@${child.version}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return filesBelow(connection, child, { below: `${below}${row.path ?? ridText(row.member_id)}/`, seen });
  });
}

function fileOf(row: FileMember, below: string): FileOfDataset {
  const { file_name: fileName, url, sha256 } = row;
  return {
    asset: {
      ...{ rid: ridText(row.member_id), kind: row.asset_kind ?? "", fileName, url, sha256 },
      sizeBytes: row.asset_size ?? 0,
    },
    path: below + (row.path ?? fileName),
  };
}

// allow-parameters: where, of which member, in what version of its dataset
function childVersion(connection: Connection, row: DatasetMemberRow, parent: string): string {
  const known = parent === draftName ? row.pinned_version : row.frozen_version;
  return known ?? newestVersion(connection, row.member_id)?.version ?? draftName;
}
