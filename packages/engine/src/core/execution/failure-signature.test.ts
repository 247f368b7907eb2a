import assert from "node:assert/strict";
import { test } from "node:test";
import { signatureOf } from "./failure-signature.ts";

test("what differs from run to run does not count", () => {
  const one = signatureOf(
    "system",
    "SIGNAL_SIGKILL",
    "pid 4711 of /tmp/a b1/x.nc died after 1.5e3 s in 1-4X2K",
  );
  const other = signatureOf("system", "SIGNAL_SIGKILL", "pid 12 of /var/q b2/y.nc died  after 7 s in 2-AB9Z");
  assert.equal(one, other);
  assert.equal(one.startsWith("system|SIGNAL_SIGKILL|pid # of <path>"), true);
});

test("class, code and words count", () => {
  const base = signatureOf("system", "EXIT_1", "no such variable tas");
  assert.notEqual(base, signatureOf("diagnostic", "EXIT_1", "no such variable tas"));
  assert.notEqual(base, signatureOf("system", "EXIT_2", "no such variable tas"));
  assert.notEqual(base, signatureOf("system", "EXIT_1", "no such variable pr"));
});
