import { readPromotedManifest } from "../app/read-promoted-manifest.ts";
import { isAlmanacError } from "../core/errors.ts";
import type { ListedExecution } from "../ports/execution-catalog.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";

/** Published results that are not as they were published. */
export interface DamagedResults {
  readonly execution: ListedExecution;
  /** What is wrong, in a few words. */
  readonly message: string;
}

/**
 * Looks whether everything that executions published is still in results, in its size. Contents are not read again: a file of
 * equal size counts as whole.
 * @param executions published ones
 */
export async function damagedResults(
  executions: readonly ListedExecution[],
  results: FragmentStore,
): Promise<readonly DamagedResults[]> {
  const found: DamagedResults[] = [];
  for (const execution of executions) {
    const message = await damage(execution.fragment, results);
    if (message !== undefined) found.push({ execution, message });
  }
  return found;
}

async function damage(fragment: string, results: FragmentStore): Promise<string | undefined> {
  try {
    const manifest = await readPromotedManifest(fragment, results);
    if (manifest === undefined) return "its folder or manifest is missing in results";
    const sizes = new Map((await results.list(fragment)).map(({ path, sizeBytes }) => [path, sizeBytes]));
    const wrong = [...manifest.state.promoted.values()].flatMap(({ path, sizeBytes }) => {
      const size = sizes.get(path);
      if (size === undefined) return [`${path} is missing`];
      return size === sizeBytes ? [] : [`${path} has ${size} bytes instead of ${sizeBytes}`];
    });
    return wrong.length === 0 ? undefined : wrong.join(", ");
  } catch (error) {
    if (isAlmanacError(error, "MANIFEST_INVALID", "STORE_UNAVAILABLE")) return error.message;
    throw error;
  }
}
