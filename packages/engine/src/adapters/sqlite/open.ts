import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { getSourceType } from "../../core/catalog/source-types.ts";
import { AlmanacError } from "../../core/errors.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { CatalogAdmin } from "../../ports/catalog-admin.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import type { DatasetCatalog } from "../../ports/dataset-catalog.ts";
import type { DatasetImport } from "../../ports/dataset-import.ts";
import { type DurableObserver, unobserved } from "../../ports/durable.ts";
import type { ExecutionCatalog } from "../../ports/execution-catalog.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { LineageCatalog } from "../../ports/lineage-catalog.ts";
import type { RecordRemoval } from "../../ports/record-removal.ts";
import type { RunCatalog } from "../../ports/run-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import type { ValueCatalog } from "../../ports/value-catalog.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";
import type { WorkflowCatalog } from "../../ports/workflow-catalog.ts";
import { SqliteCatalogAdmin } from "./admin.ts";
import { SqliteAssetCatalog } from "./asset-catalog.ts";
import { syncPath } from "./backup.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { SqliteDatasetAuthoring } from "./dataset-authoring.ts";
import { SqliteDatasetCatalog } from "./dataset-catalog.ts";
import { SqliteDatasetImport } from "./dataset-import.ts";
import { SqliteExecutionCatalog } from "./execution-catalog.ts";
import { SqliteFeatureCatalog } from "./feature-catalog.ts";
import { requireLocalFileSystem } from "./file-system.ts";
import { SqliteLineageCatalog } from "./lineage-catalog.ts";
import { SqliteRecordRemoval } from "./record-removal.ts";
import { type DerivedKind, kindOfRid, type RecordKind } from "./rids.ts";
import { SqliteRunCatalog } from "./run-catalog.ts";
import { readSchemaState, requireCurrentSchema } from "./schema-state.ts";
import type { Declarations } from "./snapshot-reader.ts";
import { SqliteTypedRecordCatalog } from "./typed-record-catalog.ts";
import { SqliteValueCatalog } from "./value-catalog.ts";
import { SqliteVocabularyCatalog } from "./vocabulary-catalog.ts";
import { SqliteWorkflowCatalog } from "./workflow-catalog.ts";

/** How to open a catalog. */
export interface OpenCatalogOptions {
  /** Path of the file, or `:memory:` for one that is gone when it is closed. */
  readonly file: string;
  /** Makes the catalog (and its folder) when there is none. */
  readonly create?: boolean;
  /** Writes are refused by construction: the dry run. */
  readonly readOnly?: boolean;
  /** The file is a snapshot: it never changes and cannot be written. */
  readonly snapshot?: boolean;
  /** Told before and after every commit; default: nobody. */
  readonly observer?: DurableObserver;
  /** Milliseconds to wait in all while another process writes; default 30,000. */
  readonly busyTimeoutMs?: number;
  /** Identity facets of source types; default: the built-in ones. */
  readonly declarations?: Declarations;
}

/** An open catalog: its ports over one connection. */
export interface OpenCatalog {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly runs: RunCatalog;
  readonly assets: AssetCatalog;
  readonly lineage: LineageCatalog;
  readonly workflows: WorkflowCatalog;
  readonly vocabularies: VocabularyCatalog;
  readonly features: FeatureCatalog;
  readonly typedRecords: TypedRecordCatalog;
  readonly authored: DatasetAuthoring;
  readonly imports: DatasetImport;
  readonly removal: RecordRemoval;
  readonly admin: CatalogAdmin;
  /** What a RID, in any spelling, stands for. */
  kindOf(rid: string): Promise<RecordKind | DerivedKind | undefined>;
  /** Idempotent. */
  close(): Promise<void>;
}

/** Milliseconds that a command waits for a locked catalog before it gives up. */
const defaultBusyTimeoutMs = 30_000;

/**
 * Opens a catalog whose schema is this program's.
 * @throws CATALOG_MISSING when there is none and `create` was not given
 * @throws CATALOG_OUTDATED, CATALOG_NEWER, CATALOG_INVALID when its schema is not this program's
 * @throws CATALOG_LOCKED when another process keeps it locked
 * @throws ENVIRONMENT_INVALID when it is on a networked file system
 */
