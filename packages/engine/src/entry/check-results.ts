import { readPromotedManifest } from "../app/read-promoted-manifest.ts";
import { isAlmanacError } from "../core/errors.ts";
import type { PromotedRecord } from "../core/execution/manifest.ts";
import { executionFiles } from "../core/execution/outcome.ts";
import { parseDefinition } from "../documents/definition.ts";
import type { ListedExecution } from "../ports/execution-catalog.ts";
import type { FragmentStore, StoredFile } from "../ports/fragment-store.ts";

/** Published results that are not as they were published. */
export interface DamagedResults {
  readonly execution: ListedExecution;
  /** What is wrong, in a few words. */
  readonly message: string;
}

/** What to look at, and how closely. */
export interface ResultsCheck {
  readonly results: FragmentStore;
  /** True: reads every file and compares digests, so that what was altered in its size is found; else sizes alone. */
  readonly full: boolean;
}

/**
 * Looks whether everything that executions published is still in results as it was published.
 * @param executions published ones
 */
export async function damagedResults(
  executions: readonly ListedExecution[],
  check: ResultsCheck,
): Promise<readonly DamagedResults[]> {
  const found: DamagedResults[] = [];
  for (const execution of executions) {
    const message = await damage(execution, check);
    if (message !== undefined) found.push({ execution, message });
  }
  return found;
}

async function damage(
  { fragment, createdAt }: ListedExecution,
  check: ResultsCheck,
): Promise<string | undefined> {
  try {
    if (await isOfAnother(fragment, { createdAt, check }))
      return "its folder holds another execution's results";
    const manifest = await readPromotedManifest(fragment, check.results);
    if (manifest === undefined) return "its folder or manifest is missing in results";
    const files = new Map((await check.results.list(fragment)).map((file) => [file.path, file]));
    const wrong = [...manifest.warnings];
    for (const promised of manifest.state.promoted.values()) {
      const message = await fileDamage(files.get(promised.path), { fragment, promised, check });
      if (message !== undefined) wrong.push(message);
    }
    return wrong.length === 0 ? undefined : wrong.join(", ");
  } catch (error) {
    if (isAlmanacError(error, "DOCUMENT_INVALID", "MANIFEST_INVALID", "STORE_UNAVAILABLE", "FILE_MISSING"))
      return error.message;
    throw error;
  }
}

/** An execution of another catalog may have the same folder there, and have been copied to this place. */
async function isOfAnother(
  fragment: string,
  { createdAt, check: { results } }: { readonly createdAt: string; readonly check: ResultsCheck },
): Promise<boolean> {
  const bytes = await results.read(fragment, executionFiles.definition);
  if (bytes === undefined) return false;
  return parseDefinition(new TextDecoder().decode(bytes)).createdAt !== createdAt;
}

async function fileDamage(
  file: StoredFile | undefined,
  {
    fragment,
    promised: { path, sizeBytes, sha256 },
    check: { results, full },
  }: { readonly fragment: string; readonly promised: PromotedRecord; readonly check: ResultsCheck },
): Promise<string | undefined> {
  if (file === undefined) return `${path} is missing`;
  if (file.sizeBytes !== sizeBytes) return `${path} has ${file.sizeBytes} bytes instead of ${sizeBytes}`;
  if (full && (await results.digest(fragment, path)) !== sha256) return `${path} has other contents`;
  return undefined;
}
