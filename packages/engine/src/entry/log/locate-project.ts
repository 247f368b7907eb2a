import path from "node:path";
import { isAlmanacError } from "../../core/errors.ts";
import { findConfig } from "../config/find.ts";
import { defaultSettings, type Settings } from "../config/settings.ts";
import type { OpenOptions } from "../project.ts";
import { projectSettings } from "../project-settings.ts";

/**
 * Where a command that failed has its log: the folder of the configuration it would have used, with its settings, or with
 * the default ones where they are what is wrong.
 * @returns undefined when there is no configuration
 */
export async function locateProject(
  options: Omit<OpenOptions, "access">,
): Promise<{ readonly folder: string; readonly settings: Pick<Settings, "log"> } | undefined> {
  const file =
    options.config === undefined ? findConfig(options.cwd) : path.resolve(options.cwd, options.config);
  if (file === undefined) return undefined;
  try {
    return await projectSettings({ ...options, access: "none" });
  } catch (error) {
    if (!isAlmanacError(error, "CONFIG_INVALID")) throw error;
    return { folder: path.dirname(file), settings: defaultSettings };
  }
}
