import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { isAlmanacError } from "../../core/errors.ts";
import type { Output } from "../../core/steps/action.ts";
import { isDamage, recordOf, testProductStore } from "../../ports/product-store.contract.ts";
import type { OpenProductStore } from "../../ports/product-store.ts";
import { createProductFolder } from "./product-folder.ts";
import type { Owners } from "./sessions.ts";

/** This process lives; others do when their number is even. */
const owners: Owners = {
  identify: (pid) => ({ host: "here", bootId: "b", pid, startTicks: 1 }),
  isAlive: ({ pid }) => pid === process.pid || pid % 2 === 0,
};

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-products-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

testProductStore("folder", () => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-products-"));
  return {
    store: createProductFolder(folder, { owners }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
});

async function withActions(folder: string, texts: readonly string[]): Promise<readonly Output[]> {
  const open = await createProductFolder(folder, { owners }).open();
  const outputs: Output[] = [];
  for (const [at, text] of texts.entries()) {
    const output = await open.put({ product: "mesh", codec: "text", encoded: { bytes: Buffer.from(text) } });
    outputs.push(output);
    open.record(recordOf(String(at + 1), [output], `pipe/${at}`));
  }
  await open.close();
  return outputs;
}

async function inFolder<T>(folder: string, body: (open: OpenProductStore) => T | Promise<T>): Promise<T> {
  const open = await createProductFolder(folder, { owners }).open();
  try {
    return await body(open);
  } finally {
    await open.close();
  }
}

test("what one writes, another that is open already sees after a refresh", async (t) => {
  const folder = folderOf(t);
  const one = await createProductFolder(folder, { owners }).open();
  const two = await createProductFolder(folder, { owners }).open();
  const record = recordOf("1", [
    await one.put({ product: "a", codec: "text", encoded: { bytes: Buffer.from("x") } }),
  ]);
  one.record(record);
  two.refresh();
  const [output] = two.history.action(record.key)?.outputs ?? [];
  assert.ok(output);
  assert.equal(Buffer.from(await two.bytes(output)).toString(), "x");
  const lease = one.lease("a");
  assert.equal(two.lease("a"), undefined);
  lease?.release();
  assert.ok(two.lease("a"));
  await one.close();
  await two.close();
});

test("a torn tail of a log loses nothing before it and nothing after it", async (t) => {
  const folder = folderOf(t);
  await withActions(folder, ["first", "second"]);
  const log = join(folder, "g1", "actions.log");
  const whole = readFileSync(log);
  for (const cut of [1, 5, 12, 40, 200]) {
    writeFileSync(log, whole.subarray(0, whole.length - cut));
    await inFolder(folder, async (open) => {
      assert.ok(open.history.current("pipe/0"), `cut ${cut}`);
      assert.equal(open.history.current("pipe/1"), undefined, `cut ${cut}`);
      open.record(recordOf("3", [], "pipe/after"));
    });
    await inFolder(folder, (open) => assert.ok(open.history.current("pipe/after"), `cut ${cut}`));
  }
});

test("a flipped bit anywhere loses at most what it hit, and never gives other bytes", async (t) => {
  const folder = folderOf(t);
  const texts = ["small", "large ".repeat(2000)];
  const outputs = await withActions(folder, texts);
  const files = [
    "g1/actions.log",
    "g1/small.log",
    `blobs/${outputs[1]?.sha256?.slice(0, 2)}/${outputs[1]?.sha256}`,
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...files), fc.nat(), fc.nat(7), async (name, position, bit) => {
      const file = join(folder, name);
      const whole = readFileSync(file);
      const damaged = Buffer.from(whole);
      const at = position % whole.length;
      damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
      writeFileSync(file, damaged);
      try {
        await inFolder(folder, async (open) => {
          let found = 0;
          for (const [number, text] of texts.entries()) {
            const [output] = open.history.current(`pipe/${number}`)?.outputs ?? [];
            if (output === undefined) continue;
            const bytes = await open.bytes(output).catch((error: unknown) => {
              if (!isDamage(error)) throw error;
              return undefined;
            });
            if (bytes === undefined) continue;
            found++;
            assert.equal(Buffer.from(bytes).toString(), text);
          }
          assert.ok(found >= 1, "the other one is left");
        });
      } finally {
        writeFileSync(file, whole);
      }
    }),
    { numRuns: 150 },
  );
});

