import { readFileSync } from "node:fs";
import path from "node:path";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { materialize } from "../app/materialize.ts";
import { type PublishPorts, publishExecution } from "../app/publish.ts";
import { fragmentsOf, type ReingestPorts, reingest } from "../app/reingest.ts";
import { resolveFromFiles } from "../app/resolve-from-files.ts";
import type { ExecutionEnd } from "../app/run-executions.ts";
import type { EndedExecution } from "../app/settle.ts";
import type { TransitionQueue } from "../app/transition-queue.ts";
import { AlmanacError, Defect } from "../core/errors.ts";
import type { ExecutionDetail } from "../core/execution/record.ts";
import type { Rid } from "../core/identity/rid.ts";
import { defaultVocabulary } from "../core/results/default-vocabulary.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { parseVocabulary } from "../documents/vocabulary.ts";
import type { Settings } from "./config/settings.ts";
import type { Catalog, Project, ResultsIngestReport } from "./project.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./system-clock.ts";

/** What publishing is made of. */
export interface PublishingParts extends Stores {
  readonly catalog: Catalog;
  readonly folder: string;
  readonly settings: Settings;
}

/** Publishing as the solve uses it and as commands offer it, verb by verb. */
export interface Publishing {
  /** @throws CONFIG_INVALID when the configured vocabulary cannot be read */
  readonly vocabulary: () => Vocabulary;
  readonly publisher: (transitions: TransitionQueue) => (ended: EndedExecution) => Promise<ExecutionEnd>;
  readonly verbs: Pick<
    Project,
    "retry" | "cancel" | "materialize" | "resolve" | "reingest" | "ingestResults"
  >;
}

/** Wires the three verbs of publishing, each usable without the others' inputs. */
export function createPublishing(parts: PublishingParts): Publishing {
  let read: Vocabulary | undefined;
  const vocabulary = (): Vocabulary => (read ??= readVocabulary(parts));
  const publisher = (transitions: TransitionQueue) => {
    const { scratch, results, catalog, settings } = parts;
    const ports: PublishPorts = {
      scratch,
      results,
      values: catalog.values,
      transitions,
      vocabulary: vocabulary(),
      clock: systemClock,
      keepScratch: settings.publish.keepScratch,
    };
    return (ended: EndedExecution) => publishExecution(ended, ports);
  };
  return {
    vocabulary,
    publisher,
    verbs: {
      retry: (rid) => retry(rid, parts),
      cancel: (rid) => cancel(rid, parts),
      materialize: (rid) => materializeOne(rid, parts),
      resolve: async (rid) => resolveOne(rid, { parts, vocabulary: vocabulary() }),
      reingest: async (rid) => reingestOne(rid, { parts, vocabulary: vocabulary() }),
      ingestResults: async (rids) => ingestTree(rids, { parts, vocabulary: vocabulary() }),
    },
  };
}

