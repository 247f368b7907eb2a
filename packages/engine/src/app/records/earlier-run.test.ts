import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openFragmentStore } from "../../adapters/files/fragment-store.ts";
import type { RegisteredRecord } from "../../core/execution/manifest.ts";
import { appendLine } from "../../core/execution/manifest-journal.ts";
import { executionFiles } from "../../core/execution/outcome.ts";
import type { Rid } from "../../core/identity/rid.ts";
import {
  stagedDatasetsFile,
  stagedFileOptions,
  usedAssetsFile,
  usedDatasetsFile,
} from "../../core/records/staged-files.ts";
import { unobserved } from "../../ports/durable.ts";
import { readEarlier } from "./earlier-run.ts";

test("of an earlier run its own files are left, not the datasets it staged nor the inputs it took on the way", async (t) => {
  const root = mkdtempSync(join(tmpdir(), "almanac-earlier-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const fragment = "runs/x/1";
  mkdirSync(join(root, fragment), { recursive: true });
  const registered = (path: string): RegisteredRecord => ({
    ...{ record: "registered", path, name: path, mode: "write", metadata: {}, keepOnFailure: true },
    ...(stagedFileOptions(path) ?? { kind: "execution-asset", types: ["model"], description: "" }),
  });
  const paths = ["model.bin", usedAssetsFile, usedDatasetsFile, stagedDatasetsFile];
  for (const path of paths) writeFileSync(join(root, fragment, path), "torn {");
  writeFileSync(
    join(root, fragment, executionFiles.manifest),
    paths.map((path) => appendLine(registered(path))).join(""),
  );
  const left = await readEarlier({ rid: "3JSE" as Rid, fragment }, openFragmentStore(root, unobserved));
  assert.deepEqual(
    left.files.map(({ path }) => path),
    ["model.bin"],
  );
});