export async function openCatalog(options: OpenCatalogOptions): Promise<OpenCatalog> {
  return opened(options, async (connection) => {
    const state = readSchemaState(connection);
    const isNew = state.version === undefined && state.unknown.length === 0;
    if (isNew && (options.create === true || options.file === ":memory:")) {
      await makeDurable(connection);
      await new SqliteCatalogAdmin(connection).migrate();
      if (connection.file !== ":memory:") syncPath(dirname(resolve(connection.file)));
    } else {
      requireCurrentSchema(state, connection.file);
      await makeDurable(connection);
    }
    return {
      datasets: new SqliteDatasetCatalog(connection, options.declarations ?? getSourceType),
      executions: new SqliteExecutionCatalog(connection),
      values: new SqliteValueCatalog(connection),
      runs: new SqliteRunCatalog(connection),
      assets: new SqliteAssetCatalog(connection),
      lineage: new SqliteLineageCatalog(connection),
      workflows: new SqliteWorkflowCatalog(connection),
      vocabularies: new SqliteVocabularyCatalog(connection),
      features: new SqliteFeatureCatalog(connection),
      typedRecords: new SqliteTypedRecordCatalog(connection),
      authored: new SqliteDatasetAuthoring(connection),
      imports: new SqliteDatasetImport(connection),
      removal: new SqliteRecordRemoval(connection),
      admin: new SqliteCatalogAdmin(connection),
      kindOf: async (rid) => kindOfRid(connection, rid),
      close: () => connection.end(),
    };
  });
}

/**
 * Opens a catalog whatever the state of its schema, for its status, a backup or a migration only.
 * @throws CATALOG_MISSING, CATALOG_INVALID, CATALOG_LOCKED, ENVIRONMENT_INVALID
 */
export async function openCatalogAdmin(
  options: Omit<OpenCatalogOptions, "create" | "declarations">,
): Promise<Pick<OpenCatalog, "admin" | "close">> {
  return opened(options, async (connection) => {
    const { unknown } = readSchemaState(connection);
    if (unknown.length === 0) await makeDurable(connection);
    return { admin: new SqliteCatalogAdmin(connection), close: () => connection.end() };
  });
}

async function opened<T>(
  options: OpenCatalogOptions,
  prepare: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = new Connection(await connectionOptions(options));
  try {
    return await connection.whenFree(() => prepare(connection));
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function connectionOptions(options: OpenCatalogOptions): Promise<ConnectionOptions> {
  const { file, observer = unobserved, busyTimeoutMs = defaultBusyTimeoutMs, declarations } = options;
  const declares = declarations && ((name: string) => declarations(name) !== undefined);
  const common = { file, observer, busyTimeoutMs, ...(declares === undefined ? {} : { declares }) };
  if (options.snapshot === true) return { ...common, readOnly: "snapshot", immutable: true };
  const readOnly = options.readOnly === true ? "asked" : "no";
  if (file === ":memory:") return { ...common, readOnly };
  const folder = dirname(resolve(file));
  requirePresent(file, { folder, create: options.create === true && readOnly === "no" });
  await requireLocalFileSystem(folder);
  const fixed = !mayWrite(folder);
  return {
    ...common,
    readOnly: readOnly === "no" && (fixed || (existsSync(file) && !mayWrite(file))) ? "unwritable" : readOnly,
    immutable: fixed && !existsSync(`${file}-wal`),
  };
}

function requirePresent(
  file: string,
  { folder, create }: { readonly folder: string; readonly create: boolean },
): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory())
    throw new AlmanacError("CATALOG_INVALID", `the catalog ${file} is a folder`, { facts: { file } });
  if (found !== undefined) return;
  if (!create)
    throw new AlmanacError("CATALOG_MISSING", `there is no catalog at ${file}`, {
      hint: "almanac init",
      facts: { file },
    });
  mkdirSync(folder, { recursive: true });
}

/** Write-ahead log, every commit on disk before it returns; `Checkpoints` takes it over into the file. */
async function makeDurable(connection: Connection): Promise<void> {
  if (connection.file === ":memory:" || !connection.isWritable) return;
  connection.database.exec(
    `pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -32768;
     pragma wal_autocheckpoint = 0; pragma journal_size_limit = 0`,
  );
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "EACCES" || error.code === "EROFS" || error.code === "EPERM")
    )
      return false;
    throw error;
  }
}