function readVocabulary({ settings, folder }: PublishingParts): Vocabulary {
  if (settings.solve.vocabulary === "") return defaultVocabulary;
  const file = path.resolve(folder, settings.solve.vocabulary);
  try {
    return parseVocabulary(readFileSync(file, "utf8"), file);
  } catch (cause) {
    if (cause instanceof AlmanacError) throw cause;
    throw new AlmanacError(
      "CONFIG_INVALID",
      `the vocabulary ${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        hint: "correct solve.vocabulary in the configuration",
        cause,
      },
    );
  }
}

async function requireExecution(rid: Rid, { catalog }: PublishingParts): Promise<ExecutionDetail> {
  const execution = await catalog.executions.execution(rid);
  if (execution !== undefined) return execution;
  throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, { hint: "almanac executions list" });
}

async function retry(rid: Rid, parts: PublishingParts): Promise<string> {
  const { group } = await requireExecution(rid, parts);
  await parts.catalog.executions.flag([
    { group, resetFailures: true, dirty: { value: true, reason: "flagged by a user" } },
  ]);
  return "its group runs at the next solve";
}

/** The record first, so that whoever runs it sees why; then the processes, wherever they were started on this machine. */
async function cancel(rid: Rid, parts: PublishingParts): Promise<string> {
  const { state, worker, fragment } = await requireExecution(rid, parts);
  if (state === "publishing")
    throw new AlmanacError("CONFLICT", `execution ${rid} is being published`, {
      hint: "wait until it is published",
    });
  await parts.catalog.executions.transition([
    {
      rid,
      from: state,
      to: "aborted",
      at: systemClock.now(),
      message: "cancelled",
      actor: "user",
      abortReason: "cancelled",
      dirty: { value: false },
    },
  ]);
  if (state === "running" && worker !== undefined)
    await createProcessTrees().endOwned(worker, parts.scratch.folder(fragment));
  return "cancelled; almanac executions retry lets it run again";
}

async function materializeOne(rid: Rid, parts: PublishingParts): Promise<string> {
  const { fragment, state } = await requireExecution(rid, parts);
  const done = await materialize({
    fragment,
    scratch: parts.scratch,
    results: parts.results,
    published: state === "published",
  });
  const problems = done.problems.map(({ path: file, reason }) => `\n  ${file}: ${reason}`).join("");
  return done.log === "missing"
    ? "nothing was copied: there is no log"
    : `${done.files.length} files in results${problems}`;
}

async function resolveOne(
  rid: Rid,
  { parts, vocabulary }: { parts: PublishingParts; vocabulary: Vocabulary },
): Promise<string> {
  const { fragment } = await requireExecution(rid, parts);
  const { state, dirty, failure } = await resolveFromFiles(fragment, { ...parts, vocabulary });
  return `${state}${failure === undefined ? "" : ` (${failure.class}, ${failure.code}: ${failure.message})`}${dirty ? ", to be run again" : ""}`;
}

async function reingestOne(
  rid: Rid,
  { parts, vocabulary }: { parts: PublishingParts; vocabulary: Vocabulary },
): Promise<string> {
  const fragments = await fragmentsOf([rid], parts.catalog);
  for await (const done of reingest(fragments, reingestPorts(parts, vocabulary))) {
    if (done.ok) return `${done.scalars} scalars and ${done.series} series ingested`;
    if (done.computationFailed)
      throw new AlmanacError("TRANSITION_REFUSED", `execution ${rid} failed and has no results to ingest`, {
        hint: `see why: almanac logs ${rid}`,
      });
    throw new AlmanacError(
      "VOCABULARY_REFUSED",
      [`the results of ${rid} are refused:`, ...done.problems].join("\n  "),
      { hint: "correct the vocabulary or the bundle, then reingest" },
    );
  }
  throw new Defect("one fragment gives one report");
}

function reingestPorts({ results, catalog }: PublishingParts, vocabulary: Vocabulary): ReingestPorts {
  return { results, vocabulary, executions: catalog.executions, values: catalog.values, clock: systemClock };
}

/** Every execution of the results folder, or those asked for; one that fails does not stop the others. */
async function ingestTree(
  rids: readonly Rid[],
  { parts, vocabulary }: { parts: PublishingParts; vocabulary: Vocabulary },
): Promise<ResultsIngestReport> {
  const failed: { readonly fragment: string; readonly message: string }[] = [];
  let ingested = 0;
  const wanted = rids.length === 0 ? parts.results.fragments() : withRids(parts.results.fragments(), rids);
  for await (const done of reingest(wanted, reingestPorts(parts, vocabulary)))
    if (done.ok) ingested += 1;
    // Results of failed executions hold a log and no values.
    else if (!done.computationFailed)
      failed.push({ fragment: done.fragment, message: done.problems.join("; ") });
  return { ingested, failed };
}

/** A fragment's last folder is the RID that the execution had where it was made. */
async function* withRids(fragments: AsyncIterable<string>, rids: readonly Rid[]): AsyncGenerator<string> {
  for await (const fragment of fragments) if (rids.includes(path.basename(fragment) as Rid)) yield fragment;
}
