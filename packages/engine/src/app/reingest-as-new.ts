import { AlmanacError, Defect } from "../core/errors.ts";
import { requireSolverDefinition, type SolverDefinition } from "../core/execution/definition.ts";
import type { ManifestRecord } from "../core/execution/manifest.ts";
import { appendLine } from "../core/execution/manifest-journal.ts";
import { executionFiles, type Outcome } from "../core/execution/outcome.ts";
import type { Owner } from "../core/execution/record.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import { digestOf, sha256Hex } from "../core/identity/digest.ts";
import type { Rid } from "../core/identity/rid.ts";
import { writeDefinition } from "../documents/definition.ts";
import { writeOutcome } from "../documents/outcome.ts";
import type { ExecutionCatalog, NewExecution, Transition } from "../ports/execution-catalog.ts";
import type { PromotedFile } from "../ports/fragment-store.ts";
import { readResults } from "./ingest-results.ts";
import { readPromotedManifest } from "./read-promoted-manifest.ts";
import type { Reingested, ReingestPorts } from "./reingest.ts";

/** What loading values as a new execution needs beside what loading them in place does. */
export interface ReingestAsNewPorts extends ReingestPorts {
  readonly executions: Pick<ExecutionCatalog, "execution" | "transition" | "definition" | "record">;
  readonly owner: Owner;
}

/** States that an execution without a computation of its own passes at once. */
const passed = ["created", "initializing", "pending", "running", "completed", "publishing"] as const;

/**
 * Loads the results of an execution as those of a new one of its group that shares the artifacts: after a fix of a
 * parser or the vocabulary, with the old values left as they were. Computes nothing. What would be refused is refused
 * before anything is recorded.
 * @throws UNKNOWN_NAME when the catalog has no such execution
 * @throws USAGE when it is no execution of the solver
 * @throws CONFLICT when the group is busy
 * @throws STORE_UNAVAILABLE, DISK_FULL; the new execution is then given up, the old one is as it was
 */
export async function reingestAsNew(rid: Rid, ports: ReingestAsNewPorts): Promise<Reingested> {
  const known = await ports.executions.definition(rid);
  if (known === undefined)
    throw new AlmanacError("UNKNOWN_NAME", `there is no execution ${rid}`, {
      hint: "almanac executions list",
    });
  const old = requireSolverDefinition(known);
  const read = await readResults(old.fragment, ports);
  if (!read.ok) return { fragment: old.fragment, ...read };
  const [definition] = await ports.executions.record([copyOf(old, ports.clock.now())], ports.owner);
  if (definition === undefined)
    throw new AlmanacError("CONFLICT", `the group of execution ${rid} is busy`, {
      hint: "wait for it to end",
    });
  await share({ old, definition, outcome: read.outcome }, ports);
  const steps = passed
    .slice(1)
    .map((to, at) => step(definition.rid, { from: passed[at] ?? to, to, old, ports }));
  await ports.executions.transition(steps);
  const published = step(definition.rid, { from: "publishing", to: "published", old, ports });
  const results = { ...read.results, definition };
  await ports.values.publish(results, { ...published, dirty: { value: false }, owner: null });
  const { scalars, series, warnings } = results;
  const counts = { scalars: scalars.length, series: series.length, warnings };
  return { fragment: definition.fragment, ok: true, rid: definition.rid, definition, ...counts };
}

function copyOf(old: SolverDefinition, createdAt: string): NewExecution {
  const datasets = Object.groupBy(old.datasets, ({ requirement }) => requirement);
  return {
    decision: {
      ...{ provider: old.provider.slug, providerVersion: old.provider.version, set: 0, decision: "run" },
      ...{ diagnostic: old.diagnostic.slug, version: old.diagnostic.version, key: old.group.key },
      reasons: [
        { code: "dirty", message: `its values are loaded again from ${old.rid}`, execution: old.rid },
      ],
      group: old.group.rid,
      selectors: old.selectors,
      selectorDigest: requireSelectorDigest(old),
      datasets: Object.fromEntries(
        Object.entries(datasets).map(([name, each]) => [
          name,
          [...new Set((each ?? []).map(({ id }) => id))].sort(),
        ]),
      ),
      fingerprint: old.fingerprint,
      compatHash: old.compatHash,
    },
    parametersDigest: digestOf(old.parameters),
    held: false,
    define: ({ group, execution }) => ({
      ...old,
      rid: execution,
      group: { ...old.group, rid: group },
      fragment: [...old.fragment.split("/").slice(0, -2), group, execution].join("/"),
      createdAt,
    }),
  };
}

function requireSelectorDigest({ rid, group }: SolverDefinition): string {
  if (group.selectorDigest === undefined)
    throw new Defect(`execution ${rid} was recorded without a selector digest`);
  return group.selectorDigest;
}

interface Share {
  readonly old: SolverDefinition;
  readonly definition: SolverDefinition;
  readonly outcome: Outcome;
}

/** Builds the new fragment from the files of the old one; gives the new execution up when that fails. */
async function share({ old, definition, outcome }: Share, ports: ReingestAsNewPorts): Promise<void> {
  try {
    const files = await sharedFiles({ old, definition, outcome }, ports);
    await ports.results.promote(definition.fragment, files, { replace: true });
  } catch (error) {
    const given = step(definition.rid, { from: "created", to: "aborted", old, ports });
    await ports.executions.transition([
      { ...given, abortReason: "cancelled", dirty: { value: false }, owner: null },
    ]);
    throw error;
  }
}

async function sharedFiles(
  { old, definition, outcome }: Share,
  { results }: ReingestAsNewPorts,
): Promise<readonly PromotedFile[]> {
  const manifest = await readPromotedManifest(old.fragment, results);
  if (manifest === undefined) throw new Defect(`${old.fragment} was read and has no manifest`);
  const { records, state } = manifest;
  const from = { store: results, fragment: old.fragment, linkable: true, synced: true };
  const anew = [
    fromText(executionFiles.definition, writeDefinition(definition)),
    fromText(executionFiles.outcome, writeOutcome({ ...outcome, rid: definition.rid })),
  ];
  const isAnew = (path: string): boolean => anew.some((file) => file.path === path);
  const shared = [...state.promoted.values()].filter(({ path }) => !isAnew(path));
  const lines: readonly ManifestRecord[] = [
    ...records.filter((record) => record.record !== "promoted" || !isAnew(record.path)),
    ...anew.map(({ path, sizeBytes, sha256 }) => ({ record: "promoted" as const, path, sizeBytes, sha256 })),
  ];
  const text = lines.map(appendLine).join("");
  return [
    ...shared.map(({ path, sha256 }) => ({ path, sha256, from })),
    ...anew,
    fromText(executionFiles.manifest, text),
  ];
}

function fromText(path: string, text: string): PromotedFile & { readonly sizeBytes: number } {
  const bytes = new TextEncoder().encode(text);
  return { path, sizeBytes: bytes.length, sha256: sha256Hex(bytes), from: { bytes } };
}

function step(
  rid: Rid,
  {
    from,
    to,
    old,
    ports,
  }: {
    readonly from: ExecutionState;
    readonly to: ExecutionState;
    readonly old: SolverDefinition;
    readonly ports: ReingestAsNewPorts;
  },
): Transition {
  return { rid, from, to, at: ports.clock.now(), message: `loaded again from ${old.rid}`, actor: "user" };
}
