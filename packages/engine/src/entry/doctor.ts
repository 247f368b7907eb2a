import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { sameObservations } from "../core/catalog/same-observation.ts";
import { isAlmanacError } from "../core/errors.ts";
import { damagedResults } from "./check-results.ts";
import { leftoverConfigs } from "./config/initial.ts";
import type { Catalog, Project } from "./project.ts";

/** One thing that `doctor` found. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly message: string;
  /** What mends it; findings with one remedy are shown together. */
  readonly remedy: string;
}

/** Free space below which a finding is made, in bytes. */
const lowSpaceBytes = 1e9;

/**
 * Checks configuration, providers, catalog, data and environment of a project. Writes nothing.
 * @param openCatalog opens the project once more, with its catalog; what that throws is a finding
 */
export async function checkProject(
  project: Project,
  openCatalog: () => Promise<Project>,
): Promise<readonly Finding[]> {
  return [
    ...checkLeftovers(project),
    ...(await checkProviders(project)),
    ...checkFolders(project),
    ...(await checkCatalog(openCatalog)),
  ];
}

function checkLeftovers({ folder }: Project): readonly Finding[] {
  return leftoverConfigs(folder).map((name) => ({
    severity: "warning",
    message: `${name} is left of a killed init`,
    remedy: "remove it: almanac init",
  }));
}

async function checkProviders(project: Project): Promise<readonly Finding[]> {
  try {
    await project.providers();
    return [];
  } catch (error) {
    if (!isAlmanacError(error)) throw error;
    return [{ severity: "error", message: error.message, remedy: error.hint ?? "correct the providers" }];
  }
}

function checkFolders({ folder, settings }: Project): readonly Finding[] {
  return [settings.paths.scratch, settings.paths.results].flatMap((each): readonly Finding[] => {
    const present = nearestPresent(path.resolve(folder, each));
    const { bavail, bsize } = statfsSync(present);
    const free = bavail * bsize;
    if (!isWritable(present))
      return [
        {
          severity: "error",
          message: `${each} cannot be written`,
          remedy: "make scratch and results writable, or name others under paths in the configuration",
        },
      ];
    if (free < lowSpaceBytes)
      return [
        {
          severity: "warning",
          message: `${each}: ${Math.round(free / 1e6)} MB left`,
          remedy: "make room on the device",
        },
      ];
    return [];
  });
}

function nearestPresent(folder: string): string {
  return existsSync(folder) ? folder : nearestPresent(path.dirname(folder));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return false;
    throw error;
  }
}

async function checkCatalog(openCatalog: () => Promise<Project>): Promise<readonly Finding[]> {
  try {
    await using project = await openCatalog();
    return [...(await checkData(project.catalog)), ...(await checkResults(project))];
  } catch (error) {
    if (!isAlmanacError(error)) throw error;
    return [{ severity: "error", message: error.message, remedy: error.hint ?? "see the message" }];
  }
}

async function checkData({ datasets, executions }: Catalog): Promise<readonly Finding[]> {
  const problems = await datasets.problems();
  const { items } = await datasets.list({});
  const failed = await executions.groups({ dirty: true });
  return [
    ...problems.files.map(
      ({ path: file, reason }): Finding => ({
        severity: "warning",
        message: `${file}: ${reason}`,
        remedy: "fetch these files again, then: almanac ingest",
      }),
    ),
    ...problems.datasets.map(
      ({ id, message }): Finding => ({
        severity: "warning",
        message: `${id}: ${message}`,
        remedy: "look at these datasets: almanac datasets show <id>",
      }),
    ),
    ...items.flatMap(({ id, missingFiles }): readonly Finding[] =>
      missingFiles.length === 0
        ? []
        : [
            {
              severity: "warning",
              message: `${id}: ${missingFiles.length} files have vanished`,
              remedy: "put the files back and ingest again, or retract: almanac datasets retract <id>",
            },
          ],
    ),
    ...sameObservations(items.filter(({ retracted }) => !retracted)).map(
      (ids): Finding => ({
        severity: "warning",
        message: `the same observation is published more than once: ${ids.join(", ")}`,
        remedy:
          "a requirement takes the source type that it names first; to hide one: almanac datasets retract <id>",
      }),
    ),
    ...failed.items.map(
      ({ provider, diagnostic, key, dirtyReason }): Finding => ({
        severity: "warning",
        message: `${provider}/${diagnostic}/${key}: ${dirtyReason ?? "dirty"}`,
        remedy: "run them: almanac solve",
      }),
    ),
  ];
}

async function checkResults({ catalog, results }: Project): Promise<readonly Finding[]> {
  const { items } = await catalog.executions.list({ states: ["published"] });
  return (await damagedResults(items, { results, full: false })).map(({ execution, message }) => ({
    severity: "error",
    message: `${execution.rid} ${execution.provider}/${execution.diagnostic}/${execution.key}: ${message}`,
    remedy:
      "put these results back from a copy, or compute them anew: almanac executions verify --mark, then almanac solve",
  }));
}
