import { type ErrorCode, isAlmanacError } from "../core/errors.ts";
import type { ExecutionDefinition } from "../core/execution/definition.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Clock } from "../ports/clock.ts";
import type { ExecutionCatalog, Transition } from "../ports/execution-catalog.ts";
import type { ExecutionResults, ValueCatalog } from "../ports/value-catalog.ts";
import { type FailedComputation, type ReadResultsPorts, readResults } from "./ingest-results.ts";
import { requireExecutionFolder } from "./require-execution.ts";

/** What loading values again needs of the outside. */
export interface ReingestPorts extends ReadResultsPorts {
  readonly executions: Pick<ExecutionCatalog, "execution" | "transition">;
  readonly values: Pick<ValueCatalog, "publish" | "publishAll">;
  readonly clock: Clock;
}

/** What came of one execution's folder. */
export type Reingested =
  | {
      readonly fragment: string;
      readonly ok: true;
      /** RID that the execution has where it was made. */
      readonly rid: Rid;
      readonly definition: ExecutionDefinition;
      readonly scalars: number;
      readonly series: number;
      readonly warnings: readonly string[];
    }
  | {
      readonly fragment: string;
      readonly ok: false;
      readonly code: ErrorCode;
      readonly problems: readonly string[];
      /** What failed, when there is nothing to ingest because the computation did. */
      readonly failed?: FailedComputation;
    };

/**
 * Loads what is in results into the catalog, one execution after the other: in place for one that is published,
 * publishing one that failed at ingestion or waited for it, and recording one that this catalog does not know. Computes
 * nothing and reads nothing but results. One that fails leaves its state, its rows and the group's dirty flag as they
 * were and does not stop the others.
 * @param fragments in any order
 */
export async function* reingest(
  fragments: AsyncIterable<string> | Iterable<string>,
  ports: ReingestPorts,
): AsyncGenerator<Reingested> {
  for await (const fragment of fragments) yield reingestOne(fragment, ports);
}

async function reingestOne(fragment: string, ports: ReingestPorts): Promise<Reingested> {
  const read = await readResults(fragment, ports);
  if (!read.ok) return { fragment, ...read };
  const { definition } = read.results;
  const state = await recordedState(definition, ports);
  if (state !== undefined && !ingestible.has(state))
    return {
      fragment,
      ok: false,
      code: "TRANSITION_REFUSED",
      problems: [`execution ${definition.rid} is ${state}: its results are not final`],
    };
  try {
    await load(read.results, { state, ports });
  } catch (error) {
    if (!isAlmanacError(error, "BUNDLE_INVALID", "CONFLICT", "DATASET_REFUSED", "FEATURE_INVALID"))
      throw error;
    return { fragment, ok: false, code: error.code, problems: [error.message] };
  }
  const { scalars, series, warnings } = read.results;
  return {
    fragment,
    ok: true,
    rid: definition.rid,
    definition,
    scalars: scalars.length,
    series: series.length,
    warnings,
  };
}

/** States in which the files in results are final. */
const ingestible: ReadonlySet<ExecutionState> = new Set(["published", "publishing", "failed"]);

/** State of an execution in this catalog; another execution may have its RID here. */
async function recordedState(
  { rid, fragment, createdAt }: ExecutionDefinition,
  { executions }: ReingestPorts,
): Promise<ExecutionState | undefined> {
  const recorded = await executions.execution(rid);
  const isSame = recorded?.fragment === fragment && recorded.createdAt === createdAt;
  return isSame ? recorded.state : undefined;
}

async function load(
  results: ExecutionResults,
  { state, ports }: { readonly state: ExecutionState | undefined; readonly ports: ReingestPorts },
): Promise<void> {
  const { rid } = results.definition;
  const step = { rid, at: ports.clock.now(), message: "ingested again from results", actor: "user" } as const;
  if (state === undefined || state === "published") return ports.values.publish(results, undefined);
  const published: Transition = {
    ...step,
    from: "publishing",
    to: "published",
    dirty: { value: false },
    owner: null,
    worker: null,
  };
  if (state === "publishing") return ports.values.publish(results, published);
  // Together: what the catalog refuses leaves the state as it was.
  await ports.values.publishAll(
    [{ results, transition: published }],
    [{ ...step, from: "failed", to: "publishing" }],
  );
}

/**
 * Fragments of executions by their RIDs.
 * @throws UNKNOWN_NAME when the catalog has no such execution, FILE_MISSING when its folder is not here
 */
export async function fragmentsOf(
  rids: readonly Rid[],
  { executions }: Pick<ReingestPorts, "executions">,
): Promise<readonly string[]> {
  const fragments: string[] = [];
  for (const rid of rids) fragments.push((await requireExecutionFolder(rid, executions)).fragment);
  return fragments;
}
