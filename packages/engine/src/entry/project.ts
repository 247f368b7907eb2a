import type { IngestReport } from "../app/ingest.ts";
import type { LoadedProvider } from "../app/loaded-provider.ts";
import type { MadePlan } from "../app/plan.ts";
import type { RunControl } from "../app/run-control.ts";
import type { SolveReport } from "../app/solve.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import type { SolveOptions } from "../core/solver/options.ts";
import type { CatalogAdmin } from "../ports/catalog-admin.ts";
import type { DatasetCatalog } from "../ports/dataset-catalog.ts";
import type { EventSink } from "../ports/events.ts";
import type { ExecutionCatalog } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { ValueCatalog } from "../ports/value-catalog.ts";
import type { SettingOrigin } from "./config/resolve.ts";
import type { Settings } from "./config/settings.ts";

/**
 * What a command does with the catalog: `create` it, `write`, `read` only (refused by construction otherwise), `admin`
 * (whatever its schema), or `none` at all.
 */
export type Access = "create" | "write" | "read" | "admin" | "none";

/** How a project is opened. */
export interface OpenOptions {
  /** Absolute folder to look from. */
  readonly cwd: string;
  /** Configuration file; default: the nearest one upward. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Dotted setting → value, over everything else. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly access: Access;
  readonly emit?: EventSink;
}

/** The catalog's four ports. */
export interface Catalog {
  readonly datasets: DatasetCatalog;
  readonly executions: ExecutionCatalog;
  readonly values: ValueCatalog;
  readonly admin: CatalogAdmin;
}

/** What ingesting a results tree did. */
export interface ResultsIngestReport {
  readonly ingested: number;
  readonly failed: readonly { readonly fragment: string; readonly message: string }[];
}

/** What to plan. */
export interface PlanRequest {
  readonly options: SolveOptions;
  /** False: datasets known from their path only are not opened. */
  readonly open: boolean;
}

/** An open project: settings, catalog, stores and everything that can be done with them. */
export interface Project extends AsyncDisposable {
  /** Absolute folder of the configuration file. */
  readonly folder: string;
  readonly configFile: string;
  readonly settings: Settings;
  readonly origins: readonly SettingOrigin[];
  readonly catalogFile: string;
  /** True if opening made the catalog. */
  readonly created: boolean;
  readonly catalog: Catalog;
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
  /** @throws PROVIDER_INVALID with all problems of all providers */
  providers(): Promise<readonly LoadedProvider[]>;
  vocabulary(): Vocabulary;
  ingest(
    input: {
      readonly sourceType: string;
      readonly folders: readonly string[];
      readonly mode: "full" | "fast";
    },
    signal: AbortSignal,
  ): Promise<IngestReport>;
  plan(request: PlanRequest): Promise<MadePlan>;
  solve(request: PlanRequest & { readonly execute: boolean }, control: RunControl): Promise<SolveReport>;
  /** Text and facts about a group, diagnostic or dataset. */
  explain(request: {
    readonly target: string;
    readonly facets: Readonly<Record<string, readonly string[]>>;
  }): Promise<{ readonly value: object; readonly text: string }>;
  /** @returns what was done, for people */
  retry(rid: Rid): Promise<string>;
  cancel(rid: Rid): Promise<string>;
  materialize(rid: Rid): Promise<string>;
  resolve(rid: Rid): Promise<string>;
  reingest(rid: Rid): Promise<string>;
  ingestResults(rids: readonly Rid[]): Promise<ResultsIngestReport>;
}
