import type { Provider } from "../core/diagnostic/diagnostic.ts";

/** A provider with the place its code was loaded from, which workers load it from again. */
export interface LoadedProvider {
  readonly provider: Provider;
  /** `builtin:<name>`, or a path relative to the project folder, forward slashes. */
  readonly module: string;
}
