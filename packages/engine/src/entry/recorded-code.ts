import path from "node:path";
import { gitCodeSource } from "../adapters/git/code-source.ts";
import { machineSource } from "../adapters/machine/environment-source.ts";
import {
  type CapturePorts,
  captureEnvironment,
  captureLockFiles,
} from "../app/records/capture-environment.ts";
import type { CodeCapture } from "../app/records/code-capture.ts";
import { identifyWorkflow } from "../app/records/identify-workflow.ts";
import { createRedactor } from "../core/records/redact.ts";
import { type EnvironmentVariables, readWorkflowVariables } from "../core/records/workflow-variables.ts";
import type { Settings } from "./config/settings.ts";
import { catalogFileOf } from "./open-catalog.ts";
import { packageVersion } from "./package-version.ts";

/** What capturing the code of runs is made of. */
export interface CodeCaptureParts {
  readonly environment: EnvironmentVariables;
  /** Absolute folder of the project. */
  readonly folder: string;
  readonly settings: Settings;
}

/** True if the path is the folder or below it. */
function holds(folder: string, file: string): boolean {
  return !path.relative(folder, file).startsWith("..");
}

/** What the program itself writes: no change of it makes code dirty. A folder that holds the project is none of these. */
function writtenByUs({ folder, settings }: CodeCaptureParts): readonly string[] {
  const { paths, catalog, log } = settings;
  const catalogFile = catalogFileOf(catalog.url, folder);
  return [
    ...[".almanac", paths.scratch, paths.results, log.file].map((each) => path.resolve(folder, each)),
    ...["", "-wal", "-shm", "-journal", ".snapshots"].map((suffix) => `${catalogFile}${suffix}`),
  ].filter((each) => !holds(each, folder));
}

/** Wires what is found out about the code of a run before it is recorded. */
export function createCodeCapture(parts: CodeCaptureParts): CodeCapture {
  const { environment, folder, settings } = parts;
  const code = gitCodeSource({ environment });
  const capture: CapturePorts = {
    source: machineSource({ environment }),
    environment,
    allow: settings.runs.variables,
    almanac: packageVersion(),
    projectFolder: folder,
  };
  return {
    identify: ({ writes = [], ...asked }) =>
      identifyWorkflow(
        {
          ...asked,
          variables: readWorkflowVariables(environment),
          ignore: settings.runs.ignoreChanges,
          outputFolders: [
            ...writtenByUs(parts),
            // As above: folders that hold the code itself would hide its changes.
            ...writes.filter((each) => !holds(each, folder) && !holds(each, asked.file ?? folder)),
          ],
        },
        { code },
      ),
    environment: (file) => captureEnvironment(file, capture),
    lockFiles: (file) => captureLockFiles(file, capture),
    words: (commandLine) => createRedactor(environment).words(commandLine),
  };
}
