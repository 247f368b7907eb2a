import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type AlmanacError, isAlmanacError } from "../../core/errors.ts";
import { type Codec, openProducts, pipeline, type StepEvent, WorkflowRunner } from "./steps.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-failures-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const failing = () =>
  pipeline("p", { config: { broken: true } })
    .step("a", { produces: "a", version: "1", run: () => 1 })
    .step("b", {
      produces: "b",
      requires: ["a"],
      version: "1",
      run: ({ config, a }) => {
        if (config.broken) throw new TypeError("boom");
        return a + 1;
      },
    })
    .step("c", { produces: "c", requires: ["b"], version: "1", run: ({ b }) => b + 1 })
    .step("d", { produces: "d", requires: ["a"], version: "1", run: ({ a }) => a + 10 });

function codeOf(error: unknown): string {
  return isAlmanacError(error) ? error.code : String(error);
}

describe("failures", () => {
  test("the error names step and requirers and keeps the cause; what was stored stays", async (t) => {
    const folder = folderOf(t);
    {
      await using runner = new WorkflowRunner(failing(), {}, openProducts(folder));
      await assert.rejects(runner.get("c"), (error) => {
        assert.ok(isAlmanacError(error, "STEP_FAILED"));
        assert.match(error.message, /step "b" failed, needed by c: boom/);
        assert.deepEqual(error.facts["requirers"], ["c"]);
        assert.ok(error.cause instanceof TypeError);
        return true;
      });
      assert.equal(await runner.status("a"), "cached");
    }
    await using runner = new WorkflowRunner(failing(), {}, openProducts(folder));
    const [planned] = (await runner.plan(["b"])).filter(({ step }) => step === "b");
    assert.deepEqual(
      planned?.reasons.map(({ code }) => code),
      ["first-time", "failed-last-time"],
    );
    await using repaired = new WorkflowRunner(failing(), { broken: false }, openProducts(folder));
    assert.equal(await repaired.get("c"), 3);
  });

  test("keep-going makes everything that does not depend on the failure", async () => {
    const runner = new WorkflowRunner(failing());
    const report = await runner.buildProducts(["c", "d"], { keepGoing: true });
    assert.deepEqual([...report.ran].sort(), ["a", "d"]);
    assert.deepEqual(
      report.failures.map(({ step, root }) => [step, root]),
      [
        ["b", "b"],
        ["c", "b"],
      ],
    );
  });

  test("an item that fails ends the map step when those beside it have ended; no others begin", async () => {
    let begun = 0;
    let ended = 0;
    const made = pipeline("p")
      .step("numbers", { produces: "numbers", version: "1", run: () => [...Array(20).keys()] })
      .map("slow", {
        over: "numbers",
        produces: "slow",
        version: "1",
        item: async ({ item }) => {
          begun++;
          if (item === 0) throw new Error("no");
          await new Promise((resolve) => setTimeout(resolve, 20));
          return ended++;
        },
      });
    const runner = new WorkflowRunner(made, {}, undefined, { jobs: 4 });
    await assert.rejects(runner.get("slow"), /item .* of step "slow" failed.*: no/);
    assert.deepEqual([begun, ended], [4, 3]);
  });

  test("items without canonical form, and counts that are none, are errors that say which", async () => {
    const made = pipeline("p")
      .step("functions", { produces: "functions", version: "1", run: () => [1, () => 1] })
      .map("called", { over: "functions", produces: "called", version: "1", item: ({ item }) => item });
    await assert.rejects(
      new WorkflowRunner(made).get("called"),
      (error) => codeOf(error) === "VALUE_UNHASHABLE" && /step "called".*item 1 /.test(String(error)),
    );
    for (const jobs of [0, -1, 1.5, Number.NaN])
      await assert.rejects(
        new WorkflowRunner(made).buildProducts(["functions"], { jobs }),
        (error) => codeOf(error) === "USAGE",
      );
    assert.throws(
      () => pipeline("p").step("a", { version: "1", retries: Number.NaN, run: () => 1 }),
      (error) => codeOf(error) === "PIPELINE_INVALID",
    );
  });

  test("retries: the attempt is told and is not part of the key", async (t) => {
    const folder = folderOf(t);
    let left = 2;
    const made = pipeline("p").step("a", {
      produces: "a",
      version: "1",
      retries: 2,
      run: (_, { attempt }) => {
        if (left-- > 0) throw new Error(`attempt ${attempt}`);
        return attempt;
      },
    });
    await using runner = new WorkflowRunner(made, {}, openProducts(folder));
    const retrying: StepEvent[] = [];
    runner.observe((event) => event.kind === "retrying" && retrying.push(event));
    assert.equal(await runner.get("a"), 3);
    assert.equal(retrying.length, 2);
    await using other = new WorkflowRunner(made, {}, openProducts(folder));
    assert.equal(await other.get("a"), 3);
    left = 9;
    await assert.rejects(other.rebuild("a"), /failed 3 times/);
  });

  test("a result of the wrong shape names the step, what it declared and what it returned", async () => {
    const returned: unknown[] = [{ x: 1 }, { x: 1, y: 2, z: 3 }, [1], undefined, 5, "xy", [1, 2, 3]];
    for (const value of returned) {
      const made = pipeline("p").step("two", {
        produces: ["x", "y"],
        version: "1",
        run: () => value as object,
      });
      await assert.rejects(new WorkflowRunner(made).get("x"), (error) => {
        assert.equal(codeOf(error), "STEP_RESULT_INVALID");
        assert.match((error as AlmanacError).message, /step "two" produces x, y but returned /);
        return true;
      });
    }
    const list = pipeline("p").step("two", { produces: ["x", "y"], version: "1", run: () => [1, 2] });
    assert.equal(await new WorkflowRunner(list).get("y"), 2);
    const one = pipeline("p").step("one", { produces: ["x"], version: "1", run: () => [1, 2] });
    assert.deepEqual(await new WorkflowRunner(one).get("x"), [1, 2]);
  });

  test("stopping a build keeps what was stored; the next goes on", async (t) => {
    const folder = folderOf(t);
    const stop = new AbortController();
    let slow = true;
    const made = pipeline("p")
      .step("a", { produces: "a", version: "1", run: () => 1 })
      .step("b", {
        produces: "b",
        requires: ["a"],
        version: "1",
        run: async ({ a }, { signal }) => {
          if (slow) {
            stop.abort();
            await wait(10_000, undefined, { signal });
          }
          return a + 1;
        },
      });
    await using runner = new WorkflowRunner(made, {}, openProducts(folder));
    await assert.rejects(
      runner.get("b", { signal: stop.signal }),
      (error) => codeOf(error) === "INTERRUPTED",
    );
    slow = false;
    const { ran } = await runner.buildProducts(["b"]);
    assert.deepEqual(ran, ["b"]);
  });
});

