import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { allowedVariables } from "./allowed-variables.ts";
import { type EnvironmentEvidence, environmentSnapshot, type MachineFacts } from "./environment-snapshot.ts";
import { keyShapes } from "./key-shapes.harness.ts";
import { isSecretVariable } from "./secret-shapes.ts";

const machine: MachineFacts = {
  runtime: { name: "node", version: "24.0.0" },
  os: { platform: "linux", release: "6.1", version: "#1 SMP", architecture: "x64" },
  cpu: { model: "A CPU", logicalCores: 2 },
  memoryBytes: 8e9,
  locale: "en-GB",
  timeZone: "Europe/Paris",
  gpus: [],
};

function snapshot(environment: Readonly<Record<string, string>>, more: Partial<EnvironmentEvidence> = {}) {
  return environmentSnapshot({
    almanac: "1",
    machine,
    packages: [],
    lockFiles: [],
    environment,
    allow: [],
    ...more,
  });
}

/** Every text in a value, keys included, as it is and as JSON writes it. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [name, ...textsOf(member)]);
}

test("variables of the allow-list are recorded, others are not, nor forms of allowed names", () => {
  const environment = {
    TZ: "UTC",
    OMP_NUM_THREADS: "4",
    tz: "x1",
    "TZ ": "x2",
    "TZ\n": "x3",
    MY_TZ: "x4",
    HOME: "x5",
  };
  assert.deepEqual(snapshot(environment).variables, { OMP_NUM_THREADS: "4", TZ: "UTC" });
});

test("what every object has is no variable", () => {
  const allow = ["__proto__", "constructor", "toString"];
  const { variables, withheld } = snapshot(JSON.parse('{"__proto__": "a"}'), { allow: allow.slice(1) });
  assert.deepEqual([Object.keys(variables), withheld], [[], []]);
});

test("no name of the allow-list looks like a secret", () => {
  assert.deepEqual(allowedVariables.filter(isSecretVariable), []);
});

test("a name that looks like a secret stays withheld, whoever allows it", () => {
  const allow = ["DB_PASSWORD", "SITE", "STRIPE_KEY", "DB_PASS", "X_AUTH"];
  const environment = { DB_PASSWORD: "a", SITE: "b", STRIPE_KEY: "c", DB_PASS: "d", X_AUTH: "e" };
  const { variables, withheld } = snapshot(environment, { allow });
  assert.deepEqual(variables, { SITE: "b" });
  assert.deepEqual(withheld, ["DB_PASS", "DB_PASSWORD", "STRIPE_KEY", "X_AUTH"]);
});

for (const [kind, key] of Object.entries(keyShapes()))
  test(`${kind} does not reach the snapshot, wherever it stands`, () => {
    const found = snapshot(
      { NODE_OPTIONS: `--x=${key}`, LANG: key, XLA_FLAGS: `a ${key} b`, OTHER: key },
      { machine: { ...machine, cpu: { model: `CPU ${key}`, logicalCores: 1 } } },
    );
    assert.deepEqual(found.withheld, ["LANG", "NODE_OPTIONS", "XLA_FLAGS"]);
    for (const text of textsOf(found)) assert.ok(!text.includes(key), text);
  });

test("the value of a secret variable does not get in through another variable or a fact", () => {
  const environment = {
    MY_TOKEN: "hunter22 x",
    APP_KEY: "a1b2c3d4",
    LANG: "hunter22 x",
    TZ: "Z/a1b2c3d4",
    CI: "true",
  };
  const packages = [{ ecosystem: "npm", name: "p", version: "1.0.0+a1b2c3d4" }] as const;
  const found = snapshot(environment, { packages });
  assert.deepEqual(found.variables, { CI: "true" });
  for (const text of textsOf(found)) assert.doesNotMatch(text, /hunter22|a1b2c3d4/);
});

test("packages with names like secrets keep name and version", () => {
  const packages = [{ ecosystem: "npm", name: "jsonwebtoken", version: "9.0.2" }] as const;
  assert.deepEqual(snapshot({}, { packages }).packages, packages);
});

/** Odd marks around a text that is found again whatever is done with it. */
const value = fc
  .tuple(
    fc.string({ unit: "binary", maxLength: 6 }),
    fc.stringMatching(/^[A-Za-z0-9]{16,40}$/),
    fc.string({ maxLength: 4 }),
  )
  .map(([before, mark, after]) => ({ mark, text: `${before}${mark}${after}` }));
const name = fc.oneof(
  fc.stringMatching(/^[A-Z_]{6,20}$/),
  fc.stringMatching(/^[a-z.-]{6,20}$/),
  fc.string({ unit: "binary", minLength: 6, maxLength: 12 }),
  fc.constantFrom(...allowedVariables).map((each) => `${each}_`),
  fc.constantFrom(...allowedVariables).map((each) => each.toLowerCase()),
);

test("of 1,000 random variables and keys of all shapes nothing outside of the allow-list gets in", () => {
  const allowed = new Set(allowedVariables);
  const variables = fc.uniqueArray(fc.tuple(name, value), {
    minLength: 1000,
    maxLength: 1000,
    selector: ([each]) => each,
    size: "max",
  });
  fc.assert(
    fc.property(variables, (random) => {
      const foreign = random.filter(([each]) => !allowed.has(each));
      const keys = Object.entries(keyShapes()).map(([kind, key]) => [`SHAPE ${kind}`, key] as const);
      const entries = [...foreign.map(([each, { text }]) => [each, text] as const), ...keys];
      const found = snapshot(Object.fromEntries([...entries, ["TZ", "UTC"]]));
      assert.deepEqual(found.variables, { TZ: "UTC" });
      assert.deepEqual(found.withheld, []);
      const texts = textsOf(found).join("\0");
      for (const [each, { mark }] of foreign) {
        assert.ok(!texts.includes(mark), mark);
        assert.ok(!texts.split("\0").includes(each), each);
      }
      for (const [, key] of keys) assert.ok(!texts.includes(key), key);
    }),
    { numRuns: 5 },
  );
});
