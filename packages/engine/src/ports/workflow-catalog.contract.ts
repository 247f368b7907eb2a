import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { WorkflowCatalog } from "./workflow-catalog.ts";

/** An empty catalog for one test, with the terms it begins with: `Notebook` and `Training`, `training` being a synonym. */
export interface WorkflowCatalogUnderTest {
  readonly workflows: WorkflowCatalog;
  close(): Promise<void>;
}

const at = "2026-01-01T00:00:00.000Z";
const identity = { name: "ecs", types: ["Training"], url: "https://x/1", checksum: "c1", description: "" };

type WithCatalog = (title: string, body: (workflows: WorkflowCatalog) => Promise<void>) => void;

/** Registers the tests that every `WorkflowCatalog` passes. @param open a catalog without workflows */
export function testWorkflowCatalog(name: string, open: () => Promise<WorkflowCatalogUnderTest>): void {
  const withCatalog: WithCatalog = (title, body) => {
    test(title, async () => {
      const catalog = await open();
      try {
        await body(catalog.workflows);
      } finally {
        await catalog.close();
      }
    });
  };
  describe(`workflow catalog: ${name}`, () => {
    testRegistering(withCatalog);
    testFinding(withCatalog);
    testTypes(withCatalog);
  });
}

function testRegistering(withCatalog: WithCatalog): void {
  withCatalog("one workflow for each URL and checksum; again, nothing of it changes", async (workflows) => {
    const first = await workflows.register({ ...identity, version: "v1" }, at);
    assert.deepEqual(first.remarks, []);
    const { rid } = first.workflow;
    assert.deepEqual(first.workflow, { ...identity, version: "v1", rid, createdAt: at, executions: 0 });
    const again = await workflows.register({ ...identity, name: "tcr", description: "other" }, at);
    assert.deepEqual(again.workflow, first.workflow);
    assert.match(again.remarks.join(), /"ecs", not "tcr"[\s\S]*description/);
    const other = await workflows.register({ ...identity, checksum: "c2" }, at);
    assert.notEqual(other.workflow.rid, rid);
  });
  withCatalog("a type that is no term registers nothing", async (workflows) => {
    const wrong = workflows.register({ ...identity, types: ["trainig"] }, at);
    await assert.rejects(wrong, (error) => {
      assert.ok(isAlmanacError(error, "UNKNOWN_NAME"));
      assert.match(error.message, /"trainig".*did you mean "Training"/);
      return true;
    });
    assert.equal((await workflows.list({})).total, 0);
  });
}

function testFinding(withCatalog: WithCatalog): void {
  withCatalog("by RID, URL, name and type; newest first", async (workflows) => {
    const rids: Rid[] = [];
    for (const [name, checksum, types] of [
      ["ECS one", "1", ["Training"]],
      ["tcr", "2", ["Notebook"]],
      ["ecs two", "3", []],
    ] as const)
      rids.push((await workflows.register({ ...identity, name, checksum, types }, at)).workflow.rid);
    const [one, two, three] = rids as [Rid, Rid, Rid];
    const found = async (query: Parameters<WorkflowCatalog["list"]>[0]) =>
      (await workflows.list(query)).items.map(({ rid }) => rid);
    assert.equal((await workflows.workflow(two))?.name, "tcr");
    assert.equal(await workflows.workflow("ZZZZ" as Rid), undefined);
    assert.deepEqual(await found({ url: identity.url }), [three, two, one]);
    assert.deepEqual(await found({ url: identity.url, checksum: "2" }), [two]);
    assert.deepEqual(await found({ url: "https://other" }), []);
    assert.deepEqual(await found({ name: ["ecs"] }), [three, one]);
    assert.deepEqual(await found({ type: ["Training", "Notebook"] }), [two, one]);
    const page = await workflows.list({ limit: 1, offset: 1 });
    assert.deepEqual([page.items.map(({ rid }) => rid), page.total], [[two], 3]);
  });
}

function testTypes(withCatalog: WithCatalog): void {
  withCatalog(
    "types: add and remove are idempotent, set replaces, synonyms are stored by name",
    async (workflows) => {
      const { rid } = (await workflows.register(identity, at)).workflow;
      const types = async () => (await workflows.workflow(rid))?.types;
      assert.deepEqual(await workflows.changeTypes(rid, { add: ["training", "Notebook"] }), [
        "Notebook",
        "Training",
      ]);
      assert.deepEqual(await workflows.changeTypes(rid, { add: ["Notebook"] }), ["Notebook", "Training"]);
      assert.deepEqual(await workflows.changeTypes(rid, { remove: ["training"] }), ["Notebook"]);
      assert.deepEqual(await workflows.changeTypes(rid, { remove: ["training"] }), ["Notebook"]);
      assert.deepEqual(await workflows.changeTypes(rid, { set: ["training"] }), ["Training"]);
      assert.deepEqual(await types(), ["Training"]);
      assert.deepEqual(await workflows.changeTypes(rid, { set: [] }), []);
    },
  );
  withCatalog("a wrong term changes nothing, whatever stands beside it", async (workflows) => {
    const { rid } = (await workflows.register(identity, at)).workflow;
    for (const change of [
      { set: ["Notebook", "wrong"] },
      { add: ["Notebook", "wrong"] },
      { remove: ["training", "wrong"] },
    ])
      await assert.rejects(workflows.changeTypes(rid, change), (error) =>
        isAlmanacError(error, "UNKNOWN_NAME"),
      );
    assert.deepEqual((await workflows.workflow(rid))?.types, ["Training"]);
  });
  withCatalog("a description is written; an unknown workflow is an error", async (workflows) => {
    const { rid } = (await workflows.register(identity, at)).workflow;
    await workflows.describe(rid, "**new**");
    assert.equal((await workflows.workflow(rid))?.description, "**new**");
    const none = "ZZZZ" as Rid;
    await assert.rejects(workflows.describe(none, "x"), (error) => isAlmanacError(error, "UNKNOWN_NAME"));
    await assert.rejects(workflows.changeTypes(none, { set: [] }), (error) =>
      isAlmanacError(error, "UNKNOWN_NAME"),
    );
  });
}
