import type { Dataset } from "../core/catalog/dataset.ts";
import type { SolverDefinition } from "../core/execution/definition.ts";
import type { Owner } from "../core/execution/record.ts";
import type { ExecutionState } from "../core/execution/state.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Scalar } from "../core/results/value.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { NewExecution, Transition } from "./execution-catalog.ts";

/** The moment at which everything happens in contract suites. */
export const sampleTime = "2024-05-06T07:08:09.000Z";

/** A living process. */
export const sampleOwner: Owner = { host: "here", bootId: "b", pid: 42, startTicks: 7 };

/** A CMIP6-like dataset with one file per year named. */
export function sampleDataset(
  variable: string,
  {
    version = "v1",
    years = [1850],
    finalised = true,
  }: { version?: string; years?: readonly number[]; finalised?: boolean } = {},
): Dataset {
  const id = `CMIP6.CMIP.CSIRO.ACCESS.historical.r1i1p1f1.Amon.${variable}.gn.${version}`;
  return {
    sourceType: "cmip6",
    id,
    facets: {
      ...{ activity_id: "CMIP", institution_id: "CSIRO", source_id: "ACCESS", experiment_id: "historical" },
      ...{ member_id: "r1i1p1f1", table_id: "Amon", variable_id: variable, grid_label: "gn" },
      ...(finalised ? { units: "K" } : {}),
      ...{ version, instance_id: id },
    },
    finalised,
    files: years.map((year) => ({
      path: `archive/${variable}/${version}/${variable}_${year}.nc`,
      sizeBytes: 1000 + year,
      mtimeMs: 1_700_000_000_000,
      start: `${year}-01-16 12:00:00`,
      end: `${year}-12-16 12:00:00`,
      ...(finalised
        ? { calendar: "noleap", timeUnits: "days since 1850-01-01", trackingId: `hdl:${variable}/${year}` }
        : {}),
      contentId: finalised ? `t:hdl:${variable}/${year}:${1000 + year}` : `s:${1000 + year}:1700000000000`,
    })),
  };
}

/** A decision to run the diagnostic `mean` for one source. */
export function sampleDecision(source: string, changes: Partial<Decision> = {}): Decision {
  return {
    provider: "climate",
    providerVersion: "1.0",
    diagnostic: "mean",
    version: 1,
    set: 0,
    key: `cmip6_${source}`,
    selectorDigest: `selector-${source}`,
    selectors: { cmip6: [["source_id", source]] },
    decision: "run",
    reasons: [{ code: "new", message: "never run before" }],
    datasets: { cmip6: [`CMIP6.${source}.v1`] },
    fingerprint: `fingerprint-${source}`,
    compatHash: `compat-${source}`,
    ...changes,
  };
}

/** The definition that a decision leads to. */
export function sampleDefinition(
  decision: Decision,
  rids: { readonly group: Rid; readonly execution: Rid },
): SolverDefinition {
  return {
    formatVersion: 1,
    rid: rids.execution,
    group: { rid: rids.group, key: decision.key, selectorDigest: decision.selectorDigest },
    provider: { slug: decision.provider, version: decision.providerVersion },
    diagnostic: { slug: decision.diagnostic, version: decision.version, name: "Mean" },
    fragment: `${decision.provider}/${decision.diagnostic}/${decision.key}/${rids.group}/${rids.execution}`,
    selectors: decision.selectors,
    datasets: (decision.datasets["cmip6"] ?? []).map((id) => ({
      requirement: "cmip6",
      sourceType: "cmip6",
      id,
      version: "v1",
      facets: { instance_id: id },
      files: [{ path: `archive/${id}.nc`, contentId: `t:${id}:1` }],
    })),
    fingerprint: decision.fingerprint,
    compatHash: decision.compatHash,
    parameters: { years: 20 },
    limits: { timeoutSeconds: 10 },
    computation: { kind: "function", module: "builtin:climate" },
    vocabulary: { dimensions: [] },
    createdAt: sampleTime,
  };
}

/** What to record for a decision. */
export function sampleExecution(decision: Decision, { held = false } = {}): NewExecution {
  return {
    decision,
    parametersDigest: "parameters",
    held,
    define: (rids) => sampleDefinition(decision, rids),
  };
}

/** Transitions along a path of states, the first one being where the execution is. */
export function transitionsAlong(
  rid: Rid,
  states: readonly ExecutionState[],
  last: Partial<Transition> = {},
): readonly Transition[] {
  return states.slice(1).map((to, at) => ({
    ...{ rid, to, at: sampleTime, message: "", actor: "controller" as const },
    from: states[at] ?? to,
    ...(at === states.length - 2 ? last : {}),
  }));
}

/** Every state from recording to publication. */
export const pathToPublished = [
  "created",
  "initializing",
  "pending",
  "running",
  "completed",
  "publishing",
  "published",
] as const satisfies readonly ExecutionState[];

/** A scalar of the diagnostic `mean`. */
export function sampleScalar(metric: string, value: number | null): Scalar {
  return {
    dimensions: { source_id: "A", metric },
    kind: "model",
    value,
    units: "K",
    attributes: { note: "n" },
  };
}
