import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { Failure } from "../core/execution/outcome.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Decision } from "../core/solver/plan.ts";
import type { ExecutionCatalog } from "./execution-catalog.ts";
import { testCounting } from "./execution-counts.contract.ts";
import {
  pathToPublished,
  sampleDecision,
  sampleDefinition,
  sampleExecution,
  sampleOwner,
  sampleTime,
  transitionsAlong,
} from "./sample-records.contract.ts";

/** An empty catalog for one test. */
export interface ExecutionCatalogUnderTest {
  readonly executions: ExecutionCatalog;
  close(): Promise<void>;
}

const systemFailure: Failure = { class: "system", code: "EXECUTION_LOST", message: "lost", signature: "s" };

/** Registers the tests that every `ExecutionCatalog` passes. @param open an empty catalog */
export function testExecutionCatalog(name: string, open: () => Promise<ExecutionCatalogUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog.executions);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`execution catalog: ${name}`, () => {
    testRecording(withCatalog);
    testRaces(withCatalog);
    testTransitions(withCatalog);
    testGroups(withCatalog);
    testReading(withCatalog);
    testCounting(withCatalog);
  });
}

type WithCatalog = (title: string, body: (executions: ExecutionCatalog) => Promise<void>) => void;

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

function changed(execution: Rid, fingerprint = "other"): Partial<Decision> {
  return { fingerprint, reasons: [{ code: "datasets-changed", message: "changed", execution }] };
}

function testRecording(withCatalog: WithCatalog): void {
  withCatalog("recording makes group and execution, dirty and created", async (executions) => {
    const decision = sampleDecision("A");
    const [definition] = await executions.record([sampleExecution(decision)], sampleOwner);
    assert.ok(definition);
    assert.deepEqual(
      definition,
      sampleDefinition(decision, { group: definition.group.rid, execution: definition.rid }),
    );
    assert.deepEqual(await executions.definition(definition.rid), definition);
    const group = await executions.group(definition.group.rid);
    assert.deepEqual([group?.dirty, group?.current, group?.selectors], [true, undefined, decision.selectors]);
    assert.deepEqual(await executions.group(`climate/mean/${decision.key}`), group);
    const detail = await executions.execution(definition.rid);
    assert.deepEqual([detail?.state, detail?.owner, detail?.createdAt], ["created", sampleOwner, sampleTime]);
    assert.deepEqual(detail?.history, [
      { from: undefined, to: "created", at: sampleTime, message: "never run before", actor: "controller" },
    ]);
    assert.deepEqual(detail?.datasets, [
      { requirement: "cmip6", id: "CMIP6.A.v1", contentIds: ["t:CMIP6.A.v1:1"] },
    ]);
  });

  withCatalog("RIDs are unique over all records and groups are found again", async (executions) => {
    const first = await executions.record(
      ["A", "B"].map((source) => sampleExecution(sampleDecision(source))),
      undefined,
    );
    const rids = first.flatMap(({ rid, group }) => [rid, group.rid]);
    assert.equal(new Set(rids).size, 4);
    const rid = first[0]?.rid as Rid;
    await executions.transition(transitionsAlong(rid, ["created", "failed"], { failure: systemFailure }));
    const again = sampleDecision("A", { reasons: [{ code: "dirty", message: "retry", execution: rid }] });
    const [second] = await executions.record([sampleExecution(again)], undefined);
    assert.equal(second?.group.rid, first[0]?.group.rid);
    assert.equal((await executions.execution(second?.rid as Rid))?.attempt, 1);
  });

  withCatalog("nothing of a batch is recorded when one definition throws", async (executions) => {
    const broken = {
      ...sampleExecution(sampleDecision("B")),
      define: () => {
        throw new Error("no definition");
      },
    };
    await assert.rejects(
      executions.record([sampleExecution(sampleDecision("A")), broken], undefined),
      /no definition/,
    );
    assert.equal((await executions.groups({})).total, 0);
    assert.equal((await executions.list({})).total, 0);
  });
}

