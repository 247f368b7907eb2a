import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { LoadedProvider } from "../app/loaded-provider.ts";
import type { SourceType } from "../core/catalog/source-type.ts";
import { builtInSourceTypes } from "../core/catalog/source-types.ts";
import type { Provider } from "../core/diagnostic/diagnostic.ts";
import { validateProvider } from "../core/diagnostic/validate.ts";
import { AlmanacError } from "../core/errors.ts";
import { builtinProviders } from "./builtin-providers.ts";
import { isProviderFile, readProviderFile } from "./read-provider-file.ts";

/** How providers are loaded. */
export interface LoadingProviders {
  /** Folder that the modules' names start from. */
  readonly folder: string;
  /** Source types that declarations are checked with; none: they have been checked where the plan was made. */
  readonly sourceTypes?: readonly SourceType[];
}

/**
 * Loads providers: `builtin:<name>`, or files relative to the project folder: modules whose default export is a provider
 * (or several in a list), or data files (`.yaml`, `.json`, `.toml`) that declare one.
 * @throws PROVIDER_INVALID naming every module that could not be loaded, with its reason
 */
export async function loadProviders(
  modules: readonly string[],
  loading: LoadingProviders,
): Promise<readonly LoadedProvider[]> {
  const tried = await Promise.all(
    modules.map(async (module) => {
      try {
        const providers = await importProvider(module, loading);
        return { loaded: providers.map((provider) => ({ provider, module })) };
      } catch (error) {
        // A provider module is the user's code: whatever it throws is a fact about that module.
        return {
          problem: `${module}: ${error instanceof Error ? error.message : String(error)}`,
          cause: error,
        };
      }
    }),
  );
  const problems = tried.flatMap(({ problem }) => (problem === undefined ? [] : [problem]));
  if (problems.length > 0)
    throw new AlmanacError(
      "PROVIDER_INVALID",
      ["provider modules cannot be loaded:", ...problems].join("\n  "),
      {
        hint: "correct the modules, or take them out of providers.modules in the configuration",
        cause: tried.find(({ cause }) => cause !== undefined)?.cause,
      },
    );
  const all = tried.flatMap(({ loaded }) => loaded ?? []);
  return loading.sourceTypes === undefined ? all : requireValidProviders(all, loading.sourceTypes);
}

/**
 * Checks what providers declare.
 * @returns the same providers
 * @throws PROVIDER_INVALID when a declaration is wrong or two have one slug
 */
export function requireValidProviders(
  all: readonly LoadedProvider[],
  sourceTypes: readonly SourceType[] = Object.values(builtInSourceTypes),
): readonly LoadedProvider[] {
  for (const { provider } of all) validateProvider(provider, sourceTypes);
  requireUniqueProviders(all);
  return all;
}

async function importProvider(
  module: string,
  { folder, sourceTypes }: LoadingProviders,
): Promise<readonly Provider[]> {
  const builtin = /^builtin:(.+)$/.exec(module)?.[1];
  if (builtin !== undefined) return [await builtinProviders(builtin)];
  const file = path.resolve(folder, module);
  if (!existsSync(file)) throw new AlmanacError("PROVIDER_INVALID", `there is no file ${file}`);
  if (isProviderFile(file)) return [await readProviderFile(file, { name: module, sourceTypes })];
  const exported = (
    (await import(pathToFileURL(file).href)) as { readonly default?: Provider | readonly Provider[] }
  ).default;
  if (exported === undefined)
    throw new AlmanacError(
      "PROVIDER_INVALID",
      "it has no default export; write: export default defineProvider({ … })",
    );
  const providers = [exported].flat() as readonly Provider[];
  if (providers.every((each) => typeof each?.slug === "string" && Array.isArray(each.diagnostics)))
    return providers;
  throw new AlmanacError(
    "PROVIDER_INVALID",
    "its default export is no provider; write: export default defineProvider({ … })",
  );
}

function requireUniqueProviders(all: readonly LoadedProvider[]): void {
  for (const [slug, same] of Map.groupBy(all, ({ provider }) => provider.slug))
    if (same.length > 1)
      throw new AlmanacError(
        "PROVIDER_INVALID",
        `two providers have the slug "${slug}": ${same.map(({ module }) => module).join(" and ")}`,
        {
          hint: "give one of them another slug",
        },
      );
}
