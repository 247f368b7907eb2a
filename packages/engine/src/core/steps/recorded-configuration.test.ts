import assert from "node:assert/strict";
import { test } from "node:test";
import { recordedConfiguration } from "./recorded-configuration.ts";

test("values that JSON has stay; others become text, digest or type", () => {
  const recorded = recordedConfiguration({
    ...{ n: 3, name: "a", list: [1, [true, null]], inner: { x: 0.5 } },
    ...{ limit: Number.POSITIVE_INFINITY, big: 7n, day: new Date(0) },
    ...{ names: new Set(["a"]), run: () => 1 },
  });
  const { names, ...others } = recorded;
  assert.deepEqual(others, {
    ...{ n: 3, name: "a", list: [1, [true, null]], inner: { x: 0.5 } },
    ...{ limit: "Infinity", big: "7", day: "1970-01-01T00:00:00.000Z", run: "type:function" },
  });
  assert.match(String(names), /^digest:[0-9a-f]{64}$/);
  assert.notEqual(names, recordedConfiguration({ names: new Set(["b"]) })["names"]);
});

test("instances of classes give their members, cycles end, a bare value has a name", () => {
  class Configuration {
    readonly cells = 4;
  }
  assert.deepEqual(recordedConfiguration(new Configuration()), { cells: 4 });
  const cycle: { own?: unknown } = {};
  cycle.own = cycle;
  assert.match(JSON.stringify(recordedConfiguration(cycle)), /digest:[0-9a-f]{64}/);
  assert.deepEqual(recordedConfiguration(5), { value: 5 });
});
