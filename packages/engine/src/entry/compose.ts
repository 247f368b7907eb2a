import { fileSolverMemory } from "../adapters/files/solver-memory.ts";
import { volatileSolverMemory } from "../adapters/memory/solver-memory.ts";
import { finishRemovals } from "../app/delete-executions.ts";
import { makePlan } from "../app/plan.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { type DurableObserver, unobserved } from "../ports/durable.ts";
import type { SolverMemoryStore } from "../ports/solver-memory.ts";
import { type BagVerbs, bagVerbs } from "./bag-verbs.ts";
import { type CatalogOfMoment, catalogOfMoment } from "./catalog-of-moment.ts";
import type { Settings } from "./config/settings.ts";
import { type DeletionVerbs, deletionVerbs } from "./deletion-verbs.ts";
import type { ExecutorParts } from "./executors.ts";
import { type FeatureVerbs, featureVerbs } from "./feature-verbs.ts";
import { createIngesting } from "./ingesting.ts";
import { catalogFileOf } from "./open-catalog.ts";
import { packageVersion } from "./package-version.ts";
import { createPlanning, type Planning, type PlanningInstead } from "./planning.ts";
import type { Catalog, OpenOptions, Project } from "./project.ts";
import { type ProjectSettings, projectSettings } from "./project-settings.ts";
import { projectSourceTypes } from "./project-source-types.ts";
import { createPublishing } from "./publishing.ts";
import type { RecordingParts } from "./recording.ts";
import { releasedTypes } from "./released-types.ts";
import { openRemoteInputs } from "./remote-inputs.ts";
import type { Recording } from "./run-input.ts";
import type { SolvePortParts } from "./solve-ports.ts";
import { type SplitVerbs, splitVerbs } from "./split-verbs.ts";
import { openStores, type Stores } from "./stores.ts";
import type { WorkerOptions } from "./worker/parts.ts";

/** Opens a project; tests compose it with their own observer of durable writes. */
export type Compose = (options: OpenOptions) => Promise<Project>;

/** How to wire a project beyond what its user says. */
export interface ComposeParts {
  readonly observer?: DurableObserver;
  /** File of a module whose default export observes the durable writes of workers. */
  readonly workerObserver?: string;
  /** What stands in for configuration file, disk and modules: a project in memory. */
  readonly instead?: ComposeInstead;
}

/** What a project in memory is made of. */
export interface ComposeInstead {
  readonly resolved: ProjectSettings;
  readonly stores: Stores;
  readonly planning: PlanningInstead;
  readonly worker: NonNullable<WorkerOptions["instead"]>;
  readonly vocabulary: Vocabulary;
}

/** Opens a project from its configuration. */
export const openProject: Compose = (options) => composeProject(options, {});

/**
 * Wires settings, catalog, stores and executors together: the only place that knows all of them.
 * @throws CONFIG_INVALID and what opening the catalog throws
 */
