import { stagedFileOptions } from "../../core/records/staged-files.ts";
import { register } from "../execution-context.ts";
import type { Computation } from "../worker-ports.ts";

/** The part of a computation that says what it used. */
export type UsedIn = Pick<Computation, "folder" | "collected">;

/**
 * Adds a line about an input that a run took while it went on to its results, so that a catalog made from those knows it
 * too; also when the run fails.
 * @param used.file where such lines stand, one of the files of staged rows
 */
export function recordUsed(
  { folder, collected }: UsedIn,
  { file, input }: { readonly file: string; readonly input: object },
): void {
  if (!collected.manifest.artifacts.has(file)) {
    const options = { ...stagedFileOptions(file), keepOnFailure: true };
    folder.prepare(register(collected, folder, { ...options, path: file, mode: "write" }));
  }
  folder.append(file, `${JSON.stringify(input)}\n`);
}
