import assert from "node:assert/strict";
import type { Failure } from "../core/execution/outcome.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleExecution,
  sampleOwner,
  transitionsAlong,
} from "./sample-records.contract.ts";

const systemFailure: Failure = { class: "system", code: "EXECUTION_LOST", message: "lost", signature: "s" };

async function recordOne(executions: ExecutionCatalog, decision: Decision): Promise<Rid> {
  const [definition] = await executions.record([sampleExecution(decision)], sampleOwner);
  assert.ok(definition);
  return definition.rid;
}

async function publishOne(executions: ExecutionCatalog, decision: Decision): Promise<Rid> {
  const rid = await recordOne(executions, decision);
  await executions.transition(transitionsAlong(rid, pathToPublished, { owner: null }));
  return rid;
}

/** The part of the contract that counts executions; registered with the rest. */
export function testCounting(
  withCatalog: (title: string, body: (executions: ExecutionCatalog) => Promise<void>) => void,
): void {
  withCatalog("newest executions are counted by state and by how they failed", async (executions) => {
    assert.deepEqual(await executions.stateCounts(), []);
    const old = await publishOne(executions, sampleDecision("A"));
    const failed: Rid[] = [];
    for (const [source, signature] of [
      ["A", "s"],
      ["B", "other"],
      ["C", "s"],
    ] as const) {
      const reasons = [{ code: "datasets-changed", message: "changed", execution: old }] as const;
      const again: Partial<Decision> = source === "A" ? { fingerprint: "other", reasons } : {};
      const rid = await recordOne(executions, sampleDecision(source, again));
      const failure = { ...systemFailure, signature };
      await executions.transition(transitionsAlong(rid, ["created", "failed"], { failure, owner: null }));
      failed.push(rid);
    }
    const published = await publishOne(executions, sampleDecision("D"));
    const [first, second, third] = failed;
    const counts = await executions.stateCounts();
    assert.deepEqual(
      counts.map(({ state, count, failureClass, signature, newest }) => [
        ...[state, count, failureClass, signature, newest.rid, newest.key],
      ]),
      [
        ["published", 1, undefined, undefined, published, "cmip6_D"],
        ["failed", 2, "system", "s", third, "cmip6_C"],
        ["failed", 1, "system", "other", second, "cmip6_B"],
      ],
    );
    const rids = async (query: Parameters<ExecutionCatalog["list"]>[0]) =>
      (await executions.list(query)).items.map(({ rid }) => rid);
    assert.deepEqual(await rids({ signature: "s", failureClass: "system" }), [third, first]);
    assert.deepEqual(await rids({ failureClass: "diagnostic" }), []);
    assert.deepEqual(await rids({ newest: true }), [published, third, second, first]);
  });
}
