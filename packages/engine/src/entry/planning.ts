import { fileURLToPath } from "node:url";
import { diskTree } from "../adapters/files/walk.ts";
import { HeaderPool } from "../adapters/header-pool/header-pool.ts";
import { isAlive } from "../adapters/process-tree/owner.ts";
import type { IngestPorts } from "../app/ingest-ports.ts";
import type { LoadedProvider } from "../app/loaded-provider.ts";
import type { Finalise, PlanInput, PlanPorts } from "../app/plan.ts";
import type { SourceTypes } from "../core/catalog/source-types.ts";
import { overlaySnapshot } from "../core/catalog/table-rows.ts";
import { isAlmanacError } from "../core/errors.ts";
import type { EventSink } from "../ports/events.ts";
import type { FileTree } from "../ports/file-tree.ts";
import type { HeaderReader } from "../ports/header-reader.ts";
import type { SolverMemoryStore } from "../ports/solver-memory.ts";
import { ignoreListOf } from "./ignore-list.ts";
import { loadProviders } from "./load-providers.ts";
import type { Catalog, PlanRequest } from "./project.ts";
import type { ProjectSettings } from "./project-settings.ts";
import type { ReleasedTypes } from "./released-types.ts";

/** What ingesting and planning are made of. */
export interface PlanningParts extends Pick<ProjectSettings, "settings" | "folder"> {
  readonly catalog: Catalog;
  readonly sourceTypes: SourceTypes;
  /** False: what opening files finds is kept in memory for the one plan. */
  readonly store: boolean;
  readonly emit: EventSink;
  /** Asked for when providers name a source type that nobody declares. */
  readonly releasedTypes: ReleasedTypes;
  /** Where what a solve found is kept for the next one. */
  readonly memory: SolverMemoryStore;
  /** What stands in for provider modules and the file system. */
  readonly instead?: PlanningInstead;
}

/** Providers as values, and files that are listed and opened otherwise than on disk in worker processes. */
export interface PlanningInstead {
  readonly providers: readonly LoadedProvider[];
  readonly tree: FileTree;
  readonly headers: HeaderReader;
}

/** Inputs and ports of ingesting and planning; processes start and modules load when first needed. */
export interface Planning {
  readonly providers: () => Promise<readonly LoadedProvider[]>;
  readonly ingestPorts: () => IngestPorts;
  readonly input: (request: PlanRequest) => Promise<PlanInput>;
  readonly ports: PlanPorts;
  /** Ends the processes that open files. */
  readonly close: () => Promise<void>;
}

/** File of the program that opens files, beside this module in sources and in the built package. */
function headerProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./header-worker/main.${extension}`, import.meta.url));
}

/** Wires ingesting and planning. */
export function createPlanning(parts: PlanningParts): Planning {
  const { settings, folder, catalog, sourceTypes, memory, emit, instead } = parts;
  let headers = instead?.headers;
  let loaded = instead === undefined ? undefined : Promise.resolve(instead.providers);
  const providers = (): Promise<readonly LoadedProvider[]> => (loaded ??= loadWithReleased(parts));
  const ingestPorts = (): IngestPorts => ({
    catalog: catalog.datasets,
    tree: instead?.tree ?? diskTree,
    headers: (headers ??= new HeaderPool({ program: headerProgram() })),
    emit,
  });
  return {
    providers,
    ingestPorts,
    input: async ({ options, open }) => ({
      providers: await providers(),
      ignore: await ignoreListOf(settings, folder),
      options,
      sourceTypes: sourceTypes.all,
      open,
    }),
    ports: {
      // Read when used: a catalog opened for administration only has neither.
      get datasets() {
        return catalog.datasets;
      },
      get executions() {
        return catalog.executions;
      },
      memory,
      finalise: finaliserFor(parts, ingestPorts),
      alive: isAlive,
      emit,
    },
    close: async () => headers?.close(),
  };
}

/** Loads providers; those that are wrong are looked at once more where datasets put together here may be what they name. */
async function loadWithReleased({
  settings,
  folder,
  sourceTypes,
  releasedTypes,
}: PlanningParts): Promise<readonly LoadedProvider[]> {
  const { modules } = settings.providers;
  try {
    return await loadProviders(modules, { folder, sourceTypes: sourceTypes.all });
  } catch (error) {
    if (!isAlmanacError(error, "PROVIDER_INVALID")) throw error;
    const released = await releasedTypes();
    if (released.length === 0) throw error;
    return loadProviders(modules, { folder, sourceTypes: [...sourceTypes.all, ...released] });
  }
}

/** Opens datasets for planning: stored where the catalog may be written, else kept in memory for this plan. */
function finaliserFor(
  { folder, store, catalog, sourceTypes }: PlanningParts,
  ports: () => IngestPorts,
): Finalise {
  return async (ids, snapshot) => {
    const { finalise } = await import("../app/finalise.ts");
    const input = { ids, requireSourceType: sourceTypes.require, projectFolder: folder, store };
    const { opened, invalid } = await finalise(input, ports(), new AbortController().signal);
    if (store) return catalog.datasets.snapshot();
    return overlaySnapshot(snapshot, { replaced: opened, dropped: invalid }, sourceTypes.require);
  };
}
