import { resultsPath, resultsUrl } from "../../core/records/asset.ts";
import { bagFilesFolderOf } from "../../core/records/bag-files.ts";
import type { Connection } from "./connection.ts";

/** A file that an asset has. */
export interface AssetPlace {
  readonly url: string;
  readonly sha256: string;
}

const inBagFiles = "url >= 'results:datasets/' and url < 'results:datasets0'";

/** Files of bags among those of assets that executions made. */
export function bagFilesOfExecutions(
  connection: Connection,
  executions: readonly number[],
): readonly AssetPlace[] {
  return connection.all<AssetPlace>(
    `select url, sha256 from asset where made_by in (select value from json_each(?)) and ${inBagFiles}`,
    JSON.stringify(executions),
  );
}

/**
 * Notes that files of bags are to be removed, those that no asset has any more: a whole folder where none of its files is
 * an asset's. Call it inside the transaction that deletes the assets, behind that.
 */
export function noteUnused(connection: Connection, files: readonly AssetPlace[]): void {
  for (const [folder, own] of Map.groupBy(files, ({ url }) => bagFilesFolderOf(url))) {
    if (folder === undefined) continue;
    if (!isReferredTo(connection, folder)) noteRemoval(connection, folder);
    else
      for (const { url, sha256 } of own)
        if (connection.get("select 1 from asset where sha256 = ? and url = ?", sha256, url) === undefined)
          noteRemoval(connection, resultsPath(url) ?? folder);
  }
}

/** Notes that what lies at a path below results is to be removed. */
export function noteRemoval(connection: Connection, path: string): void {
  connection.run("insert into removal (fragment) values (?) on conflict do nothing", path);
}

/** True if an asset is the file at a path below results, or one in the folder there. */
export function isReferredTo(connection: Connection, path: string): boolean {
  const [file, first, behind] = ["", "/", "0"].map((end) => `${resultsUrl(path, "").slice(0, -1)}${end}`);
  const found = connection.get(
    "select 1 from asset where url = ? or (url > ? and url < ?) limit 1",
    ...([file, first, behind] as [string, string, string]),
  );
  return found !== undefined;
}

/**
 * Removes what was noted, unless something has it again, and forgets the note. Files are removed while the catalog is
 * locked: what is taken over meanwhile either finds them, or sees that they are gone.
 */
// allow-parameters: where, what, and how it is removed
export function finishBagFiles(connection: Connection, path: string, remove: () => void): void {
  if (connection.get("select 1 from removal where fragment = ?", path) === undefined) return;
  if (!isReferredTo(connection, path)) remove();
  connection.run("delete from removal where fragment = ?", path);
}
