import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { providerFileJsonSchema } from "../../src/documents/provider/schema.ts";
import { writeSyntheticArchive } from "../../src/entry/library/testing.ts";

const root = resolve(import.meta.dirname, "../../../..");
const examples = join(root, "docs/examples");
const almanac = join(root, "packages/engine/bin/almanac.js");

/** A new folder that is gone after the test; programs started with it leave their own there too. */
function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-docs-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs a Node.js program in a folder and gives what it prints. */
function node(folder: string, ...args: readonly string[]): string {
  // A test program among them reports to its own output, not to this runner.
  const env = { ...process.env, TMPDIR: folder, NODE_TEST_CONTEXT: undefined };
  return execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8", timeout: 120_000, env });
}

/** What lets a program import `almanac` as an installed package does. */
function selfResolveHook(): string {
  const module = pathToFileURL(join(root, "packages/engine/src/entry/self-resolve.ts")).href;
  return `data:text/javascript,import{registerSelfResolve as r}from"${module}";r();`;
}

test("the library example plans, solves and reads a value", (t) => {
  const printed = node(folderFor(t), "--import", selfResolveHook(), join(examples, "library/main.ts"));
  assert.deepEqual(printed.trimEnd().split("\n"), [
    "12 datasets; 1 file cannot be used",
    "run transient-climate-response cmip6_1pctCO2_gn_r1i1p1f1_SYNTH-A",
    "published",
    "SYNTH-A 2.05 K",
    "UNKNOWN_NAME",
  ]);
});

test("the function example warms, and the second solve has nothing to do", async (t) => {
  const folder = folderFor(t);
  cpSync(join(examples, "function-diagnostic"), folder, { recursive: true });
  await writeSyntheticArchive(join(folder, "archive"), { models: 1 });
  node(folder, almanac, "init");
  node(folder, almanac, "ingest", "--type", "cmip6", "archive");
  const solve = ["solve", "--provider", "function-example", "--jobs", "1", "--json"];
  assert.equal(JSON.parse(node(folder, almanac, ...solve)).total, 1);
  const { items } = JSON.parse(node(folder, almanac, "values", "list", "metric=warming", "--json"));
  assert.equal(items.length, 1);
  assert.ok(items[0].value > 0.05 && items[0].value < 2, JSON.stringify(items));
  assert.equal(JSON.parse(node(folder, almanac, ...solve)).total, 0);
});

test("the testing example's tests pass", (t) => {
  const file = join(examples, "testing/provider.test.ts");
  const printed = node(folderFor(t), "--import", selfResolveHook(), "--test-reporter", "tap", file);
  assert.match(printed, /^# pass 4$/m);
  assert.match(printed, /^# fail 0$/m);
});

test("the provider file counts months, leaves out what is ignored, and says what is wrong with it", async (t) => {
  const folder = folderFor(t);
  cpSync(join(examples, "provider-file"), folder, { recursive: true });
  await writeSyntheticArchive(join(folder, "archive"), { models: 2 });
  node(folder, almanac, "init");
  node(folder, almanac, "ingest", "--type", "cmip6", "archive");
  node(folder, almanac, "solve", "--jobs", "1");
  const { items } = JSON.parse(node(folder, almanac, "values", "list", "metric=months", "--json")) as {
    readonly items: readonly { readonly dimensions: Record<string, string>; readonly value: number }[];
  };
  const found = items.map(({ dimensions }) => `${dimensions["source_id"]} ${dimensions["experiment_id"]}`);
  assert.ok(found.includes("SYNTH-A piControl"), found.join());
  assert.ok(!found.includes("SYNTH-B piControl"), found.join());
  for (const { value } of items) assert.ok(value >= 12 && value % 12 === 0, JSON.stringify(items));

  const file = join(folder, "provider.yaml");
  const text = readFileSync(file, "utf8")
    .replace("table_id", "tabel_id")
    .replace("selectFirstMember", "selectFirst");
  writeFileSync(file, text);
  const { status, stderr } = spawnSync(process.execPath, [almanac, "plan"], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 3);
  const page = readFileSync(join(root, "docs/provider-files.md"), "utf8");
  const [, shown = "none"] = /```\n(error\[PROVIDER_INVALID\][\s\S]*?)```/.exec(page) ?? [];
  assert.ok(stderr.startsWith(shown), stderr);
});

test("docs/provider.schema.json is what provider files are held to; else run: npm run docs", () => {
  const written = readFileSync(join(root, "docs/provider.schema.json"), "utf8");
  assert.equal(written, `${JSON.stringify(providerFileJsonSchema(), null, 2)}\n`);
});

test("programs shown in the pages are the examples themselves", () => {
  for (const page of [
    "datasets.md",
    "your-own-diagnostics.md",
    "provider-files.md",
    "library.md",
    "testing.md",
  ]) {
    const text = readFileSync(join(root, "docs", page), "utf8");
    const blocks = [...text.matchAll(/<!-- (examples\/\S+) -->\n```\w+\n([\s\S]*?)```/g)];
    assert.ok(blocks.length > 0, page);
    for (const [, file = "", block = ""] of blocks)
      assert.equal(block, readFileSync(join(root, "docs", file), "utf8"), `${page}: ${file}`);
  }
});