test("a missing blob is no hit; rubbish in a log is passed over", async (t) => {
  const folder = folderOf(t);
  const [output] = await withActions(folder, ["x".repeat(10_000)]);
  assert.ok(output?.sha256);
  rmSync(join(folder, "blobs", output.sha256.slice(0, 2), output.sha256));
  appendFileSync(join(folder, "g1", "actions.log"), "rubbish ALM\u0001 more");
  await inFolder(folder, async (open) => {
    assert.equal(open.history.holds(output), false);
    await assert.rejects(open.bytes(output), isDamage);
    open.record(recordOf("2", [], "pipe/later"));
    assert.ok(open.history.current("pipe/later"));
  });
});

test("a dead session's lease is taken, a living one's is not", async (t) => {
  const folder = folderOf(t);
  const as = (pid: number): Owners => ({
    identify: () => ({ host: "here", bootId: "b", pid, startTicks: 1 }),
    isAlive: owners.isAlive,
  });
  const dead = await createProductFolder(folder, { owners: as(7) }).open();
  assert.ok(dead.lease("of the dead"));
  const alive = await createProductFolder(folder, { owners: as(8) }).open();
  // It was only taken for dead: it goes on.
  assert.ok(dead.lease("of the one that was taken for dead"));
  assert.ok(alive.lease("of the living"));
  await inFolder(folder, (open) => {
    assert.ok(open.lease("of the dead"));
    assert.equal(open.lease("of the living"), undefined);
  });
  const report = await createProductFolder(folder, { owners }).collect({ dryRun: false });
  assert.match(report.postponed ?? "", /other processes/);
  await alive.close();
  assert.equal(
    (await createProductFolder(folder, { owners }).collect({ dryRun: false })).postponed,
    undefined,
  );
});

test("collection removes blobs that nothing refers to, and the old logs", async (t) => {
  const folder = folderOf(t);
  const store = createProductFolder(folder, { owners });
  for (const text of ["a", "b", "c"]) {
    const open = await store.open();
    const output = await open.put({
      product: "mesh",
      codec: "text",
      encoded: { bytes: Buffer.from(text.repeat(9999)) },
    });
    open.record(recordOf(String("abc".indexOf(text) + 1), [output]));
    await open.close();
  }
  assert.equal((await store.collect({ dryRun: false })).freedBytes, 2 * 9999);
  assert.deepEqual(readdirSync(folder).sort(), ["CURRENT", "blobs", "g2", "leases", "sessions"]);
  assert.equal(
    readdirSync(join(folder, "blobs"), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    ).length,
    1,
  );
});

test("a folder that cannot be used, and one of a newer form, say so", async (t) => {
  const folder = folderOf(t);
  writeFileSync(join(folder, "CURRENT"), "products-9 g1\n");
  await assert.rejects(createProductFolder(folder, { owners }).open(), (error) =>
    isAlmanacError(error, "DOCUMENT_INVALID"),
  );
  const file = join(folder, "file");
  writeFileSync(file, "");
  await assert.rejects(createProductFolder(join(file, "inside"), { owners }).open(), (error) =>
    isAlmanacError(error, "STORE_UNAVAILABLE"),
  );
});

test("a folder that must not be written says so", {
  skip: process.getuid?.() === 0 && "root may write anywhere",
}, async (t) => {
  const folder = folderOf(t);
  chmodSync(folder, 0o500);
  await assert.rejects(createProductFolder(folder, { owners }).open(), (error) =>
    isAlmanacError(error, "STORE_UNAVAILABLE"),
  );
});
