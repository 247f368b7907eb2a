import { makePlan } from "../app/plan.ts";
import { solveAll } from "../app/solve.ts";
import { type DurableObserver, unobserved } from "../ports/durable.ts";
import { explainTarget } from "./explain-target.ts";
import { createIngesting } from "./ingesting.ts";
import { catalogFileOf, openedCatalog } from "./open-catalog.ts";
import { createPlanning } from "./planning.ts";
import type { OpenOptions, Project } from "./project.ts";
import { projectSettings } from "./project-settings.ts";
import { createPublishing } from "./publishing.ts";
import { type SolvePortParts, solvePorts } from "./solve-ports.ts";
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

/**
 * Wires settings, catalog, stores and executors together: the only place that knows all of them.
 * @throws CONFIG_INVALID and what opening the catalog throws
 */
export async function composeProject(options: OpenOptions, parts: ComposeParts): Promise<Project> {
  const { observer = unobserved, workerObserver } = parts;
  const emit = options.emit ?? (() => {});
  const resolved = await projectSettings(options);
  const { settings, folder } = resolved;
  const catalogFile = catalogFileOf(settings.catalog.url, folder);
  const opened = await openedCatalog(catalogFile, { access: options.access, observer });
  const { catalog } = opened;
  const stores = openStores({ folder, settings, observer });
  const planning = createPlanning({ settings, folder, catalog, store: options.access === "write", emit });
  const publishing = createPublishing({ catalog, ...stores, folder, settings });
  const executor = {
    ...settings.executor,
    observer,
    ...(workerObserver === undefined ? {} : { workerObserver }),
  };
  const solveParts = (): SolvePortParts => ({
    ...planning.ports,
    ...stores,
    catalog,
    folder,
    publishing,
    observer,
    executor,
    keepScratch: settings.publish.keepScratch,
  });
  return {
    ...resolved,
    ...stores,
    ...publishing.verbs,
    catalog,
    catalogFile,
    created: opened.created,
    providers: planning.providers,
    vocabulary: publishing.vocabulary,
    ...createIngesting({ folder, catalog, ingestPorts: planning.ingestPorts, emit }),
    plan: async (request) => makePlan(await planning.input(request), planning.ports),
    solve: async ({ execute, ...request }, control) => {
      await using ports = solvePorts(solveParts());
      const input = { ...(await planning.input(request)), vocabulary: publishing.vocabulary(), execute };
      // Awaited here: the executor must not be closed before it has been used.
      return await solveAll(input, { ports, control });
    },
    explain: async (request) => {
      const input = await planning.input({ options: {}, open: true });
      return explainTarget(request, { catalog, input, ports: planning.ports });
    },
    [Symbol.asyncDispose]: async () => {
      await planning.close();
      await opened.close();
    },
  };
}