export async function composeProject(options: OpenOptions, parts: ComposeParts): Promise<Project> {
  const { observer = unobserved, instead } = parts;
  const { access, snapshot: asked, emit = () => {} } = options;
  const resolved = instead?.resolved ?? (await projectSettings(options));
  const { settings, folder } = resolved;
  const sourceTypes = projectSourceTypes(resolved);
  const how = { access, observer, sourceTypes, snapshot: asked };
  const moment = await catalogOfMoment(catalogFileOf(settings.catalog.url, folder), how);
  const { opened, snapshot, snapshots, file: catalogFile } = moment;
  const { catalog } = opened;
  const stores = instead?.stores ?? openStores({ folder, settings, observer });
  const store = access === "write";
  if (store) await finishRemovals({ removal: catalog.removal, ...stores });
  const released = releasedTypes(catalog, { ...how, snapshot: snapshot?.id, file: catalogFile });
  const planning = createPlanning({
    ...{ settings, folder, catalog, sourceTypes, store, emit, releasedTypes: released },
    memory: memoryOf(moment, instead),
    ...(instead === undefined ? {} : { instead: instead.planning }),
  });
  const underWay = new Set<Rid>();
  const remote = openRemoteInputs({ folder, settings, observer });
  const publishing = createPublishing({
    ...{ catalog, ...stores, folder, settings },
    ...(instead === undefined ? {} : { vocabulary: instead.vocabulary }),
  });
  const executor = executorParts(settings, parts);
  const solveParts = (): SolvePortParts => ({
    ...planning.ports,
    ...stores,
    ...{ catalog, folder, remote, publishing, observer, executor },
    keepScratch: settings.publish.keepScratch,
  });
  return {
    ...resolved,
    ...stores,
    ...publishing.verbs,
    ...{ catalog, sourceTypes, releasedTypes: released, catalogFile, remote },
    ...{ created: opened.created, snapshots, snapshot },
    providers: planning.providers,
    vocabulary: publishing.vocabulary,
    ...createIngesting({ folder, catalog, sourceTypes, ingestPorts: planning.ingestPorts, emit }),
    ...recordVerbs({ catalog, sourceTypes, ...stores, folder, remote, observer }),
    plan: async (request) => makePlan(await planning.input(request), planning.ports),
    solve: createSolving(planning, solveParts),
    recording: () =>
      openRecording(
        { catalog, ...stores, folder, settings, publishing, observer, emit, remote, underWay },
        options.environment,
      ),
    explain: explaining(planning, catalog),
    [Symbol.asyncDispose]: async () => {
      await planning.close();
      await opened.close();
    },
  };
}

/** What concerns records of people's own: features, datasets put together here, and deleting. */
function recordVerbs(parts: RecordVerbParts): FeatureVerbs & DeletionVerbs & SplitVerbs & BagVerbs {
  return {
    ...featureVerbs(parts),
    ...deletionVerbs(parts),
    ...splitVerbs(parts.catalog),
    ...bagVerbs(parts),
  };
}

type RecordVerbParts = { readonly catalog: Catalog } & Parameters<typeof featureVerbs>[0] &
  Parameters<typeof deletionVerbs>[0] &
  Parameters<typeof bagVerbs>[0];

/** Loaded when something is explained. */
function explaining(planning: Planning, catalog: Catalog): Project["explain"] {
  return async (request) => {
    const { explainTarget } = await import("./explain-target.ts");
    const input = await planning.input({ options: {}, open: true });
    return explainTarget(request, { catalog, input, ports: planning.ports });
  };
}

/** What the last solve found; a snapshot has none, nor has a project in memory. */
function memoryOf(
  { snapshot, file }: CatalogOfMoment,
  instead: ComposeInstead | undefined,
): SolverMemoryStore {
  const kept = instead === undefined && snapshot === undefined;
  return kept ? fileSolverMemory(file, packageVersion()) : volatileSolverMemory();
}

/** Loaded when something is recorded. */
async function openRecording(
  parts: Omit<RecordingParts, "code" | "keepScratch"> & { readonly settings: Settings },
  environment: OpenOptions["environment"] = {},
): Promise<Recording> {
  const [{ createRecording }, { createCodeCapture }] = await Promise.all([
    import("./recording.ts"),
    import("./recorded-code.ts"),
  ]);
  const { keepScratch } = parts.settings.publish;
  return createRecording({ ...parts, keepScratch, code: createCodeCapture({ ...parts, environment }) });
}

/** What runs executions is half of the program, and only this needs it: it is loaded when something is solved. */
function createSolving(planning: Planning, parts: () => SolvePortParts): Project["solve"] {
  return async ({ execute, ...request }, control) => {
    const [{ solveAll }, { solvePorts }] = await Promise.all([
      import("../app/solve.ts"),
      import("./solve-ports.ts"),
    ]);
    const outside = parts();
    await using ports = solvePorts(outside);
    const vocabulary = outside.publishing.vocabulary();
    const input = { ...(await planning.input(request)), vocabulary, execute };
    // Awaited here: the executor must not be closed before it has been used.
    return await solveAll(input, { ports, control });
  };
}

function executorParts(
  { executor }: Settings,
  { observer = unobserved, workerObserver, instead }: ComposeParts,
): ExecutorParts {
  return {
    ...{ ...executor, observer },
    ...(workerObserver === undefined ? {} : { workerObserver }),
    ...(instead === undefined ? {} : { instead: instead.worker }),
  };
}