function testRaces(withCatalog: WithCatalog): void {
  withCatalog("a decision that another process has outrun is left out", async (executions) => {
    const decision = sampleDecision("A");
    assert.equal((await executions.record([sampleExecution(decision)], sampleOwner)).length, 1);
    assert.deepEqual(await executions.record([sampleExecution(decision)], sampleOwner), []);
    const [listed] = (await executions.list({})).items;
    await executions.transition(transitionsAlong(listed?.rid as Rid, pathToPublished));
    assert.deepEqual(await executions.record([sampleExecution(decision)], sampleOwner), []);
    assert.equal((await executions.list({})).total, 1);
  });

  withCatalog("changed inputs supersede a live execution, with history", async (executions) => {
    const old = await recordOne(executions, sampleDecision("A"));
    await executions.transition(transitionsAlong(old, ["created", "initializing", "pending", "running"]));
    const next = await recordOne(executions, sampleDecision("A", changed(old)));
    const detail = await executions.execution(old);
    assert.deepEqual([detail?.state, detail?.abortReason], ["aborted", "superseded"]);
    assert.equal(detail?.history.at(-1)?.from, "running");
    assert.match(detail?.history.at(-1)?.message ?? "", new RegExp(next));
  });

  withCatalog("an execution that is being published is not superseded", async (executions) => {
    const old = await recordOne(executions, sampleDecision("A"));
    await executions.transition(transitionsAlong(old, pathToPublished.slice(0, -1)));
    const next = sampleExecution(sampleDecision("A", changed(old)));
    assert.deepEqual(await executions.record([next], sampleOwner), []);
    assert.equal((await executions.execution(old))?.state, "publishing");
  });

  withCatalog(
    "only one of two claims succeeds, and ended executions cannot be claimed",
    async (executions) => {
      const rid = await recordOne(executions, sampleDecision("A"));
      const [me, you] = [
        { ...sampleOwner, pid: 1 },
        { ...sampleOwner, pid: 2 },
      ];
      assert.equal(await executions.claim(rid, undefined, me), false);
      assert.equal(await executions.claim(rid, sampleOwner, me), true);
      assert.equal(await executions.claim(rid, sampleOwner, you), false);
      assert.deepEqual((await executions.execution(rid))?.owner, me);
      await executions.transition(transitionsAlong(rid, ["created", "aborted"]));
      assert.equal(await executions.claim(rid, me, you), false);
    },
  );

  withCatalog("claiming a held execution releases it", async (executions) => {
    const [held] = await executions.record([sampleExecution(sampleDecision("A"), { held: true })], undefined);
    const rid = held?.rid as Rid;
    assert.equal((await executions.execution(rid))?.held, true);
    assert.equal(await executions.claim(rid, undefined, sampleOwner), true);
    assert.equal((await executions.execution(rid))?.held, false);
  });
}

function testTransitions(withCatalog: WithCatalog): void {
  withCatalog("a life without trouble ends published, current and clean", async (executions) => {
    const rid = await recordOne(executions, sampleDecision("A"));
    const resources = { wallSeconds: 1, cpuSeconds: 2, peakMemoryBytes: 3, measured: "proc-tree" as const };
    await executions.transition(
      transitionsAlong(rid, pathToPublished, { owner: null, resources, durations: { compute: 1.5 } }),
    );
    const detail = await executions.execution(rid);
    assert.deepEqual(
      detail?.history.map(({ to }) => to),
      pathToPublished,
    );
    assert.deepEqual(
      [detail?.owner, detail?.resources, detail?.durations],
      [undefined, resources, { compute: 1.5 }],
    );
    assert.deepEqual([detail?.startedAt, detail?.finishedAt], [sampleTime, sampleTime]);
    const group = await executions.group(detail?.group as Rid);
    assert.deepEqual([group?.dirty, group?.current], [false, rid]);
  });

  withCatalog(
    "a transition from another state, or outside the table, changes nothing",
    async (executions) => {
      const rid = await recordOne(executions, sampleDecision("A"));
      const other = await recordOne(executions, sampleDecision("B"));
      const good = transitionsAlong(other, ["created", "initializing"]);
      const late = transitionsAlong(rid, ["pending", "running"]);
      await assert.rejects(executions.transition([...good, ...late]), (error) =>
        isAlmanacError(error, "CONFLICT"),
      );
      await assert.rejects(
        executions.transition(transitionsAlong(rid, ["created", "published"])),
        (error) => isAlmanacError(error, "TRANSITION_REFUSED") && /created.*published/.test(error.message),
      );
      const states = (await executions.list({})).items.map(({ state }) => state);
      assert.deepEqual(states, ["created", "created"]);
      await assert.rejects(
        executions.transition(transitionsAlong("ZZZZ" as Rid, ["created", "failed"])),
        (error) => isAlmanacError(error, "UNKNOWN_NAME"),
      );
    },
  );

  withCatalog("an execution that is not the latest changes neither flag nor current", async (executions) => {
    const old = await recordOne(executions, sampleDecision("A"));
    await executions.transition(
      transitionsAlong(old, ["created", "failed"], { failure: { ...systemFailure, class: "diagnostic" } }),
    );
    const next = await recordOne(
      executions,
      sampleDecision("A", { reasons: [{ code: "rerun-failed", message: "again", execution: old }] }),
    );
    await executions.transition(
      transitionsAlong(next, ["created", "aborted"], { dirty: { value: true, reason: "mine" } }),
    );
    await executions.transition(
      transitionsAlong(old, ["failed", "publishing", "published"], { dirty: { value: false } }),
    );
    const group = await executions.group((await executions.execution(old))?.group as Rid);
    assert.deepEqual([group?.dirty, group?.dirtyReason, group?.current], [true, "mine", undefined]);
  });

  withCatalog("a failed execution is not published again beside a live one", async (executions) => {
    const old = await recordOne(executions, sampleDecision("A"));
    await executions.transition(transitionsAlong(old, ["created", "failed"], { failure: systemFailure }));
    assert.deepEqual((await executions.execution(old))?.failure, systemFailure);
    await recordOne(
      executions,
      sampleDecision("A", { reasons: [{ code: "dirty", message: "", execution: old }] }),
    );
    await assert.rejects(executions.transition(transitionsAlong(old, ["failed", "publishing"])), (error) =>
      isAlmanacError(error, "CONFLICT"),
    );
  });
}

