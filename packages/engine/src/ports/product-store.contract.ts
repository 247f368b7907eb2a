import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isAlmanacError } from "../core/errors.ts";
import type { ActionRecord, Output } from "../core/steps/action.ts";
import { keyOf, ownDigest, type StepFacts } from "../core/steps/key.ts";
import { type Reading, shapeDigest, shapeOf } from "../core/steps/reading.ts";
import type { OpenProductStore, ProductStore } from "./product-store.ts";

/** A new, empty store for one test. */
export interface ProductStoreUnderTest {
  readonly store: ProductStore;
  close(): Promise<void> | void;
}

const facts: StepFacts = {
  name: "pipe/mesh",
  produces: ["mesh"],
  code: "version:1",
  files: [],
  environment: [],
  captures: [],
  seed: undefined,
  codecs: [],
  unfollowed: [],
};

/** A record of the step `pipe/mesh` (or another) that read `x`. */
export function recordOf(x: string, outputs: readonly Output[], step = facts.name): ActionRecord {
  const readings: readonly Reading[] = [["x", "value", x]];
  const own = ownDigest({ ...facts, name: step }, readings);
  return {
    key: keyOf(own, []),
    step,
    own,
    shape: shapeDigest(shapeOf(readings)),
    outputs,
    ingredients: { code: facts.code, readings, requires: [] },
    provenance: {
      at: `2026-01-0${x}T00:00:00.000Z`,
      durationMs: 5,
      build: "b",
      reasons: [{ code: "first-time" }],
    },
  };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function putText(open: OpenProductStore, text: string): Promise<Output> {
  return open.put({ product: "mesh", codec: "text", encoded: { bytes: bytesOf(text) } });
}

type WithStore = (title: string, body: (store: ProductStore) => Promise<void>) => void;

/** Registers the tests that every `ProductStore` passes. @param make a new, empty store */
export function testProductStore(name: string, make: () => ProductStoreUnderTest): void {
  const withStore: WithStore = (title, body) => {
    test(title, async () => {
      const { store, close } = make();
      try {
        await body(store);
      } finally {
        await close();
      }
    });
  };
  describe(`product store: ${name}`, () => {
    testActions(withStore);
    testNotes(withStore);
    testLeases(withStore);
    testCollection(withStore);
    testSuperseded(withStore);
  });
}

function testActions(withStore: WithStore): void {
  withStore("what is not there is undefined or empty", async (store) => {
    const open = await store.open();
    const { history } = open;
    assert.equal(history.action("00".repeat(32)), undefined);
    assert.equal(history.current("pipe/mesh"), undefined);
    assert.deepEqual(history.shapes("pipe/mesh"), []);
    assert.deepEqual(history.recent("pipe/mesh", 5), []);
    assert.equal(history.saved("mesh"), undefined);
    assert.deepEqual(open.products({ all: true }), []);
    await open.close();
  });
  withStore("an action is found by key, by step, with all that was recorded", async (store) => {
    const open = await store.open();
    const output = await putText(open, "round");
    const record = recordOf("1", [output]);
    open.record(record);
    const action = open.history.action(record.key);
    assert.deepEqual(action?.outputs, [output]);
    assert.equal(open.history.holds(output), true);
    assert.deepEqual(new Uint8Array(await open.bytes(output)), bytesOf("round"));
    const found = open.history.record(action ?? { key: "", outputs: [], ordinal: -1 });
    assert.deepEqual(found.ingredients, record.ingredients);
    assert.deepEqual(found.provenance, record.provenance);
    assert.deepEqual(open.history.shapes("pipe/mesh"), [[["x", "value"]]]);
    await open.close();
  });
  withStore("names point at the latest action, or at the one that was pointed at", async (store) => {
    const open = await store.open();
    const [first, second] = [
      recordOf("1", [await putText(open, "1")]),
      recordOf("2", [await putText(open, "2")]),
    ];
    open.record(first);
    open.record(second);
    assert.equal(open.history.current("pipe/mesh")?.key, second.key);
    open.note({ kind: "current", step: "pipe/mesh", key: first.key });
    assert.equal(open.history.current("pipe/mesh")?.key, first.key);
    assert.deepEqual(
      open.history.recent("pipe/mesh", 5).map(({ key }) => key),
      [second.key, first.key],
    );
    assert.deepEqual(
      open.history.withOwn("pipe/mesh", first.own).map(({ key }) => key),
      [first.key],
    );
    await open.close();
  });
  withStore(
    "large bytes come back as they were; equal bytes of two codecs are two products",
    async (store) => {
      const open = await store.open();
      const bytes = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 251);
      const one = await open.put({ product: "a", codec: "bytes", encoded: { bytes } });
      const two = await open.put({ product: "a", codec: "other", encoded: { bytes } });
      assert.notEqual(one.digest, two.digest);
      assert.deepEqual(new Uint8Array(await open.bytes(one)), bytes);
      assert.equal(one.bytes, bytes.length);
      await open.close();
    },
  );
}

