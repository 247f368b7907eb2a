import type { ExecutionDefinition } from "../core/execution/definition.ts";
import { executionFiles, type Failure, type ResourceUse } from "../core/execution/outcome.ts";
import { resolveStatus } from "../core/execution/resolve-status.ts";
import { writeDefinition } from "../documents/definition.ts";
import type { FolderRunner } from "../ports/folder-runner.ts";
import type { FragmentStore } from "../ports/fragment-store.ts";
import type { ExecutionResults } from "../ports/value-catalog.ts";
import { readResults } from "./ingest-results.ts";
import { materialize } from "./materialize.ts";
import { readOutcome } from "./read-outcome.ts";

/** What trying an execution needs of the outside. */
export interface TryPorts {
  readonly run: FolderRunner;
  readonly scratch: FragmentStore;
  readonly results: FragmentStore;
  /** Makes the scratch folder with a file in it. @returns the folder, absolute */
  readonly prepare: (fragment: string, file: { readonly name: string; readonly text: string }) => string;
}

/** How an execution that no catalog knows of went. */
export interface TriedExecution {
  /** Undefined: it would be published. */
  readonly failure: Failure | undefined;
  /** What would be in the catalog, if it had not failed. */
  readonly results: ExecutionResults | undefined;
  readonly log: string;
  readonly resources: ResourceUse;
}

/**
 * Runs one execution and takes its results as a solve does (computing, materializing, checking bundles and vocabulary),
 * without a catalog.
 */
export async function tryExecution(
  definition: ExecutionDefinition,
  {
    ports,
    projectFolder,
    signal,
  }: { readonly ports: TryPorts; readonly projectFolder: string; readonly signal: AbortSignal },
): Promise<TriedExecution> {
  const { fragment, vocabulary } = definition;
  const { scratch, results } = ports;
  const file = { name: executionFiles.definition, text: writeDefinition(definition) };
  const run = await ports.run({
    folder: ports.prepare(fragment, file),
    projectFolder,
    signal,
    crashed: new AbortController().signal,
    started: () => {},
    progress: () => {},
  });
  const outcome = await readOutcome(fragment, scratch);
  const materialized = await materialize({ fragment, scratch, results, published: false });
  const read = outcome?.result === "ok" ? await readResults(fragment, { results, vocabulary }) : undefined;
  const lost = run.kind === "done" ? run.failure : undefined;
  const status = resolveStatus({
    outcome,
    ...(lost === undefined ? {} : { lost }),
    materialized,
    ingested: read?.ok === false ? { kind: "refused", problems: read.problems } : { kind: "done" },
  });
  const log = await scratch.read(fragment, executionFiles.log);
  return {
    failure: status.failure,
    results: read?.ok === true && status.failure === undefined ? read.results : undefined,
    log: new TextDecoder().decode(log),
    resources: outcome?.resources ?? { wallSeconds: 0, cpuSeconds: 0, peakMemoryBytes: 0, measured: "none" },
  };
}
