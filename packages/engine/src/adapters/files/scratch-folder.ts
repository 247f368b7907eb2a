import { constants, copyFileSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";
import { requireInside } from "../../core/execution/relative-path.ts";
import { type DurableObserver, observed } from "../../ports/durable.ts";
import type { ExecutionFolder } from "../../ports/execution-folder.ts";
import { fileError, translating } from "./file-errors.ts";
import { linkFile } from "./link-file.ts";

/** A file to put into a new scratch folder. */
export interface ScratchFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Makes the scratch folder of an execution with its definition in it. Neither need be on disk when this returns: the
 * worker brings the file there before it writes its outcome, and an execution whose scratch is lost is one that was
 * not computed.
 * @returns the absolute folder
 * @throws DISK_FULL, STORE_UNAVAILABLE
 */
export function makeScratchFolder(
  folder: string,
  { file, observer }: { readonly file: ScratchFile; readonly observer: DurableObserver },
): string {
  try {
    observed(observer, "scratch.definition", () => write(folder, file));
    return folder;
  } catch (error) {
    throw fileError(error, `write ${path.join(folder, file.name)}`);
  }
}

/** Places inside a scratch folder that no worker has taken yet, so that nobody else writes there. */
export function scratchPlaces(folder: string): Pick<ExecutionFolder, "bring" | "prepare"> {
  const prepare = (inside: string): string => {
    const place = path.join(folder, requireInside(inside));
    return translating(`make place for ${place}`, () => {
      mkdirSync(path.dirname(place), { recursive: true });
      return place;
    });
  };
  return {
    prepare,
    bring: (file, inside, mode) => {
      const place = prepare(inside);
      return translating(`${mode} ${file} to ${place}`, () => {
        if (mode === "copy") copyFileSync(file, place, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
        else linkFile(realpathSync.native(file), place);
        return place;
      });
    },
  };
}

/** Small and often: blocking calls cost half of what the thread pool does. */
function write(folder: string, { name, text }: ScratchFile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
}