describe("products that cannot be had", () => {
  const large = "x".repeat(10_000);
  const made = () =>
    pipeline("p")
      .step("a", { produces: "a", version: "1", run: () => large })
      .step("b", { produces: "b", requires: ["a"], version: "1", run: ({ a }) => a.length });

  function blobs(folder: string): string[] {
    return readdirSync(join(folder, "blobs"), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => join(each.parentPath, each.name));
  }

  test("a deleted blob: made again, the reason is told, nothing else runs", async (t) => {
    const folder = folderOf(t);
    {
      await using runner = new WorkflowRunner(made(), {}, openProducts(folder));
      await runner.get("b");
    }
    for (const file of blobs(folder)) rmSync(file);
    await using runner = new WorkflowRunner(made(), {}, openProducts(folder));
    assert.equal(await runner.get("b"), 10_000, "not needed for what is stored");
    assert.deepEqual(
      (await runner.plan(["a"])).map(({ reasons }) => reasons),
      [[{ code: "output-missing", product: "a" }]],
    );
    assert.equal(await runner.get("a"), large);
    assert.deepEqual((await runner.buildProducts(["b"])).ran, []);
  });

  test("a flipped bit: made again with an event and the reason, never the wrong bytes", async (t) => {
    const folder = folderOf(t);
    {
      await using runner = new WorkflowRunner(made(), {}, openProducts(folder));
      await runner.get("b");
    }
    const [file = ""] = blobs(folder);
    const bytes = readFileSync(file);
    bytes[5000] = (bytes[5000] ?? 0) ^ 4;
    writeFileSync(file, bytes);
    await using runner = new WorkflowRunner(made(), {}, openProducts(folder));
    const events: StepEvent[] = [];
    runner.observe((event) => events.push(event));
    assert.equal(await runner.get("a"), large);
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ["load-failed", "building", "built", "cached"],
    );
    const building = events[1];
    assert.ok(building?.kind === "building" && building.reasons[0]?.code === "output-altered");
  });

  test("a damaged requirement of a step that runs is made again first", async (t) => {
    const folder = folderOf(t);
    const two = (version: string) =>
      made().step("c", { produces: "c", requires: ["a"], version, run: ({ a }) => a.slice(0, 3) });
    {
      await using runner = new WorkflowRunner(two("1"), {}, openProducts(folder));
      await runner.buildAll();
    }
    const [file = ""] = blobs(folder);
    writeFileSync(file, large.replace("x", "y"));
    await using runner = new WorkflowRunner(two("2"), {}, openProducts(folder));
    assert.equal(await runner.get("c"), "xxx");
  });

  test("a codec that throws while encoding is an error that names the product; nothing is stored", async (t) => {
    const folder = folderOf(t);
    const codec: Codec = {
      name: "bad",
      accepts: (value) => value === 1,
      encode: () => {
        throw new Error("no");
      },
      decode: () => 1,
    };
    const unsure: Codec = {
      ...codec,
      accepts: () => {
        throw new Error("no");
      },
    };
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    let deep: unknown = 1;
    for (let depth = 0; depth < 1e5; depth++) deep = [deep];
    for (const [value, codecs] of [
      [1, { a: codec }],
      [1, { a: unsure }],
      [circle, {}],
      [deep, {}],
    ] as const) {
      const one = pipeline("p").step("a", {
        produces: "a",
        version: "1",
        codecs,
        run: () => value,
      });
      await using runner = new WorkflowRunner(one, {}, openProducts(folder));
      await assert.rejects(
        runner.get("a"),
        (error) => codeOf(error) === "CODEC_FAILED" && /product "a" of step "a"/.test(String(error)),
      );
      assert.equal(await runner.has("a"), false);
    }
  });

  test("a codec that returns something else than bytes, or files outside, is told; nothing is stored", async (t) => {
    for (const [encoded, fault] of [
      [undefined, /is to return \{ bytes \}/],
      ["text", /is to return \{ bytes \}/],
      [{ bytes: new ArrayBuffer(3) }, /a Uint8Array/],
      [{ bytes: new Uint8Array(), files: [{ path: "../up", from: import.meta.filename }] }, /"\.\.\/up"/],
    ] as const) {
      const codec = { name: "odd", accepts: () => true, encode: () => encoded, decode: () => 1 };
      const one = pipeline("p").step("a", {
        produces: "a",
        version: "1",
        codecs: { a: codec as unknown as Codec },
        run: () => 1,
      });
      await using runner = new WorkflowRunner(one, {}, openProducts(folderOf(t)));
      await assert.rejects(
        runner.get("a"),
        (error) => codeOf(error) === "CODEC_FAILED" && fault.test(String(error)),
      );
      assert.deepEqual(await runner.list(), []);
    }
  });

  test("a codec that throws while decoding: made again; never loadable is still had from memory", async (t) => {
    const folder = folderOf(t);
    let works = true;
    let calls = 0;
    const codec: Codec = {
      name: "moody",
      accepts: (value) => typeof value === "number",
      encode: (value) => ({ bytes: Buffer.from(String(value)) }),
      decode: (bytes) => {
        if (!works) throw new Error("not today");
        return Number(Buffer.from(bytes).toString());
      },
    };
    const one = pipeline("p").step("a", {
      produces: "a",
      version: "1",
      codecs: { a: codec },
      run: () => ++calls,
    });
    const get = async (): Promise<unknown> => {
      await using runner = new WorkflowRunner(one, {}, openProducts(folder));
      return await runner.get("a");
    };
    assert.equal(await get(), 1);
    assert.equal(await get(), 1);
    works = false;
    assert.equal(await get(), 2);
  });

  test("a codec may need another product to decode", async (t) => {
    const folder = folderOf(t);
    interface Field {
      readonly on: readonly number[];
      readonly values: readonly number[];
    }
    const isField = (value: unknown): value is Field =>
      typeof value === "object" && value !== null && "on" in value;
    const codec: Codec = {
      name: "field",
      accepts: isField,
      encode: (value) => ({ bytes: Buffer.from(JSON.stringify((value as Field).values)) }),
      decode: async (bytes, { product }) => ({
        on: await product("mesh"),
        values: JSON.parse(Buffer.from(bytes).toString()) as number[],
      }),
    };
    const one = pipeline("p")
      .step("mesh", { produces: "mesh", version: "1", run: () => [0, 1] })
      .step("field", {
        produces: "field",
        requires: ["mesh"],
        version: "1",
        run: ({ mesh }): Field => ({ on: mesh, values: [5, 6] }),
      });
    for (let session = 0; session < 2; session++) {
      await using runner = new WorkflowRunner(one, {}, openProducts(folder), { codecs: [codec] });
      assert.deepEqual(await runner.get("field"), { on: [0, 1], values: [5, 6] });
    }
  });
});
