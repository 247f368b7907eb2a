import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createExecutionFolders } from "../../adapters/files/execution-folder.ts";
import { openFragmentStore } from "../../adapters/files/fragment-store.ts";
import { diskTree } from "../../adapters/files/walk.ts";
import { createMemoryFragmentStore } from "../../adapters/memory/fragment-store.ts";
import { MemoryHeaders } from "../../adapters/memory/memory-headers.ts";
import { createMemoryTree, type MemoryFile } from "../../adapters/memory/memory-tree.ts";
import { InlineHeaders } from "../../adapters/netcdf/inline-headers.ts";
import type { LoadedProvider } from "../../app/loaded-provider.ts";
import type { Dataset } from "../../core/catalog/dataset.ts";
import type { OwnSourceType } from "../../core/catalog/own-source-type.ts";
import type { Provider } from "../../core/diagnostic/diagnostic.ts";
import { defaultVocabulary } from "../../core/results/default-vocabulary.ts";
import type { Vocabulary } from "../../core/results/vocabulary.ts";
import { unobserved } from "../../ports/durable.ts";
import type { EventSink } from "../../ports/events.ts";
import { composeProject } from "../compose.ts";
import { resolveSettings } from "../config/resolve.ts";
import { requireValidProviders } from "../load-providers.ts";
import type { PlanningInstead } from "../planning.ts";
import type { Project } from "../project.ts";
import type { ProjectSettings } from "../project-settings.ts";
import { projectSourceTypes } from "../project-source-types.ts";

/** What a project in memory begins with. */
export interface InMemoryOptions {
  /** Default: none. */
  readonly providers?: readonly Provider[];
  /** Source types of one's own, as `datasets.types` of a configuration declares them. */
  readonly sourceTypes?: readonly OwnSourceType[];
  /** Datasets that the catalog begins with; their files need not exist. */
  readonly datasets?: readonly Dataset[];
  /**
   * Files that exist in memory only, by absolute path: what `ingest` finds. It may be changed between two ingestions. Default:
   * the files of this machine, opened in this process.
   */
  readonly files?: ReadonlyMap<string, MemoryFile>;
  /** Dotted setting → value, such as `publish.keepScratch`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Default: the built-in one. */
  readonly vocabulary?: Vocabulary;
  /** Folder that the catalog's paths are relative to; default: the working directory. Nothing is written to it. */
  readonly folder?: string;
  readonly emit?: EventSink;
}

/**
 * Opens a project that is gone when it is closed: catalog and results in memory, computations in this process, one after
 * the other. Nothing is read from a configuration file or the environment. Scratch is a temporary folder, because diagnostics write
 * files; closing removes it. What a diagnostic prints goes where this process prints.
 *
 * Diagnostics whose inputs are `datasets` or `files` get their facets and paths, and cannot open them.
 * @throws PROVIDER_INVALID, CONFIG_INVALID
 * @example await using project = await openInMemory({ providers: [provider], datasets });
 */
export async function openInMemory(options: InMemoryOptions = {}): Promise<Project> {
  const scratchFolder = mkdtempSync(path.join(tmpdir(), "almanac-memory-"));
  const removeScratch = (): void => rmSync(scratchFolder, { recursive: true, force: true });
  try {
    const project = await compose(options, scratchFolder);
    await project.catalog.datasets.ingest({
      ...{ datasets: options.datasets ?? [], invalidFiles: [], warnings: [], missing: [] },
    });
    const close = async (): Promise<void> => {
      await project[Symbol.asyncDispose]();
      removeScratch();
    };
    return { ...project, [Symbol.asyncDispose]: close };
  } catch (error) {
    removeScratch();
    throw error;
  }
}

function compose(options: InMemoryOptions, scratchFolder: string): Promise<Project> {
  const { providers = [], emit, vocabulary = defaultVocabulary } = options;
  const resolved = memorySettings(options, scratchFolder);
  const loaded = requireValidProviders(
    providers.map((provider): LoadedProvider => ({ provider, module: `memory:${provider.slug}` })),
    projectSourceTypes(resolved).all,
  );
  const folders = createExecutionFolders(unobserved, inputsThere(options, resolved.folder));
  const opening = { access: "write", cwd: resolved.folder, ...(emit === undefined ? {} : { emit }) } as const;
  return composeProject(opening, {
    instead: {
      resolved,
      stores: {
        scratch: openFragmentStore(scratchFolder, unobserved),
        results: createMemoryFragmentStore("results"),
      },
      planning: planningIn(options.files, loaded),
      worker: { folders, loadProviders: async () => providers, capture: (_, run) => run() },
      vocabulary,
    },
  });
}

function memorySettings(
  { settings = {}, folder = ".", sourceTypes = [] }: InMemoryOptions,
  scratch: string,
): ProjectSettings {
  const flags = {
    "executor.jobs": 1,
    "datasets.types": sourceTypes,
    ...settings,
    "catalog.url": "sqlite::memory:",
    "executor.name": "inline",
    "paths.scratch": scratch,
    "cache.folder": path.join(scratch, ".cache"),
  };
  const resolved = resolveSettings({ flags, environment: {}, file: undefined });
  return { ...resolved, configFile: "the configuration", folder: path.resolve(folder) };
}

function planningIn(
  files: ReadonlyMap<string, MemoryFile> | undefined,
  providers: readonly LoadedProvider[],
): PlanningInstead {
  if (files === undefined) return { providers, tree: diskTree, headers: new InlineHeaders() };
  const headers = new MemoryHeaders({ get: (file) => files.get(file)?.header });
  return { providers, tree: createMemoryTree(files), headers };
}

/** Inputs that were given count as there; any other must be on disk, as always. */
function inputsThere({ datasets = [], files }: InMemoryOptions, folder: string): (file: string) => boolean {
  const given = new Set(
    datasets.flatMap((dataset) => dataset.files.map((file) => path.resolve(folder, file.path))),
  );
  return (file) => given.has(file) || files?.has(file) === true || diskTree.kind(file) !== undefined;
}
