import type { Provider } from "../core/diagnostic/diagnostic.ts";

/**
 * Loads the providers of a module: a path relative to the project folder, or `builtin:<name>`.
 * Throws PROVIDER_INVALID when it cannot be imported or declares no provider. Cached where many executions run in one process.
 */
export type ProviderLoader = (module: string, projectFolder: string) => Promise<readonly Provider[]>;
