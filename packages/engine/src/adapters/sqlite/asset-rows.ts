import type { RunDefinition } from "../../core/execution/definition.ts";
import type { ManifestArtifact } from "../../core/execution/manifest.ts";
import type { Asset, AssetRole } from "../../core/records/asset.ts";
import { resultsUrl } from "../../core/records/asset.ts";
import type { NewInput } from "../../ports/run-catalog.ts";
import { bagFilesOfExecutions, noteUnused } from "./bag-files.ts";
import type { Connection } from "./connection.ts";
import { assetNumber, optionalRid, ridText } from "./rids.ts";
import { orderedJson, storedJson } from "./row-values.ts";
import type { AssetRow } from "./schema.ts";

/** An asset as the core knows it. */
export function assetOf(row: AssetRow): Asset {
  return {
    rid: ridText(row.id),
    kind: row.kind,
    fileName: row.file_name,
    sizeBytes: row.size_bytes,
    sha256: row.sha256,
    url: row.url,
    types: storedJson<readonly string[]>(row.types),
    metadata: storedJson<Asset["metadata"]>(row.metadata),
    description: row.description,
    madeBy: optionalRid(row.made_by),
  };
}

/** Inserts the asset that a file from outside becomes. */
export function insertInputAsset(
  connection: Connection,
  {
    id,
    types,
    metadata = {},
    description = "",
    ...input
  }: Omit<NewInput, "rid" | "cache"> &
    Partial<Pick<Asset, "types" | "metadata" | "description">> & { readonly id: number },
): void {
  connection.run(
    `insert into asset (id, kind, file_name, size_bytes, sha256, url, types, metadata, description)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    input.kind,
    input.fileName,
    input.sizeBytes,
    input.sha256,
    input.url,
    JSON.stringify(types === undefined || types.length === 0 ? [input.kind] : types),
    orderedJson(metadata),
    description,
  );
}

/** A file from outside that is registered already: the same content at the same place. */
export function sameFile(
  connection: Connection,
  { url, sha256 }: Pick<NewInput, "url" | "sha256">,
): number | undefined {
  return connection.get<{ id: number }>(
    "select id from asset where sha256 = ? and url = ? and made_by is null order by id limit 1",
    sha256,
    url,
  )?.id;
}

/** Links an asset to an execution; twice is once. */
export function linkAsset(
  connection: Connection,
  link: { readonly execution: number; readonly asset: number; readonly role: AssetRole },
): void {
  connection.run(
    "insert into execution_asset (execution_id, asset_id, role) values (?, ?, ?) on conflict do nothing",
    link.execution,
    link.asset,
    link.role,
  );
}

const upsert = `insert into asset
  (id, kind, file_name, size_bytes, sha256, url, types, metadata, description, made_by)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (id) do update set kind = excluded.kind, file_name = excluded.file_name,
  size_bytes = excluded.size_bytes, sha256 = excluded.sha256, url = excluded.url, types = excluded.types,
  metadata = excluded.metadata, description = excluded.description, made_by = excluded.made_by`;

/**
 * Makes an asset of every file that a run has left, each under a RID that follows from the execution's and its place in
 * the manifest: publishing again gives the same rows. Call it inside the transaction that publishes.
 */
export function publishAssets(
  connection: Connection,
  execution: number,
  {
    definition,
    artifacts,
  }: { readonly definition: RunDefinition; readonly artifacts: readonly ManifestArtifact[] },
): void {
  // Of a run that came with a bag before: its files are in its own folder now.
  const brought = bagFilesOfExecutions(connection, [execution]);
  artifacts.forEach((artifact, position) => {
    const id = assetNumber(execution, position);
    connection.run(
      upsert,
      id,
      artifact.kind,
      artifact.path.slice(artifact.path.lastIndexOf("/") + 1),
      artifact.sizeBytes ?? 0,
      artifact.sha256 ?? "",
      resultsUrl(definition.fragment, artifact.path),
      JSON.stringify(artifact.types.length === 0 ? [artifact.kind] : artifact.types),
      orderedJson(artifact.metadata),
      artifact.description,
      execution,
    );
    linkAsset(connection, { execution, asset: id, role: "Output" });
  });
  noteUnused(connection, brought);
}
