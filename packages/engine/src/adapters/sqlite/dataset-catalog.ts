import type { DatasetFile, Facets } from "../../core/catalog/dataset.ts";
import { parseSelection } from "../../core/catalog/selection.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { parseRid } from "../../core/identity/rid.ts";
import type {
  DatasetCatalog,
  DatasetName,
  DatasetQuery,
  DatasetSummary,
  DatasetWarning,
  InvalidFile,
  KnownFile,
  StoredDataset,
} from "../../ports/dataset-catalog.ts";
import { raiseRevision, readChanges } from "./changes.ts";
import type { Connection } from "./connection.ts";
import { writeBatch } from "./dataset-ingest.ts";
import { removeIfVanished } from "./dataset-remove.ts";
import { fileOf } from "./dataset-rows.ts";
import { readDatasetMark, readRevision } from "./marks.ts";
import { meets, member, pageOf, queryBuilder, rowsOf } from "./queries.ts";
import { datasetOfReleased, filesOfReleased, releasedOrigin, releasedRow } from "./released-datasets.ts";
import { tellReleased } from "./released-show.ts";
import { resolveRid, ridText } from "./rids.ts";
import { flagOf, storedJson } from "./row-values.ts";
import type { DatasetFileRow, DatasetRow, InvalidFileRow } from "./schema.ts";
import { type Declarations, readSnapshot } from "./snapshot-reader.ts";

/** Datasets and files in SQLite. */
export class SqliteDatasetCatalog implements DatasetCatalog {
  readonly #connection: Connection;
  readonly #declarations: Declarations;

  constructor(connection: Connection, declarations: Declarations) {
    this.#connection = connection;
    this.#declarations = declarations;
  }

  async revision(): ReturnType<DatasetCatalog["revision"]> {
    return readRevision(this.#connection);
  }

  async mark(): ReturnType<DatasetCatalog["mark"]> {
    return this.#connection.read(() => readDatasetMark(this.#connection));
  }

  async changes(since: string): ReturnType<DatasetCatalog["changes"]> {
    return readChanges(this.#connection, since);
  }

  async snapshot(sourceTypes?: readonly string[]): ReturnType<DatasetCatalog["snapshot"]> {
    return readSnapshot(this.#connection, { declarations: this.#declarations, sourceTypes });
  }

  async knownFiles(sourceType: string, folder: string): Promise<readonly KnownFile[]> {
    return this.#connection.read(() =>
      [...this.#recordedFiles(sourceType, folder), ...this.#unusableFiles(sourceType, folder)].sort((a, b) =>
        compareCodeUnits(a.path, b.path),
      ),
    );
  }

  async datasets(sourceType: string, ids: readonly string[]): Promise<readonly StoredDataset[]> {
    return this.#connection.read(() =>
      [...new Set(ids)].sort(compareCodeUnits).flatMap((id): readonly StoredDataset[] => {
        const row = this.#connection.get<DatasetRow>(
          "select * from dataset where source_type = ? and instance_id = ?",
          sourceType,
          id,
        );
        if (row === undefined) return [];
        const {
          rid: _rid,
          origin: _origin,
          retracted: _retracted,
          missingFiles: _missing,
          ...dataset
        } = this.#summary(row);
        return [dataset];
      }),
    );
  }

