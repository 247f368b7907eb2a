import { mkdir, open, rename } from "node:fs/promises";
import path from "node:path";
import { type DurableObserver, observedAsync } from "../../ports/durable.ts";
import { fileError } from "./file-errors.ts";

/** A file to put into a new scratch folder. */
export interface ScratchFile {
  readonly name: string;
  readonly text: string;
}

/**
 * Makes the scratch folder of an execution with its definition in it, durably: temporary name, fsync, rename, fsync of
 * the folder. A folder that a killed process left half-made is completed.
 * @returns the absolute folder
 * @throws DISK_FULL, STORE_UNAVAILABLE
 */
export async function makeScratchFolder(
  folder: string,
  { file, observer }: { readonly file: ScratchFile; readonly observer: DurableObserver },
): Promise<string> {
  try {
    await observedAsync(observer, "scratch.definition", () => write(folder, file));
    return folder;
  } catch (error) {
    throw fileError(error, `writing ${path.join(folder, file.name)}`);
  }
}

async function write(folder: string, { name, text }: ScratchFile): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = path.join(folder, `${name}.tmp`);
  const handle = await open(temporary, "w");
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } finally {
    await handle.close();
  }
  await rename(temporary, path.join(folder, name));
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