function testGroups(withCatalog: WithCatalog): void {
  withCatalog("flags of groups change together", async (executions) => {
    const first = await publishOne(executions, sampleDecision("A"));
    const second = await publishOne(executions, sampleDecision("A", changed(first)));
    const group = (await executions.execution(second))?.group as Rid;
    await executions.flag([
      { group, current: first, orphaned: true },
      { group, dirty: { value: true, reason: "asked" } },
    ]);
    const flagged = await executions.group(group);
    assert.deepEqual(
      [flagged?.current, flagged?.orphaned, flagged?.dirty, flagged?.dirtyReason],
      [first, true, true, "asked"],
    );
    assert.equal((await executions.groups({ dirty: false })).total, 0);
    assert.equal((await executions.groups({ orphaned: true })).total, 1);
    await executions.flag([{ group, dirty: { value: false }, orphaned: false }]);
    assert.equal((await executions.groups({ dirty: true })).total, 0);
    assert.equal((await executions.groups({ orphaned: true })).total, 0);
  });

  withCatalog("groups are listed in order and filtered by parts of names", async (executions) => {
    for (const [provider, source] of [
      ["b", "A"],
      ["a", "B"],
      ["a", "A"],
    ] as const)
      await recordOne(executions, sampleDecision(source, { provider }));
    const keys = async (query: Parameters<ExecutionCatalog["groups"]>[0]) =>
      (await executions.groups(query)).items.map(({ provider, key }) => `${provider} ${key}`);
    assert.deepEqual(await keys({}), ["a cmip6_A", "a cmip6_B", "b cmip6_A"]);
    assert.deepEqual(await keys({ provider: ["A"], diagnostic: ["EA", "x"] }), ["a cmip6_A", "a cmip6_B"]);
    assert.deepEqual(await keys({ diagnostic: ["%"] }), []);
    assert.deepEqual(await keys({ provider: ["A"], exactNames: true }), []);
    assert.deepEqual(await keys({ provider: ["a"], diagnostic: ["mean"], exactNames: true }), [
      "a cmip6_A",
      "a cmip6_B",
    ]);
    assert.deepEqual(await keys({ selection: ["source_id=A"] }), ["a cmip6_A", "b cmip6_A"]);
    assert.deepEqual(await keys({ selection: ["cmip6.source_id!=A"] }), ["a cmip6_B"]);
    assert.deepEqual(await keys({ selection: ["source_id=?", "obs4mips.source_id!=A"] }), await keys({}));
    assert.deepEqual(await keys({ selection: ["obs4mips.source_id=A"] }), []);
    assert.deepEqual(await keys({ diagnostic: [], offset: 1, limit: 1 }), ["a cmip6_B"]);
  });
}