function testNotes(withStore: WithStore): void {
  withStore("an invalidated step has no actions until it acts again", async (store) => {
    const open = await store.open();
    const record = recordOf("1", [await putText(open, "1")]);
    open.record(record);
    open.note({ kind: "invalidated", step: "pipe/mesh", at: "2026-01-02", message: "by hand" });
    assert.equal(open.history.action(record.key), undefined);
    assert.equal(open.history.current("pipe/mesh"), undefined);
    assert.equal(open.history.invalidation("pipe/mesh")?.message, "by hand");
    open.record(record);
    assert.equal(open.history.action(record.key)?.key, record.key);
    assert.equal(open.history.invalidation("pipe/mesh"), undefined);
    await open.close();
  });
  withStore("a failure is known until the step acts", async (store) => {
    const open = await store.open();
    open.note({ kind: "failed", step: "pipe/mesh", at: "2026-01-02", message: "boom" });
    assert.equal(open.history.failure("pipe/mesh")?.message, "boom");
    open.record(recordOf("1", [await putText(open, "1")]));
    assert.equal(open.history.failure("pipe/mesh"), undefined);
    await open.close();
  });
  withStore("saved products, pins, codes and accepted changes", async (store) => {
    const open = await store.open();
    const output = await putText(open, "by hand");
    open.note({ kind: "saved", output, at: "2026-01-02" });
    assert.deepEqual(open.history.saved("mesh"), output);
    open.note({ kind: "removed", product: "mesh" });
    assert.equal(open.history.saved("mesh"), undefined);
    const code = { digest: "d", functions: [], packages: [], unfollowed: [] };
    open.note({ kind: "code", facts: code });
    assert.deepEqual(open.history.code("d"), code);
    const change = { step: "s", note: "n", at: "2026-01-02", reverted: false };
    open.note({ kind: "accepted", ...change, from: "a", to: "b" });
    open.note({ kind: "accepted", ...change, from: "b", to: "c" });
    assert.equal(open.history.acceptedCode("s", "c"), "a");
    assert.equal(open.history.acceptedCode("other", "c"), "c");
    open.note({ kind: "accepted", ...change, from: "b", to: "c", reverted: true });
    assert.equal(open.history.acceptedCode("s", "c"), "c");
    open.note({ kind: "pinned", product: "mesh", key: "k", note: "" });
    assert.deepEqual(
      open.pins().map(({ product }) => product),
      ["mesh"],
    );
    open.note({ kind: "unpinned", product: "mesh" });
    assert.deepEqual(open.pins(), []);
    await open.close();
  });
}

function testLeases(withStore: WithStore): void {
  withStore("a lease is held by one until it is released", async (store) => {
    const open = await store.open();
    const lease = open.lease("a");
    assert.notEqual(lease, undefined);
    assert.equal(open.lease("a"), undefined);
    assert.notEqual(open.lease("b"), undefined);
    lease?.release();
    assert.notEqual(open.lease("a"), undefined);
    await open.close();
  });
}

function testCollection(withStore: WithStore): void {
  withStore(
    "collection keeps what is current, pinned, young or saved; a dry run only tells",
    async (store) => {
      const open = await store.open();
      const records: ActionRecord[] = [];
      for (const x of ["1", "2", "3", "4"]) {
        const record = recordOf(x, [await putText(open, x.repeat(10))]);
        records.push(record);
        open.record(record);
      }
      open.note({ kind: "saved", output: await putText(open, "by hand"), at: "2026-01-01" });
      open.note({ kind: "pinned", product: "mesh", key: records[0]?.key ?? "", note: "" });
      await open.close();
      const told = await store.collect({ dryRun: true });
      assert.equal(told.removed.length, 2);
      assert.equal(told.freedBytes, 20);
      assert.equal(told.recomputeMs, 10);
      assert.equal((await store.collect({ dryRun: true, keepSince: "2026-01-03" })).removed.length, 1);
      assert.equal((await store.collect({ dryRun: true, keepLast: 4 })).removed.length, 0);
      assert.equal((await store.collect({ dryRun: true, maxBytes: 40 })).removed.length, 1);
      assert.equal((await store.collect({ dryRun: false })).removed.length, 2);
      const after = await store.open();
      const kept = records.map(({ key }) => after.history.action(key) !== undefined);
      assert.deepEqual(kept, [true, false, false, true]);
      assert.equal(after.history.current("pipe/mesh")?.key, records[3]?.key);
      const [output] = after.history.action(records[0]?.key ?? "")?.outputs ?? [];
      assert.notEqual(output, undefined);
      if (output !== undefined)
        assert.deepEqual(new Uint8Array(await after.bytes(output)), bytesOf("1111111111"));
      const saved = after.history.saved("mesh");
      if (saved !== undefined) assert.deepEqual(new Uint8Array(await after.bytes(saved)), bytesOf("by hand"));
      assert.notEqual(saved, undefined);
      await after.close();
    },
  );
}

function testSuperseded(withStore: WithStore): void {
  withStore(
    "what was recorded anew under its key is stored once, and collection frees the rest",
    async (store) => {
      const open = await store.open();
      const [first, second] = [await putText(open, "a".repeat(5000)), await putText(open, "b".repeat(6000))];
      open.record(recordOf("1", [first]));
      open.record(recordOf("1", [second]));
      assert.deepEqual(
        open.products({ all: true }).map(({ output }) => output.digest),
        [second.digest],
      );
      await open.close();
      assert.equal((await store.collect({ dryRun: true })).freedBytes, 5000);
      assert.equal((await store.collect({ dryRun: false })).freedBytes, 5000);
      assert.equal((await store.collect({ dryRun: true })).freedBytes, 0);
      const after = await store.open();
      assert.equal(after.history.holds(first), false);
      const [kept] = after.history.action(recordOf("1", []).key)?.outputs ?? [];
      assert.equal(kept?.digest, second.digest);
      assert.equal((await after.bytes(kept ?? second)).length, 6000);
      await after.close();
    },
  );
}

/** True for the error of bytes that are missing or altered. */
export function isDamage(error: unknown): boolean {
  return isAlmanacError(error, "PRODUCT_DAMAGED");
}
