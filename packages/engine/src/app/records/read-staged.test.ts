import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { emptyManifest } from "../../core/execution/manifest.ts";
import type { Manifest } from "../../core/execution/manifest-journal.ts";
import { formatRid } from "../../core/identity/rid.ts";
import { recordTableFile, stagedFeaturesFile, stagedFileOptions } from "../../core/records/staged-files.ts";
import { readStaged } from "./read-staged.ts";

/** More than a call can have arguments. */
const count = 150_000;

test("as many features and rows are read as an execution may stage", async () => {
  const table = recordTableFile("Site");
  const artifacts = [stagedFeaturesFile, table].map((path) => ({
    ...{ path, name: path, mode: "write" as const, metadata: {}, keepOnFailure: true },
    ...(stagedFileOptions(path) ?? { kind: "", types: [], description: "" }),
  }));
  const manifest: Manifest = { artifacts, warnings: [], records: [], state: emptyManifest() };
  const columns = [{ name: "name", holds: "value", type: "text", required: true }] as const;
  const definition = {
    rid: formatRid(1),
    allowed: {
      vocabularies: [],
      features: [{ target: { kind: "asset", name: "file" }, name: "seen", description: "", columns: [] }],
      recordTypes: [{ name: "Site", description: "", columns }],
    },
  } satisfies Pick<RunDefinition, "rid" | "allowed">;
  const texts = new Map([
    [
      stagedFeaturesFile,
      Array.from({ length: count }, (_, at) =>
        JSON.stringify({ feature: "file/seen", target: `rid:${formatRid(at + 1)}` }),
      ).join("\n"),
    ],
    [table, `name\n${"Bern\n".repeat(count)}`],
  ]);
  const { staged, problems } = await readStaged(
    { definition: definition as unknown as RunDefinition, manifest },
    async (path) => texts.get(path) ?? "",
  );
  assert.deepEqual(problems, []);
  assert.deepEqual([staged?.features.length, staged?.records.length], [count, count]);
});
