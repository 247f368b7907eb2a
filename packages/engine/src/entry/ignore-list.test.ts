import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { IgnoreList } from "../core/solver/options.ts";
import { ignoreListOf } from "./ignore-list.ts";

function read(t: TestContext, text: string, name = "ignore.yaml"): Promise<IgnoreList> {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-ignore-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, name), text);
  return ignoreListOf({ solve: { ignore: name, vocabulary: "" } }, folder);
}

const list = { p: { d: { cmip6: [{ source_id: "A", variable_id: ["tas", "pr"] }] } } };

test("is read from YAML, JSON and TOML, or taken as it is", async (t) => {
  const yaml = "p: {d: {cmip6: [{source_id: A, variable_id: [tas, pr]}]}}\n";
  const toml = '[[p.d.cmip6]]\nsource_id = "A"\nvariable_id = ["tas", "pr"]\n';
  assert.deepEqual(await read(t, yaml), list);
  assert.deepEqual(await read(t, JSON.stringify(list), "ignore.json"), list);
  assert.deepEqual(JSON.parse(JSON.stringify(await read(t, toml, "ignore.toml"))), list);
  assert.deepEqual(await ignoreListOf({ solve: { ignore: list, vocabulary: "" } }, "/"), list);
  assert.deepEqual(await read(t, ""), {});
});

test("of another form is refused with every place", async (t) => {
  const text = "p:\n  d:\n    cmip6: {source_id: A}\n  e:\n    cmip6:\n      - source_id: 4\n";
  await assert.rejects(read(t, text), (error: Error) => {
    assert.match(error.message, /\n {2}ignore\.yaml:3:5: p\.d\.cmip6: expected array, got object/);
    assert.match(error.message, /\n {2}ignore\.yaml:6:9: p\.e\.cmip6\[0\]\.source_id: expected string/);
    return true;
  });
  await assert.rejects(read(t, "p: ["), { code: "CONFIG_INVALID", message: /ignore\.yaml:1:\d+: / });
});

test("that is not there is an error", async () => {
  await assert.rejects(ignoreListOf({ solve: { ignore: "gone.yaml", vocabulary: "" } }, "/nowhere"), {
    code: "CONFIG_INVALID",
    message: /gone\.yaml cannot be read/,
  });
});
