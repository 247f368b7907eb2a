import { dirname } from "node:path";
import type { CapturedDocument } from "../../core/records/captured.ts";
import { environmentSnapshot, type LockFileEntry } from "../../core/records/environment-snapshot.ts";
import { createRedactor } from "../../core/records/redact.ts";
import type { EnvironmentVariables } from "../../core/records/workflow-variables.ts";
import type { EnvironmentSource, FoundLockFile } from "../../ports/environment-source.ts";

/** What capturing needs to know and to ask. */
export interface CapturePorts {
  readonly source: EnvironmentSource;
  /** The environment of this process; only what is allowed is recorded. */
  readonly environment: EnvironmentVariables;
  /** Names of variables that the user allows beside the built-in ones. */
  readonly allow: readonly string[];
  /** Version of this program. */
  readonly almanac: string;
  /** Absolute. */
  readonly projectFolder: string;
}

/** The lock file without its text. */
function entryOf({ path, sizeBytes, sha256 }: FoundLockFile): LockFileEntry {
  return { path, sizeBytes, sha256 };
}

/**
 * The environment of a run as `environment.json`: machine, runtime, packages, digests of lock files, and the variables
 * of the allow-list.
 * @param file absolute path of the code; undefined: packages and lock files are those of the project's folder
 * @throws FILE_UNREADABLE when a lock file cannot be read
 */
export async function captureEnvironment(
  file: string | undefined,
  ports: CapturePorts,
): Promise<CapturedDocument> {
  const { source, environment, allow, almanac, projectFolder } = ports;
  const [machine, packages, locks] = await Promise.all([
    source.machine(),
    source.packages(file === undefined ? projectFolder : dirname(file)),
    lockFilesOf(file, ports),
  ]);
  const lockFiles = locks.map(entryOf);
  const snapshot = environmentSnapshot({ almanac, machine, packages, lockFiles, environment, allow });
  return {
    path: "environment.json",
    text: `${JSON.stringify(snapshot, null, 1)}\n`,
    description: "Machine, runtime, packages and variables of the allow-list",
  };
}

async function lockFilesOf(file: string | undefined, { source, projectFolder }: CapturePorts) {
  return source.lockFiles({ file: file ?? `${projectFolder}/-`, projectFolder });
}

/**
 * The lock files beside the code, as they are but for credentials, which are taken out: the digest in the description is
 * the original's. One that is too large to be kept stands in `environment.json` by its digest alone.
 * @throws FILE_UNREADABLE when one cannot be read
 */
export async function captureLockFiles(
  file: string | undefined,
  ports: CapturePorts,
): Promise<readonly CapturedDocument[]> {
  const redactor = createRedactor(ports.environment);
  return (await lockFilesOf(file, ports)).flatMap(({ path, text, sha256 }) => {
    if (text === undefined) return [];
    const stored = redactor.content(text);
    const changed = stored === text ? "" : "; credentials were taken out";
    return [
      {
        path: `lock-files/${path}`,
        text: stored,
        description: `Lock file beside the code, sha256 ${sha256}${changed}`,
      },
    ];
  });
}
