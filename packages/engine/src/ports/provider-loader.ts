import type { Provider } from "../core/diagnostic/diagnostic.ts";

/**
 * Loads a provider by its module: a path relative to the project folder, or `builtin:<name>`.
 * Throws PROVIDER_INVALID when it cannot be imported or declares no provider.
 */
export type ProviderLoader = (module: string, projectFolder: string) => Promise<Provider>;
