import { ownIdentity } from "../adapters/process-tree/owner.ts";
import { createProcessTrees } from "../adapters/process-tree/process-trees.ts";
import { ingestTree } from "../app/ingest-tree.ts";
import { fragmentsOf, type Reingested, reingest } from "../app/reingest.ts";
import { type ReingestAsNewPorts, reingestAsNew } from "../app/reingest-as-new.ts";
import { requireExecution } from "../app/require-execution.ts";
import { AlmanacError, Defect, type ErrorCode } from "../core/errors.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Vocabulary } from "../core/results/vocabulary.ts";
import { attachOne } from "./attach.ts";
import { materializeOne, resolveOne } from "./file-verbs.ts";
import type { Catalog, Project } from "./project.ts";
import type { Stores } from "./stores.ts";
import { systemClock } from "./system-clock.ts";

/** What the verbs of publishing are made of. */
export interface PublishVerbParts extends Stores {
  readonly catalog: Catalog;
  readonly vocabulary: () => Vocabulary;
}

/** The verbs of publishing, each usable without the others' inputs. */
export type PublishVerbs = Pick<
  Project,
  "retry" | "cancel" | "materialize" | "resolve" | "attach" | "reingest" | "ingestResults"
>;

/** Wires the verbs of publishing. */
export function createPublishVerbs(parts: PublishVerbParts): PublishVerbs {
  const { vocabulary } = parts;
  return {
    retry: (rid) => retry(rid, parts),
    cancel: (rid) => cancel(rid, parts),
    materialize: (rid) => materializeOne(rid, parts),
    resolve: async (rid) => resolveOne(rid, { parts, vocabulary: vocabulary() }),
    attach: async (rid, request) =>
      attachOne(rid, {
        request,
        ports: reingestPorts(parts, { vocabulary: vocabulary(), lenient: true }),
      }),
    reingest: async (rid, { asNew = false, lenient = false } = {}) =>
      reingestOne(rid, { asNew, ports: reingestPorts(parts, { vocabulary: vocabulary(), lenient }) }),
    ingestResults: async (rids, { lenient = false } = {}) =>
      ingestTree(rids, {
        ...reingestPorts(parts, { vocabulary: vocabulary(), lenient }),
        runs: parts.catalog.runs,
      }),
  };
}

async function retry(rid: Rid, parts: PublishVerbParts): Promise<string> {
  const { group } = await requireExecution(rid, parts.catalog.executions);
  if (group === undefined)
    throw new AlmanacError("USAGE", `execution ${rid} is a recorded run, which no solve runs again`, {
      hint: `almanac run --from ${rid}`,
    });
  await parts.catalog.executions.flag([
    { group, resetFailures: true, dirty: { value: true, reason: "flagged by a user" } },
  ]);
  return "its group runs at the next solve";
}

/** The record first, so that whoever runs it sees why; then the processes, wherever they were started on this machine. */
async function cancel(rid: Rid, parts: PublishVerbParts): Promise<string> {
  const { state, worker, fragment, group } = await requireExecution(rid, parts.catalog.executions);
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
  const again = group === undefined ? `almanac run --from ${rid}` : "almanac executions retry";
  return `cancelled; ${again} lets it run again`;
}

async function reingestOne(
  rid: Rid,
  { asNew, ports }: { readonly asNew: boolean; readonly ports: ReingestAsNewPorts },
): Promise<string> {
  const done = asNew ? await reingestAsNew(rid, ports) : await reingestInPlace(rid, ports);
  if (done.ok)
    return [
      `${done.scalars} scalars and ${done.series} series ingested${asNew ? ` as execution ${done.rid}` : ""}`,
      ...done.warnings.map((warning) => `  warning: ${warning}`),
    ].join("\n");
  if (done.failed !== undefined)
    throw new AlmanacError("TRANSITION_REFUSED", `execution ${rid} failed and has no results to ingest`, {
      hint: `see why: almanac logs ${rid}`,
    });
  throw new AlmanacError(
    done.code,
    [`the results of ${rid} cannot be ingested:`, ...done.problems].join("\n  "),
    { hint: refusalHint(done.code) },
  );
}

function refusalHint(code: ErrorCode): string {
  switch (code) {
    case "VOCABULARY_REFUSED":
      return "correct the vocabulary or the bundle, then reingest; --lenient takes foreign dimensions";
    case "TRANSITION_REFUSED":
      return "wait until it has ended, then reingest";
    default:
      return "put its folder back from a copy, or compute it anew: almanac executions verify --mark, then almanac solve";
  }
}

async function reingestInPlace(rid: Rid, ports: ReingestAsNewPorts): Promise<Reingested> {
  for await (const done of reingest(await fragmentsOf([rid], ports), ports)) return done;
  throw new Defect("one fragment gives one report");
}

function reingestPorts(
  { results, catalog }: PublishVerbParts,
  how: { readonly vocabulary: Vocabulary; readonly lenient: boolean },
): ReingestAsNewPorts {
  const { executions, values } = catalog;
  return { ...how, results, executions, values, clock: systemClock, owner: ownIdentity() };
}
