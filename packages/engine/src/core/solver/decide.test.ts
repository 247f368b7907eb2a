import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Defect } from "../errors.ts";
import type { Rid } from "../identity/rid.ts";
import { decide, type Present, type Ruling } from "./decide.ts";
import type { PastExecution, PastGroup } from "./history.ts";

const now: Present = {
  fingerprint: "f1",
  compatHash: "h1",
  parametersDigest: "p1",
  contents: () => new Map([["a", ["x"]]]),
  rerunFailed: false,
};

function execution(over: Partial<PastExecution> = {}): PastExecution {
  return {
    rid: "B" as Rid,
    state: "published",
    fingerprint: "f1",
    compatHash: "h1",
    failureClass: undefined,
    failureSignature: undefined,
    abortReason: undefined,
    held: false,
    alive: false,
    datasets: { a: ["x"] },
    parametersDigest: "p1",
    ...over,
  };
}

function group(executions: readonly PastExecution[], over: Partial<PastGroup> = {}): PastGroup {
  return {
    rid: "G" as Rid,
    provider: "p",
    diagnostic: "d",
    version: 1,
    selectorDigest: "s",
    dirty: false,
    dirtyReason: undefined,
    current: executions.at(-1)?.rid,
    systemFailures: 0,
    executions,
    ...over,
  };
}

const told = ({ decision, reason }: Ruling): string => `${decision} ${reason.code}`;
const decided = (
  latest: Partial<PastExecution>,
  over: Partial<PastGroup> = {},
  present: Partial<Present> = {},
): string => told(decide(group([execution(latest)], over), { ...now, ...present }));

describe("decisions", () => {
  test("a group without execution is new", () => {
    assert.equal(told(decide(undefined, now)), "run new");
    assert.equal(told(decide(group([], { dirty: true }), now)), "run new");
  });

  test("changed datasets run and are named", () => {
    const past = group([execution({ fingerprint: "f0", datasets: { a: ["old"], gone: ["y"] } })]);
    const contents = () =>
      new Map([
        ["a", ["x"]],
        ["b", ["z"]],
      ]);
    const { decision, reason } = decide(past, { ...now, contents });
    assert.equal(decision, "run");
    assert.partialDeepStrictEqual(reason, {
      code: "datasets-changed",
      added: ["b"],
      removed: ["gone"],
      replaced: ["a"],
      execution: "B",
    });
  });

  test("equal datasets with other parameters are parameters-changed", () => {
    assert.equal(decided({ fingerprint: "f0", parametersDigest: "p0" }), "run parameters-changed");
  });

  test("changed inputs come before a live execution", () => {
    assert.equal(
      decided({ fingerprint: "f0", state: "running", alive: true, datasets: {} }),
      "run datasets-changed",
    );
  });

  test("live executions are in progress", () => {
    for (const state of ["initializing", "pending", "running", "completed", "publishing"] as const)
      assert.equal(decided({ state, alive: true }, { dirty: true }), "skip in-progress", state);
    assert.equal(decided({ state: "created", alive: true }, { dirty: true }), "skip in-progress");
  });

  test("recorded ones wait for their submission", () => {
    assert.equal(decided({ state: "created", held: true, alive: true }, { dirty: true }), "skip unsubmitted");
    assert.equal(decided({ state: "created" }, { dirty: true }), "skip unsubmitted");
  });

  test("computed ones are only published", () => {
    assert.equal(decided({ state: "completed" }, { dirty: true }), "skip unpublished");
    assert.equal(decided({ state: "publishing" }, { dirty: true }), "skip unpublished");
  });

  test("lost ones run again", () => {
    assert.equal(decided({ state: "running" }, { dirty: true }), "run dirty");
  });

  test("aborted ones run unless a person cancelled them", () => {
    assert.equal(
      decided({ state: "aborted", abortReason: "interrupted" }, { dirty: true }),
      "run interrupted",
    );
    assert.equal(
      decided({ state: "aborted", abortReason: "superseded" }, { dirty: true }),
      "run interrupted",
    );
    assert.equal(decided({ state: "aborted", abortReason: "cancelled" }, { dirty: true }), "skip cancelled");
  });

  test("system failures are tried three times", () => {
    const failed = { state: "failed", failureClass: "system", failureSignature: "oom" } as const;
    assert.equal(decided(failed, { dirty: true, systemFailures: 2 }), "run dirty");
    assert.equal(decided(failed, { dirty: true, systemFailures: 3 }), "skip retries-exhausted");
    assert.equal(
      decided(failed, { dirty: true, systemFailures: 3 }, { rerunFailed: true }),
      "run rerun-failed",
    );
  });

  test("diagnostic failures stay failed until asked or flagged", () => {
    const failed = {
      state: "failed",
      failureClass: "diagnostic",
      failureSignature: "ValueError: x",
    } as const;
    const { reason } = decide(group([execution(failed)]), now);
    assert.equal(reason.code, "failed");
    assert.match(reason.message, /ValueError: x/);
    assert.equal(decided(failed, {}, { rerunFailed: true }), "run rerun-failed");
    assert.equal(decided(failed, { dirty: true }), "run dirty");
  });

  test("published is up to date unless dirty, and says what made it so", () => {
    assert.equal(decided({}), "skip up-to-date");
    const flagged = decide(group([execution()], { dirty: true, dirtyReason: "artifact missing" }), now);
    assert.deepEqual([flagged.reason.code, flagged.reason.message], ["dirty", "artifact missing"]);
  });

  test("an older published execution with these inputs is restored, then current", () => {
    const older = execution({ rid: "A" as Rid });
    const other = execution({ fingerprint: "f2" });
    assert.equal(told(decide(group([older, other]), now)), "skip restored");
    assert.equal(told(decide(group([older, other], { current: "A" as Rid }), now)), "skip up-to-date");
    const superseding = execution({ fingerprint: "f2", state: "running", alive: true });
    assert.equal(told(decide(group([older, superseding], { dirty: true }), now)), "skip restored");
  });

  test("a flagged group is not restored but run", () => {
    const past = group([execution({ rid: "A" as Rid }), execution({ fingerprint: "f2" })], { dirty: true });
    assert.equal(decide(past, now).decision, "run");
  });

  test("imported executions are compared by the reference's hash", () => {
    assert.equal(decided({ fingerprint: "" }), "skip up-to-date");
    assert.equal(decided({ fingerprint: "", compatHash: "h0" }), "run datasets-changed");
  });

  test("anything else is a defect", () => {
    assert.throws(() => decided({ state: "unheard-of" as "published" }), Defect);
  });
});
