import { basename } from "node:path";
import { AlmanacError, isAlmanacError } from "../core/errors.ts";
import type { RunDefinition } from "../core/execution/definition.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { RunCatalog } from "../ports/run-catalog.ts";
import { type Reingested, type ReingestPorts, reingest } from "./reingest.ts";

/** What ingesting a results tree needs of the outside. */
export interface IngestTreePorts extends ReingestPorts {
  readonly runs: Pick<RunCatalog, "adopt" | "rejoin">;
}

/** What is to be said of one folder of a results tree. */
export interface ResultsRemark {
  readonly fragment: string;
  readonly message: string;
}

/** What ingesting a results tree did. */
export interface ResultsIngestReport {
  readonly ingested: number;
  /** Recorded runs that had failed, now known as such. */
  readonly failures: number;
  readonly failed: readonly ResultsRemark[];
  readonly warnings: readonly ResultsRemark[];
}

/**
 * Loads every execution of a results tree, or those asked for; one that cannot be loaded does not stop the others. A
 * recorded run that failed is recorded as failed, without values. Runs that were parts of others are so again, in
 * whichever order their folders came.
 * @param rids those that the executions had where they were made; none: all
 * @throws UNKNOWN_NAME when there are no results of one of them
 */
export async function ingestTree(rids: readonly Rid[], ports: IngestTreePorts): Promise<ResultsIngestReport> {
  const all = ports.results.fragments();
  const found = { ingested: 0, failures: 0, failed: [], warnings: [] } as Found;
  const parts: RunDefinition[] = [];
  for await (const done of inSomeOrder(rids.length === 0 ? all : await withRids(all, rids), ports)) {
    const part = await take(done, { found, ports });
    if (part?.parent !== undefined) parts.push(part);
  }
  for (const { fragment, parent } of await ports.runs.rejoin(parts))
    found.warnings.push({ fragment, message: `it was part of ${parent?.rid}, which is not in this catalog` });
  return found;
}

/**
 * Loads executions, and those whose datasets have members that are not here yet once more when the others are, as long as
 * that helps.
 */
async function* inSomeOrder(
  fragments: AsyncIterable<string> | Iterable<string>,
  ports: IngestTreePorts,
): AsyncGenerator<Reingested> {
  const waiting: (Reingested & { readonly ok: false })[] = [];
  for await (const done of reingest(fragments, ports))
    if (!done.ok && done.code === "DATASET_REFUSED") waiting.push(done);
    else yield done;
  for (let before = Number.POSITIVE_INFINITY; waiting.length < before; ) {
    before = waiting.length;
    const again = waiting.splice(0).map(({ fragment }) => fragment);
    for await (const done of reingest(again, ports))
      if (!done.ok && done.code === "DATASET_REFUSED") waiting.push(done);
      else yield done;
  }
  yield* waiting;
}

/** The report while it grows. */
interface Found {
  ingested: number;
  failures: number;
  readonly failed: ResultsRemark[];
  readonly warnings: ResultsRemark[];
}

/** @returns the definition of a recorded run that the catalog now has */
async function take(
  done: Reingested,
  { found, ports }: { readonly found: Found; readonly ports: IngestTreePorts },
): Promise<RunDefinition | undefined> {
  const { fragment } = done;
  if (done.ok) {
    found.ingested += 1;
    found.warnings.push(...done.warnings.map((message) => ({ fragment, message })));
    return done.definition.origin === undefined ? undefined : done.definition;
  }
  if (done.failed === undefined) {
    found.failed.push({ fragment, message: done.problems.join("; ") });
    return undefined;
  }
  const { definition, outcome, used } = done.failed;
  // Of a failed execution of the solver nothing is worth knowing without its group's history.
  if (definition.origin === undefined) return undefined;
  try {
    if (await ports.runs.adopt({ definition, outcome, used })) found.failures += 1;
  } catch (error) {
    if (!isAlmanacError(error, "CONFLICT")) throw error;
    found.failed.push({ fragment, message: error.message });
    return undefined;
  }
  return definition;
}

/** Fragments of executions; the last folder of one is the RID that the execution had where it was made. */
async function withRids(fragments: AsyncIterable<string>, rids: readonly Rid[]): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const fragment of fragments) if (rids.includes(ridOf(fragment))) found.push(fragment);
  const present = new Set(found.map(ridOf));
  const missing = rids.filter((rid) => !present.has(rid));
  if (missing.length === 0) return found;
  throw new AlmanacError("UNKNOWN_NAME", `there are no results of execution ${missing.join(", ")}`, {
    hint: "almanac executions list --state published; materialize copies what is still in scratch",
    facts: { missing },
  });
}

function ridOf(fragment: string): Rid {
  return basename(fragment) as Rid;
}
