import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder for files on their way, made when it is first needed. */
export interface TemporaryFolder {
  path(): Promise<string>;
  remove(): Promise<void>;
}

/** A folder that is not there yet. */
export function temporaryFolder(): TemporaryFolder {
  let made: Promise<string> | undefined;
  return {
    path: () => {
      made ??= mkdtemp(join(tmpdir(), "almanac-shared-"));
      return made;
    },
    remove: async () => {
      if (made !== undefined) await rm(await made, { recursive: true, force: true });
    },
  };
}