  async ingest(batch: Parameters<DatasetCatalog["ingest"]>[0]): Promise<void> {
    await this.#connection.write(
      ({ finalised }) => (finalised ? "catalog.finalise" : "catalog.ingest"),
      () => {
        const changes = writeBatch(this.#connection, batch);
        if (changes.touched.length > 0) raiseRevision(this.#connection, changes.touched);
        return changes;
      },
    );
  }

  async list(
    query: DatasetQuery,
  ): Promise<{ readonly items: readonly DatasetSummary[]; readonly total: number }> {
    const db = await queryBuilder(this.#connection);
    return this.#connection.read(() => {
      let select = db.selectFrom("dataset").select(["id", "instance_id"]);
      if (query.sourceType !== undefined) select = select.where("source_type", "=", query.sourceType);
      if (query.origin === "ingested")
        select = select.where("origin", "not in", ["authored", releasedOrigin]);
      else if (query.origin !== undefined) select = select.where("origin", "=", query.origin);
      if (query.names !== undefined) {
        const ids = this.#idsOf(query.names);
        select = select.where((eb) =>
          eb.or([eb("instance_id", "in", [...(query.names ?? [])]), eb("id", "in", [...ids])]),
        );
      }
      for (const condition of parseSelection(query.selection ?? [])) {
        if (condition.sourceType !== undefined)
          select = select.where("source_type", "=", condition.sourceType);
        select = select.where((eb) => meets(eb, member(eb, "facets", condition.facet), condition));
      }
      const rows = [...rowsOf(this.#connection, select)].sort(
        (a, b) => compareCodeUnits(a.instance_id, b.instance_id) || a.id - b.id,
      );
      return { items: pageOf(rows, query).flatMap(({ id }) => this.#summaryOf(id)), total: rows.length };
    });
  }

  async setRetracted(id: string, retracted: boolean): Promise<boolean> {
    const update = "update dataset set retracted = ? where instance_id = ? and retracted <> ?";
    const flag = flagOf(retracted);
    return this.#connection.write("catalog.ingest", () => {
      const changed = this.#connection.run(update, flag, id, flag) > 0;
      if (changed) {
        raiseRevision(this.#connection, this.#typesOf(id));
        const dataset = datasetOfReleased(this.#connection, id);
        if (dataset !== undefined) tellReleased(this.#connection, dataset);
      }
      return changed;
    });
  }

  async removeVanished(rids: readonly string[]): Promise<readonly string[]> {
    return this.#connection.write("catalog.ingest", () => {
      const rows = [...new Set(this.#idsOf(rids))].flatMap((id) => removeIfVanished(this.#connection, id));
      if (rows.length > 0)
        raiseRevision(
          this.#connection,
          rows.map((row) => ({ sourceType: row.source_type, id: row.instance_id })),
        );
      return rows.map(({ id }) => ridText(id));
    });
  }

  async problems(): ReturnType<DatasetCatalog["problems"]> {
    return this.#connection.read(() => {
      const files = this.#connection.all<InvalidFileRow>("select * from invalid_file").map(invalidFileOf);
      const datasets = this.#connection.all<DatasetWarning>(
        `select source_type as "sourceType", instance_id as id, message from dataset_warning
         union all select source_type, instance_id, invalid from dataset where invalid is not null`,
      );
      return {
        files: files.sort((a, b) => compareCodeUnits(a.path, b.path)),
        datasets: datasets
          .map(({ sourceType, id, message }) => ({ sourceType, id, message }))
          .sort((a, b) => compareCodeUnits(a.id, b.id) || compareCodeUnits(a.message, b.message)),
      };
    });
  }

  #idsOf(names: readonly string[]): readonly number[] {
    return names.flatMap((name) => {
      const rid = parseRid(name);
      return rid === undefined ? [] : resolveRid(this.#connection, { kind: "dataset", rid }).slice(0, 1);
    });
  }

  /** The datasets of any source type with an id. */
  #typesOf(id: string): readonly DatasetName[] {
    const rows = this.#connection.all<Pick<DatasetRow, "source_type">>(
      "select source_type from dataset where instance_id = ?",
      id,
    );
    return rows.map((row) => ({ sourceType: row.source_type, id }));
  }

  #summaryOf(id: number): readonly DatasetSummary[] {
    const row = this.#connection.get<DatasetRow>("select * from dataset where id = ?", id);
    return row === undefined ? [] : [this.#summary(row)];
  }

  #summary(row: DatasetRow): DatasetSummary {
    const files = [
      ...this.#connection.all<DatasetFileRow>("select * from dataset_file where dataset_id = ?", row.id),
    ].sort((a, b) => compareCodeUnits(a.path, b.path));
    return {
      rid: ridText(row.id),
      origin: originOf(row),
      sourceType: row.source_type,
      id: row.instance_id,
      facets: storedJson<Facets>(row.facets),
      finalised: row.finalised === 1,
      retracted: row.retracted === 1,
      invalid: row.invalid ?? undefined,
      files: [
        ...files.filter(({ presence }) => presence === "present").map(fileOf),
        ...this.#releasedFiles(row),
      ],
      missingFiles: files.filter(({ presence }) => presence === "missing").map(fileOf),
    };
  }

  #releasedFiles(row: DatasetRow): readonly DatasetFile[] {
    if (row.origin !== releasedOrigin || row.invalid !== null) return [];
    const released = releasedRow(this.#connection, row);
    return released === undefined ? [] : filesOfReleased(this.#connection, released);
  }

  #recordedFiles(sourceType: string, folder: string): readonly KnownFile[] {
    // Only what is needed: of a large archive these are hundreds of thousands of rows.
    const rows = this.#connection.all<KnownFileRow>(
      `select path, size_bytes, mtime_ms, opened, presence, dataset.invalid from dataset_file join dataset on dataset.id = dataset_file.dataset_id
       where dataset_file.source_type = ? and presence <> 'invalid' and ${below}`,
      sourceType,
      ...belowParameters(folder),
    );
    return rows.map((row) => ({
      path: row.path,
      sizeBytes: row.size_bytes ?? undefined,
      mtimeMs: row.mtime_ms ?? undefined,
      finalised: row.opened === 1,
      missing: row.presence === "missing",
      invalid: row.invalid === null ? undefined : { code: "DATASET_INVALID", reason: row.invalid },
    }));
  }

  #unusableFiles(sourceType: string, folder: string): readonly KnownFile[] {
    const rows = this.#connection.all<InvalidFileRow>(
      `select * from invalid_file where source_type = ? and ${below}`,
      sourceType,
      ...belowParameters(folder),
    );
    return rows.map((row) => ({
      path: row.path,
      sizeBytes: row.size_bytes ?? undefined,
      mtimeMs: row.mtime_ms ?? undefined,
      finalised: false,
      missing: false,
      invalid: { code: row.code, reason: row.reason },
    }));
  }
}

function originOf({ origin }: DatasetRow): DatasetSummary["origin"] {
  return origin === "authored" || origin === releasedOrigin ? origin : "ingested";
}

type KnownFileRow = Pick<DatasetFileRow, "path" | "size_bytes" | "mtime_ms" | "opened" | "presence"> &
  Pick<DatasetRow, "invalid">;

/** Condition of paths below a folder, as a range that the index on paths answers. */
const below = "path >= ? and (? = '' or path < ?)";

/** A `0` is the character after `/`. */
function belowParameters(folder: string): readonly [string, string, string] {
  return [folder, folder, `${folder.replace(/\/$/, "")}0`];
}

function invalidFileOf(row: InvalidFileRow): InvalidFile {
  return {
    path: row.path,
    sourceType: row.source_type,
    sizeBytes: row.size_bytes ?? undefined,
    mtimeMs: row.mtime_ms ?? undefined,
    code: row.code,
    reason: row.reason,
  };
}
