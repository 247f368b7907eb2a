import { randomUUID } from "node:crypto";
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { makeFolder } from "./make-folder.ts";

/** Content of CURRENT: form and generation. */
export function currentText(generation: string): string {
  return `products-1 ${generation}\n`;
}

/** Makes the folders of a store where they are missing. */
export function prepareFolder(folder: string): void {
  for (const name of ["blobs", "sessions", "leases"]) makeFolder(join(folder, name));
  const current = join(folder, "CURRENT");
  if (!existsSync(current)) writeFirst(current);
}

/** Made whole or not at all, by whoever is first. */
function writeFirst(current: string): void {
  const first = `${current}.${randomUUID()}`;
  try {
    writeFileSync(first, currentText("g1"), { flush: true });
    linkSync(first, current);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(first, { force: true });
  }
}

/** The generation of logs that counts. @throws DOCUMENT_INVALID when the store is of a form that is not known */
export function currentGeneration(folder: string): string {
  const current = join(folder, "CURRENT");
  const text = readFileSync(current, "utf8");
  const generation = /^products-1 (g\d+)\n$/.exec(text)?.[1];
  if (generation !== undefined) return generation;
  throw new AlmanacError(
    "DOCUMENT_INVALID",
    `${current} is of a form that this version does not know: ${text.trim()}`,
    {
      hint: "use the version of Almanac that wrote it, or another folder",
    },
  );
}