function testReading(withCatalog: WithCatalog): void {
  withCatalog("the history of some groups is that part of the whole", async (executions) => {
    await publishOne(executions, sampleDecision("A"));
    await recordOne(executions, sampleDecision("B"));
    await recordOne(executions, sampleDecision("C", { diagnostic: "other" }));
    const all = await executions.history(() => true);
    const [a, b] = all.groups;
    const { provider = "", diagnostic = "", version = 0, selectorDigest = "" } = b ?? {};
    const name = { provider, diagnostic, version, selectorDigest };
    const missing = { ...name, selectorDigest: "of no group" };
    const some = await executions.history(() => true, [name, missing]);
    assert.equal(some.mark, all.mark);
    assert.deepEqual(some.groups, [b]);
    const ofOne = await executions.history(() => true, [{ provider, diagnostic }, name]);
    assert.deepEqual(ofOne.groups, [a, b]);
    assert.deepEqual((await executions.history(() => true, [])).groups, []);
  });

  withCatalog(
    "the mark of the history moves with every change of groups and executions",
    async (executions) => {
      const marks = [await executions.historyMark()];
      const rid = await recordOne(executions, sampleDecision("A"));
      marks.push(await executions.historyMark());
      await executions.transition(transitionsAlong(rid, pathToPublished, { owner: null }));
      const { groups, mark } = await executions.history(() => false);
      marks.push(mark ?? "");
      await executions.flag([{ group: groups[0]?.rid as Rid, dirty: { value: true } }]);
      marks.push(await executions.historyMark());
      assert.equal(new Set(marks).size, marks.length);
      await executions.list({});
      assert.equal(await executions.historyMark(), marks.at(-1));
    },
  );

  withCatalog("history tells the solver what each group has been through", async (executions) => {
    const first = await publishOne(executions, sampleDecision("A"));
    const live = await recordOne(executions, sampleDecision("A", changed(first)));
    const asked: unknown[] = [];
    const { groups } = await executions.history((owner) => asked.push(owner) > 0);
    assert.deepEqual(asked, [sampleOwner]);
    const [group] = groups;
    assert.deepEqual([group?.dirty, group?.current, group?.selectorDigest], [true, first, "selector-A"]);
    assert.deepEqual(
      group?.executions.map(({ rid, state, alive, fingerprint }) => [rid, state, alive, fingerprint]),
      [
        [first, "published", false, "fingerprint-A"],
        [live, "created", true, "other"],
      ],
    );
    assert.deepEqual(group?.executions[1]?.datasets, { "CMIP6.A.v1": ["t:CMIP6.A.v1:1"] });
    assert.equal(group?.executions[1]?.parametersDigest, "parameters");
  });

  withCatalog("system failures are counted per fingerprint and can be forgiven", async (executions) => {
    let last: Rid | undefined;
    const fail = async (fingerprint: string): Promise<void> => {
      const reasons = last === undefined ? {} : changed(last, fingerprint);
      last = await recordOne(executions, sampleDecision("A", { ...reasons, fingerprint }));
      await executions.transition(transitionsAlong(last, ["created", "failed"], { failure: systemFailure }));
    };
    const failures = async () => (await executions.history(() => true)).groups[0]?.systemFailures;
    await fail("x");
    await fail("x");
    assert.equal(await failures(), 2);
    await fail("y");
    assert.equal(await failures(), 1);
    const group = (await executions.execution(last as unknown as Rid))?.group as Rid;
    await executions.flag([{ group, resetFailures: true }]);
    assert.equal(await failures(), 0);
    await fail("y");
    assert.equal(await failures(), 1);
  });

  withCatalog("executions are listed newest first, by state, name and RID", async (executions) => {
    const first = await publishOne(executions, sampleDecision("A"));
    const second = await recordOne(executions, sampleDecision("B"));
    const rids = async (query: Parameters<ExecutionCatalog["list"]>[0]) =>
      (await executions.list(query)).items.map(({ rid }) => rid);
    assert.deepEqual(await rids({}), [second, first]);
    assert.deepEqual(await rids({ states: ["published"] }), [first]);
    assert.deepEqual(await rids({ provider: ["LIM"], limit: 1 }), [second]);
    assert.deepEqual(await rids({ rids: [first] }), [first]);
    assert.deepEqual(await rids({ rids: [] }), []);
    assert.deepEqual(await rids({ diagnostic: ["nothing"] }), []);
    const [listed] = (await executions.list({ rids: [second] })).items;
    assert.deepEqual([listed?.provider, listed?.diagnostic, listed?.key], ["climate", "mean", "cmip6_B"]);
    assert.deepEqual(await rids({ selection: ["source_id=B"] }), [second]);
    assert.equal(await executions.execution("ZZZZ" as Rid), undefined);
    assert.equal(await executions.group("climate/mean/none"), undefined);
  });
}
