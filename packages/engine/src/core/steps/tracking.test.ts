import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inspect } from "node:util";
import { isAlmanacError } from "../errors.ts";
import { pathSegment, pathSegments } from "./reading.ts";
import { readConfiguration } from "./seen.ts";
import { trackReads } from "./tracking.ts";

/** What a function is seen to read. */
function readingsOf<C>(configuration: C, read: (config: C) => unknown, uses?: readonly string[]) {
  const tracked = trackReads(configuration, { step: "s", ...(uses === undefined ? {} : { uses }) });
  read(tracked.configuration as C);
  return tracked.readings();
}

const config = Object.freeze({
  size: 2,
  name: "a",
  plot: Object.freeze({ colour: "red", levels: [1, 2, 3] }),
  when: new Map([["a", 1]]),
  none: undefined as undefined | number,
});

describe("reads of a configuration", () => {
  test("only what was read counts, with its value", () => {
    assert.deepEqual(
      readingsOf(config, ({ size }) => size),
      [["size", "value", "2"]],
    );
    assert.deepEqual(
      readingsOf(config, ({ plot }) => plot.colour),
      [
        ["plot", "value", "object"],
        ["plot.colour", "value", '"red"'],
      ],
    );
    assert.deepEqual(
      readingsOf(config, () => 1),
      [],
    );
  });

  test("absence checks and key listings count", () => {
    assert.deepEqual(
      readingsOf(config, (c) => "size" in c),
      [["size", "has", "true"]],
    );
    assert.deepEqual(
      readingsOf(config as Record<string, unknown>, (c) => "other" in c),
      [["other", "has", "false"]],
    );
    assert.deepEqual(
      readingsOf(config as Record<string, unknown>, (c) => c["other"]),
      [["other", "value", "undefined"]],
    );
    const keys = readingsOf(config, (c) => Object.keys(c.plot)).find(
      ([path, kind]) => path === "plot" && kind === "keys",
    );
    assert.deepEqual(keys, ["plot", "keys", '["colour","levels"]']);
  });

  test("a listing of keys counts no values; a listing of values does", () => {
    const values = (read: (c: typeof config) => unknown) =>
      readingsOf(config, read).flatMap(([path, kind]) => (kind === "value" ? [path] : []));
    assert.deepEqual(
      values((c) => [Object.keys(c.plot), Object.hasOwn(c.plot, "colour")]),
      ["plot"],
    );
    for (const read of [
      (c: typeof config) => Object.values(c.plot),
      (c: typeof config) => ({ ...c.plot }),
      (c: typeof config) => Object.create({}, Object.getOwnPropertyDescriptors(c.plot)).colour as unknown,
    ])
      assert.ok(values(read).includes("plot.colour"), String(read));
  });

  test("shown to people it is the value, which counts nothing", () => {
    let shown = "";
    const readings = readingsOf(config, (c) => {
      shown = inspect(c);
    });
    assert.equal(shown, inspect(config));
    assert.deepEqual(readings, []);
  });

  test("lists, spreads, JSON and loops read what they read", () => {
    const paths = (read: (c: typeof config) => unknown) => readingsOf(config, read).map(([path]) => path);
    for (const read of [
      (c: typeof config) => c.plot.levels.map((x) => x * 2),
      (c: typeof config) => [...c.plot.levels],
      (c: typeof config) => JSON.stringify(c.plot.levels),
      (c: typeof config) => Math.max(...c.plot.levels),
    ])
      assert.ok(
        ["plot.levels.length", "plot.levels.0", "plot.levels.2"].every((path) => paths(read).includes(path)),
      );
    assert.deepEqual(
      [...(trackReads(config, { step: "s" }).configuration as typeof config).plot.levels],
      [1, 2, 3],
    );
    assert.ok(Array.isArray((trackReads(config, { step: "s" }).configuration as typeof config).plot.levels));
  });

  test("built-in objects count whole and work", () => {
    const [reading] = readingsOf(config, (c) => c.when.get("a"));
    assert.match(String(reading), /^when,value,value [0-9a-f]{64}$/);
  });

  test("a class with getters and methods works", () => {
    class Config {
      readonly width = 3;
      readonly height = 4;
      get area(): number {
        return this.width * this.height;
      }
      twice(): number {
        return this.width * 2;
      }
    }
    assert.deepEqual(
      readingsOf(new Config(), (c) => c.area),
      [["area", "value", "12"]],
    );
    assert.deepEqual(
      readingsOf(new Config(), (c) => c.twice()),
      [["width", "value", "3"]],
    );
  });

  test("it cannot be written", () => {
    const refusal = (error: unknown) =>
      isAlmanacError(error, "STEP_FAILED") && /read-only/.test(error.message);
    const { configuration } = trackReads({ a: { b: 1 } }, { step: "s" });
    const open = configuration as { a: { b?: number } };
    assert.throws(() => {
      open.a.b = 2;
    }, refusal);
    assert.throws(() => delete open.a.b, refusal);
    assert.throws(() => Object.freeze(open), refusal);
  });

  test("with `uses`, reading anything else is an error", () => {
    assert.deepEqual(
      readingsOf(config, (c) => c.plot.levels[0], ["plot.levels"]).map(([path]) => path),
      ["plot", "plot.levels", "plot.levels.0"],
    );
    assert.throws(
      () => readingsOf(config, (c) => c.size, ["plot.levels"]),
      /"size", which its `uses` does not name/,
    );
    assert.throws(
      () => readingsOf(config, (c) => Object.keys(c), ["plot.levels"]),
      /keys of the configuration/,
    );
  });

  test("identity fields are the only ones that count", () => {
    const tracked = trackReads(config, { step: "s", identityFields: new Set(["size"]) });
    const { size, name } = tracked.configuration as typeof config;
    assert.equal(`${size}${name}`, "2a");
    assert.deepEqual(tracked.readings(), [["size", "value", "2"]]);
  });

  test("reading again gives what was seen, or what it is now", () => {
    const recorded = readingsOf(config, (c) => [
      "size" in c,
      Object.keys(c.plot),
      c.plot.colour,
      c.when.get("a"),
      c.none,
    ]);
    const same = readConfiguration(structuredClone(config));
    for (const [path, kind, seen] of recorded) assert.equal(same(path, kind), seen, `${path} ${kind}`);
    const other = readConfiguration({
      plot: { colour: "blue", levels: [] },
      when: new Map([["a", 2]]),
      none: 1,
    });
    for (const [path, kind, seen] of recorded)
      if (!(path === "plot" && kind !== "has") && !(path === "plot.levels") && kind !== "has")
        assert.notEqual(other(path, kind), seen, `${path} ${kind}`);
  });

  test("−0, NaN, bigint, text and absence are told apart", () => {
    const values = [
      0,
      -0,
      Number.NaN,
      1,
      1n,
      "1",
      true,
      "true",
      null,
      "null",
      undefined,
      "undefined",
      {},
      [],
      new Map(),
      "object",
    ];
    const seen = values.map((value) => readConfiguration({ value })("value", "value"));
    assert.equal(new Set(seen).size, values.length, seen.join(" "));
  });
});

test("paths with dots and backslashes come apart as they were", () => {
  for (const names of [
    ["a", "b"],
    ["a.b", "c"],
    ["a\\", ".b"],
    ["", "x"],
    ["..", "\\."],
  ])
    assert.deepEqual(pathSegments(names.map(pathSegment).join(".")), names);
});

describe("after the end of a step", () => {
  test("reads that were noted, and what they decide, are allowed; others are not", () => {
    const tracked = trackReads({ a: 1, b: { c: 2 }, d: 3 }, { step: "s" });
    const read = tracked.configuration as { a: number; b: Record<string, unknown>; d: number };
    Object.keys(read.b);
    assert.equal(read.a, 1);
    tracked.close();
    assert.equal(read.a, 1);
    assert.equal("a" in read, true);
    assert.equal("other" in read.b, false);
    const late = (error: unknown): boolean =>
      isAlmanacError(error, "STEP_FAILED") && /what step "s" made reads/.test(error.message);
    assert.throws(() => read.d, late);
    assert.throws(() => read.b["c"], late);
    assert.throws(() => "d" in read, late);
    assert.throws(() => Object.keys(read), late);
  });
});
