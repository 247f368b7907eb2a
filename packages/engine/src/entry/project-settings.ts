import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import path from "node:path";
import { AlmanacError } from "../core/errors.ts";
import { configsBeside, findConfig } from "./config/find.ts";
import { readConfig } from "./config/read.ts";
import { type ResolvedSettings, resolveSettings } from "./config/resolve.ts";
import type { Settings } from "./config/settings.ts";
import type { OpenOptions } from "./project.ts";

/** Settings with the file they come from. */
export interface ProjectSettings extends ResolvedSettings {
  readonly configFile: string;
  /** Absolute folder of the configuration file. */
  readonly folder: string;
}

/**
 * Finds and reads the configuration of a project.
 * @throws CONFIG_INVALID when there is none, or when it is wrong
 */
export async function projectSettings(options: OpenOptions): Promise<ProjectSettings> {
  const configFile =
    options.config === undefined ? findConfig(options.cwd) : path.resolve(options.cwd, options.config);
  if (configFile === undefined || !existsSync(configFile))
    throw new AlmanacError(
      "CONFIG_INVALID",
      configFile === undefined
        ? "there is no almanac.config file here or in any folder above"
        : `there is no ${configFile}`,
      { hint: "almanac init" },
    );
  if (options.config === undefined) requireOneConfig(configFile);
  const file = await readConfig(configFile);
  const resolved = resolveSettings({
    flags: options.settings ?? {},
    environment: options.environment ?? {},
    file,
  });
  return { ...resolved, settings: withJobs(resolved.settings), configFile, folder: path.dirname(configFile) };
}

/** Of two, one would silently not count. */
function requireOneConfig(configFile: string): void {
  const others = configsBeside(configFile);
  if (others.length === 0) return;
  const all = [path.basename(configFile), ...others];
  throw new AlmanacError(
    "CONFIG_INVALID",
    `${path.dirname(configFile)} holds ${all.length} configurations: ${all.join(", ")}`,
    { hint: `keep one of them, or choose with --config ${all[0]}` },
  );
}

/** 0 jobs, the default, stands for one for each CPU. */
function withJobs(settings: Settings): Settings {
  const jobs = settings.executor.jobs === 0 ? availableParallelism() : settings.executor.jobs;
  return { ...settings, executor: { ...settings.executor, jobs } };
}
