import type { ErrorCode } from "../errors.ts";
import { signatureOf } from "./failure-signature.ts";
import type { Failure, Outcome } from "./outcome.ts";

/** Why a part of a result is not in its place. */
export interface PayloadProblem {
  /** As the result names it; it may leave the folder. */
  readonly path: string;
  readonly reason: string;
  readonly code: Extract<ErrorCode, "ARTIFACT_INVALID" | "BUNDLE_INVALID" | "MANIFEST_INVALID">;
}

/** A file in its place in results. */
export interface FileInPlace {
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
}

/** What materializing found and did. */
export interface Materialized {
  readonly log: "there" | "missing";
  /** Files in place, moved now or before, with their digests, in path order. */
  readonly files: readonly FileInPlace[];
  /** What of the payload is missing or was refused, each with its reason. Empty: the payload is complete. */
  readonly problems: readonly PayloadProblem[];
}

/** What ingesting came to: not tried, done, refused by schema or vocabulary, or not possible now. */
export type Ingested =
  | { readonly kind: "none" }
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly problems: readonly string[] }
  | { readonly kind: "unavailable"; readonly code: ErrorCode; readonly reason: string };

/** Where an execution stands after its computation, its materialization and its ingestion. */
export interface ResolvedStatus {
  readonly state: "published" | "publishing" | "failed";
  /** Also given for `publishing`, where it says what to wait for. */
  readonly failure?: Failure;
  /** Whether the group still needs an execution. */
  readonly dirty: boolean;
}

/** What status is resolved from. */
export interface StatusEvidence {
  /** Undefined: the worker left none, it was killed. */
  readonly outcome: Outcome | undefined;
  /** What the executor says of a computation without outcome. */
  readonly lost?: Failure;
  readonly materialized: Pick<Materialized, "log" | "problems">;
  readonly ingested: Ingested;
}

/**
 * The state that an execution's results lead to: a table, row by row, the first that fits. Pure. System failures leave
 * the group dirty, so that it is tried again; diagnostic failures do not.
 *
 * | result | log | payload | state | dirty |
 * |---|---|---|---|---|
 * | none | any | any | failed, system | true |
 * | any | missing | | failed, system | true |
 * | failed | there | | failed, of the class the worker gave | true for system |
 * | ok | there | missing or unreadable | failed, diagnostic, naming each file | false |
 * | ok | there | complete, ingested | published | false |
 * | ok | there | complete, refused by vocabulary or schema | failed, diagnostic | false |
 * | ok | there | complete, not ingested yet, or store or catalog unavailable | publishing | true |
 */
export function resolveStatus({ outcome, lost, materialized, ingested }: StatusEvidence): ResolvedStatus {
  if (outcome === undefined) return failed(ofTheSystem(lost ?? withoutOutcome()));
  if (materialized.log === "missing")
    return failed(failureOf("system", "EXECUTION_LOST", "the computation left no log"));
  if (outcome.result === "failed") return failed(outcome.failure ?? withoutReason());
  const [first] = materialized.problems;
  if (first !== undefined) {
    const named = materialized.problems.map(({ path, reason }) => `${path}: ${reason}`).join("; ");
    return failed(failureOf("diagnostic", first.code, named));
  }
  return afterIngestion(ingested);
}

function afterIngestion(ingested: Ingested): ResolvedStatus {
  switch (ingested.kind) {
    case "done":
      return { state: "published", dirty: false };
    case "refused":
      return failed(failureOf("diagnostic", "VOCABULARY_REFUSED", ingested.problems.join("; ")));
    case "unavailable":
      return {
        state: "publishing",
        dirty: true,
        failure: failureOf("system", ingested.code, ingested.reason),
      };
    case "none":
      return { state: "publishing", dirty: true };
  }
}

/** What ended without an outcome is a system failure whatever its code; the signature names the class too. */
function ofTheSystem({ code, message }: Failure): Failure {
  return { class: "system", code, message, signature: signatureOf("system", code, message) };
}

function withoutOutcome(): Failure {
  return failureOf("system", "EXECUTION_LOST", "the computation ended without an outcome");
}

function withoutReason(): Failure {
  return failureOf("diagnostic", "DIAGNOSTIC_FAILED", "the computation failed and gave no reason");
}

function failed(failure: Failure): ResolvedStatus {
  return { state: "failed", failure, dirty: failure.class === "system" };
}

function failureOf(failureClass: Failure["class"], code: ErrorCode, message: string): Failure {
  return { class: failureClass, code, message, signature: signatureOf(failureClass, code, message) };
}
