import { fileURLToPath } from "node:url";
import { HeaderPool } from "../adapters/header-pool/header-pool.ts";
import { diskTree } from "../adapters/files/walk.ts";
import { finalise } from "../app/finalise.ts";
import { ingest } from "../app/ingest.ts";
import type { IngestPorts } from "../app/ingest-ports.ts";
import { type Finalise, makePlan, type PlanInput, type PlanPorts } from "../app/plan.ts";
import { solveAll } from "../app/solve.ts";
import type { LoadedProvider } from "../app/loaded-provider.ts";
import { builtInSourceTypes, requireSourceType } from "../core/catalog/source-types.ts";
import { overlaySnapshot } from "../core/catalog/table-rows.ts";
import { isAlive } from "../adapters/process-tree/owner.ts";
import { type DurableObserver, unobserved } from "../ports/durable.ts";
import { explainTarget } from "./explain-target.ts";
import { loadProviders } from "./load-providers.ts";
import { catalogFileOf, openedCatalog } from "./open-catalog.ts";
import type { OpenOptions, PlanRequest, Project } from "./project.ts";
import { ignoreListOf, projectSettings } from "./project-settings.ts";
import { createPublishing } from "./publishing.ts";
import { solvePorts } from "./solve-ports.ts";
import { openStores } from "./stores.ts";

/** Opens a project; tests compose it with their own observer of durable writes. */
export type Compose = (options: OpenOptions) => Promise<Project>;

/** How to wire a project beyond what its user says. */
export interface ComposeParts {
  readonly observer?: DurableObserver;
  /** File of a module whose default export observes the durable writes of workers. */
  readonly workerObserver?: string;
}

/** Opens a project from its configuration. */
export const openProject: Compose = (options) => composeProject(options, {});

/** File of the program that opens files, beside this module in sources and in the built package. */
function headerProgram(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  return fileURLToPath(new URL(`./header-worker/main.${extension}`, import.meta.url));
}

/**
 * Wires settings, catalog, stores and executors together: the only place that knows all of them.
 * @throws CONFIG_INVALID and what opening the catalog throws
 */
export async function composeProject(options: OpenOptions, parts: ComposeParts): Promise<Project> {
  const observer = parts.observer ?? unobserved;
  const emit = options.emit ?? (() => {});
  const resolved = await projectSettings(options);
  const { settings, folder } = resolved;
  const catalogFile = catalogFileOf(settings.catalog.url, folder);
  const access = options.access === "none" ? undefined : await openedCatalog(catalogFile, { access: options.access, observer });
  const late = new LateCatalog(catalogFile, observer);
  const closers: (() => Promise<void>)[] = [() => late.close(), ...(access === undefined ? [] : [access.close])];
  const stores = openStores({ folder, settings, observer });
  let headers: HeaderPool | undefined;
  const headerPool = (): HeaderPool => {
    headers ??= new HeaderPool({ program: headerProgram() });
    return headers;
  };
  closers.unshift(async () => headers?.close());
  let loaded: Promise<readonly LoadedProvider[]> | undefined;
  const providers = (): Promise<readonly LoadedProvider[]> => (loaded ??= loadProviders(settings.providers.modules, folder));
  const catalog = access?.catalog ?? late.catalog;
  const ingestPorts = (): IngestPorts => ({ catalog: catalog.datasets, tree: diskTree, headers: headerPool(), emit });
  const finaliser = finaliserFor({ folder, store: options.access === "write", catalog: () => catalog.datasets, ports: ingestPorts });
  const planInput = async ({ options: chosen, open }: PlanRequest): Promise<PlanInput> => ({
    providers: await providers(),
    ignore: await ignoreListOf(settings, folder),
    options: chosen,
    sourceTypes: Object.values(builtInSourceTypes),
    open,
  });
  const planPorts = (): PlanPorts => ({ datasets: catalog.datasets, executions: catalog.executions, finalise: finaliser, alive: isAlive, emit });
  const publishing = createPublishing({ catalog, ...stores, folder, settings });
  return {
    ...resolved,
    ...stores,
    catalog,
    catalogFile,
    created: access?.created ?? false,
    providers,
    vocabulary: publishing.vocabulary,
    ingest: ({ sourceType, ...input }, signal) =>
      ingest({ ...input, sourceType: requireSourceType(sourceType), projectFolder: folder }, ingestPorts(), signal),
    plan: async (request) => makePlan(await planInput(request), planPorts()),
    solve: async ({ execute, ...request }, control) => {
      await using ports = solvePorts({ ...planPorts(), catalog, ...stores, folder, publishing, observer, executor: { ...settings.executor, observer, ...(parts.workerObserver === undefined ? {} : { workerObserver: parts.workerObserver }) } });
      const input = { ...(await planInput(request)), vocabulary: publishing.vocabulary(), execute };
      // Awaited here: the executor must not be closed before it has been used.
      return await solveAll(input, { ports, control });
    },
    explain: async (request) => explainTarget(request, { catalog, input: await planInput({ options: {}, open: true }), ports: planPorts() }),
    ...publishing.verbs,
    [Symbol.asyncDispose]: async () => {
      for (const close of closers) await close();
    },
  };
}

/** The catalog of a command that rarely needs one: opened, to read, when first used. */
class LateCatalog {
  readonly #file: string;
  readonly #observer: DurableObserver;
  #opened: ReturnType<typeof openedCatalog> | undefined;

  constructor(file: string, observer: DurableObserver) {
    this.#file = file;
    this.#observer = observer;
  }

  get catalog(): Project["catalog"] {
    const late = <T extends keyof Project["catalog"]>(name: T): Project["catalog"][T] =>
      new Proxy({} as Project["catalog"][T], {
        get: (_, method) => async (...given: unknown[]) => {
          const { catalog } = await (this.#opened ??= openedCatalog(this.#file, { access: "read", observer: this.#observer }));
          const port = catalog[name] as unknown as Record<PropertyKey, (...words: unknown[]) => unknown>;
          return port[method]?.(...given);
        },
      });
    return { datasets: late("datasets"), executions: late("executions"), values: late("values"), admin: late("admin") };
  }

  async close(): Promise<void> {
    if (this.#opened !== undefined) await (await this.#opened).close();
  }
}

/** Opens datasets for planning: stored where the catalog may be written, else kept in memory for this plan. */
function finaliserFor({ folder, store, catalog, ports }: {
  readonly folder: string;
  readonly store: boolean;
  readonly catalog: () => Project["catalog"]["datasets"];
  readonly ports: () => IngestPorts;
}): Finalise {
  return async (ids, snapshot) => {
    const input = { ids, requireSourceType, projectFolder: folder, store };
    const { opened, invalid } = await finalise(input, ports(), new AbortController().signal);
    if (store) return catalog().snapshot();
    return overlaySnapshot(snapshot, { replaced: opened, dropped: invalid }, requireSourceType);
  };
}
