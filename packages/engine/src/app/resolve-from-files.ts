import { executionFiles } from "../core/execution/outcome.ts";
import { type Ingested, type ResolvedStatus, resolveStatus } from "../core/execution/resolve-status.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import { type ReadResultsPorts, readResults } from "./ingest-results.ts";
import { inResults } from "./materialize.ts";
import { readOutcome } from "./read-outcome.ts";

/**
 * The state that an execution's files lead to, written nowhere: from results where they are, else from scratch. What has
 * not been materialized is taken as complete; whether the values would be accepted is looked up where there are results.
 */
export async function resolveFromFiles(
  fragment: string,
  { scratch, ...ports }: ReadResultsPorts & { readonly scratch: FragmentStore },
): Promise<ResolvedStatus> {
  const promoted = await inResults({ fragment, results: ports.results });
  if (promoted.log === "missing") {
    const log = (await scratch.list(fragment)).some(({ path }) => path === executionFiles.log);
    const materialized = { log: log ? "there" : "missing", problems: [] } as const;
    const outcome = await readOutcome(fragment, scratch);
    return resolveStatus({ outcome, materialized, ingested: { kind: "none" } });
  }
  const outcome = await readOutcome(fragment, ports.results);
  const read = await readResults(fragment, ports);
  const ingested: Ingested = read.ok ? { kind: "done" } : { kind: "refused", problems: read.problems };
  return resolveStatus({ outcome, materialized: promoted, ingested });
}
