import type { SettingsInput } from "../config/settings.ts";

/**
 * Types a configuration; returns it as it is.
 * @example export default defineConfig({ executor: { jobs: 2 } });
 */
export function defineConfig(settings: SettingsInput): SettingsInput {
  return settings;
}
