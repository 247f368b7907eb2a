import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createRedactor } from "./redact.ts";

const { value, words } = createRedactor({});

test("secrets are known by the name of their key, at any depth", () => {
  assert.deepEqual(
    value({
      password: "a",
      nested: [{ apiKey: "b", DB_PASSWORD: "c", access_key_id: 5 }],
      accessToken: null,
    }),
    {
      password: "[redacted]",
      nested: [{ apiKey: "[redacted]", DB_PASSWORD: "[redacted]", access_key_id: "[redacted]" }],
      accessToken: "[redacted]",
    },
  );
});

test("secrets are known by their shape, and what stands around them stays", () => {
  const shapes: readonly (readonly [string, string])[] = [
    ["postgres://me:hunter22@db/x refused", "postgres://me:[redacted]@db/x refused"],
    ["Authorization: Bearer abcdefghijklmnop1234", "Authorization: [redacted] [redacted]"],
    ["key AKIAABCDEFGHIJKLMNOP used", "key [redacted] used"],
    ["ghp_abcdefghijklmnopqrst", "[redacted]"],
    ["eyJhbGciOiJIUzI1.eyJzdWIiOiIx.abc_def", "[redacted]"],
    ["GET /x?token=abc&page=2", "GET /x?token=[redacted]&page=2"],
    ['{"client_secret": "abc", "n": 1}', '{"client_secret": "[redacted]", "n": 1}'],
    ["a -----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- z", "a [redacted] z"],
  ];
  for (const [text, expected] of shapes) assert.equal(value(text), expected);
});

test("what is no secret stays as it is", () => {
  const plain = [
    "cmip6_1pctCO2_gn_r1i1p1f1_SYNTH-A",
    "https://doi.org/10.1029/2003GL018747",
    "hdl:21.14100/6b1e5cb2-8a59-4d8e-9d1b-0d5f0e2c9c11",
    "error[CATALOG_LOCKED]: the catalog /a/b.sqlite was locked for 30 s",
    "Basic checks of units",
  ];
  for (const text of plain) assert.equal(value(text), text);
  assert.deepEqual(value({ n: 1, yes: true, none: null, big: 3n }), {
    n: 1,
    yes: true,
    none: null,
    big: "3",
  });
});

test("the word after a secret option, and values of secret variables", () => {
  const { words: knowing } = createRedactor({ PGPASSWORD: "s3same open", HOME: "/home/me" });
  assert.deepEqual(
    knowing(["serve", "--token", "abc", "--port", "80", "--secret=x", "s3same open", "/home/me"]),
    ["serve", "--token", "[redacted]", "--port", "80", "--secret=[redacted]", "[redacted]", "/home/me"],
  );
});

test("redacting what is redacted changes nothing", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (given) => {
      const once = words(given);
      assert.deepEqual(words(once), once);
    }),
  );
});
