import os from "node:os";
import path from "node:path";
import type { MachineFacts } from "../../core/records/environment-snapshot.ts";
import type { EnvironmentVariables } from "../../core/records/workflow-variables.ts";
import type { EnvironmentSource } from "../../ports/environment-source.ts";
import { containerKind } from "./container.ts";
import { visibleGpus } from "./gpus.ts";
import { findLockFiles } from "./lock-files.ts";
import { installedPackages } from "./packages.ts";
import { textIfPresent } from "./read-if-present.ts";

/** What the system is asked with. */
export interface MachineOptions {
  /** The environment of this process, as entry hands it over. */
  readonly environment: EnvironmentVariables;
  /** Folder that stands for `/`. */
  readonly root?: string;
}

async function distribution(root: string): Promise<string | undefined> {
  const text = (await textIfPresent(path.join(root, "etc/os-release"))) ?? "";
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1];
}

/** Memory that the group of processes may use; undefined when that is all there is. */
function memoryLimit(): number | undefined {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < os.totalmem() ? bytes : undefined;
}

async function machineFacts({ environment, root = "/" }: MachineOptions): Promise<MachineFacts> {
  const [name, container, gpus] = await Promise.all([
    distribution(root),
    containerKind(root, environment),
    visibleGpus(root),
  ]);
  const cpus = os.cpus();
  const limit = memoryLimit();
  const { locale, timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return {
    runtime: { name: "node", version: process.versions.node },
    os: {
      platform: process.platform,
      release: os.release(),
      version: os.version(),
      architecture: process.arch,
      ...(name === undefined ? {} : { distribution: name }),
    },
    cpu: { model: cpus[0]?.model.trim() ?? "", logicalCores: cpus.length },
    memoryBytes: os.totalmem(),
    ...(limit === undefined ? {} : { memoryLimitBytes: limit }),
    locale,
    timeZone,
    ...(container === undefined ? {} : { container }),
    gpus,
  };
}

/** The machine this process runs on. No program is started. */
export function machineSource(options: MachineOptions): EnvironmentSource {
  return {
    machine: async () => machineFacts(options),
    packages: async (folder) => installedPackages(folder, options.environment),
    lockFiles: findLockFiles,
  };
}
