import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "./outcome.ts";
import { type Ingested, type PayloadProblem, resolveStatus } from "./resolve-status.ts";

const good: Outcome = {
  formatVersion: 1,
  rid: "1",
  result: "ok",
  states: [],
  resources: { wallSeconds: 1, cpuSeconds: 1, peakMemoryBytes: 1, measured: "self" },
  bundles: {},
};

function failedOutcome(failureClass: "system" | "diagnostic"): Outcome {
  return {
    ...good,
    result: "failed",
    failure: { class: failureClass, code: "EXIT_3", message: "m", signature: "s" },
  };
}

const outcomes = {
  none: undefined,
  retryable: failedOutcome("system"),
  final: failedOutcome("diagnostic"),
  unexplained: { ...good, result: "failed" } as Outcome,
  ok: good,
} as const;

const missing: PayloadProblem = { path: "a.png", reason: "the file is missing", code: "ARTIFACT_INVALID" };
const ingestions: readonly Ingested[] = [
  { kind: "none" },
  { kind: "done" },
  { kind: "refused", problems: ["bad value"] },
  { kind: "unavailable", code: "STORE_UNAVAILABLE", reason: "no space" },
];

/** The table of the specification, written out: `<state> <class> <dirty>`. */
function expected(
  result: keyof typeof outcomes,
  log: string,
  payload: string,
  ingested: Ingested["kind"],
): string {
  if (result === "none") return "failed system true";
  if (log === "missing") return "failed system true";
  if (result === "retryable") return "failed system true";
  if (result === "final" || result === "unexplained") return "failed diagnostic false";
  if (payload === "incomplete") return "failed diagnostic false";
  return {
    done: "published - false",
    refused: "failed diagnostic false",
    none: "publishing - true",
    unavailable: "publishing system true",
  }[ingested];
}

test("every row of the table", () => {
  for (const [result, outcome] of Object.entries(outcomes))
    for (const log of ["there", "missing"] as const)
      for (const payload of ["complete", "incomplete"] as const)
        for (const ingested of ingestions) {
          const materialized = { log, problems: payload === "complete" ? [] : [missing] };
          const { state, failure, dirty } = resolveStatus({ outcome, materialized, ingested });
          assert.equal(
            `${state} ${failure?.class ?? "-"} ${dirty}`,
            expected(result as keyof typeof outcomes, log, payload, ingested.kind),
            `${result}, log ${log}, payload ${payload}, ${ingested.kind}`,
          );
        }
});

test("a failure names what led to it", () => {
  const there = { log: "there", problems: [missing, { ...missing, path: "b.png" }] } as const;
  const done: Ingested = { kind: "done" };
  const { failure } = resolveStatus({ outcome: good, materialized: there, ingested: done });
  assert.equal(failure?.message, "a.png: the file is missing; b.png: the file is missing");
  assert.equal(failure?.code, "ARTIFACT_INVALID");
  const complete = { log: "there", problems: [] } as const;
  const refused = resolveStatus({
    outcome: good,
    materialized: complete,
    ingested: { kind: "refused", problems: ["x"] },
  });
  assert.equal(refused.failure?.code, "VOCABULARY_REFUSED");
});

test("without an outcome the executor's word counts, but it is always a system failure", () => {
  const lost = { class: "diagnostic", code: "MEMORY_LIMIT", message: "over 1 GiB", signature: "s" } as const;
  const materialized = { log: "there", problems: [] } as const;
  const { failure, dirty } = resolveStatus({
    outcome: undefined,
    lost,
    materialized,
    ingested: { kind: "none" },
  });
  assert.deepEqual(failure, { ...lost, class: "system", signature: "system|MEMORY_LIMIT|over # GiB" });
  assert.equal(dirty, true);
});
