import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type DurableObserver, observed } from "../../ports/durable.ts";
import { fileError } from "./file-errors.ts";

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

/** Small and often: blocking calls cost half of what the thread pool does. */
function write(folder: string, { name, text }: ScratchFile): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), text);
}
