import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ManifestRecord } from "./manifest.ts";
import { appendLine, manifestOpening, readManifest } from "./manifest-journal.ts";

function registered(path: string, more: object = {}): ManifestRecord {
  return {
    record: "registered",
    name: path,
    path,
    kind: "execution-asset",
    types: [],
    mode: "write",
    metadata: {},
    description: "",
    keepOnFailure: false,
    ...more,
  };
}

function journal(...records: readonly ManifestRecord[]): string {
  return [manifestOpening, ...records].map(appendLine).join("");
}

test("records add up to artifacts, later changes included", () => {
  const text = journal(
    registered("a/x.nc", { types: ["raw"] }),
    registered("b/x.nc"),
    { record: "changed", path: "a/x.nc", types: ["final"], metadata: { n: 1 } },
    { record: "sealed", path: "a/x.nc", sizeBytes: 5, sha256: "ab", stamp: "5:1:2" },
  );
  const { artifacts, warnings, state } = readManifest(text);
  assert.deepEqual(warnings, []);
  assert.deepEqual(
    artifacts.map(({ path, types, sizeBytes }) => ({ path, types, sizeBytes })),
    [
      { path: "a/x.nc", types: ["final"], sizeBytes: 5 },
      { path: "b/x.nc", types: [], sizeBytes: undefined },
    ],
  );
  assert.equal(state.seals.get("a/x.nc")?.stamp, "5:1:2");
});

test("a name taken is refused, unless a new version is asked for", () => {
  const twice = journal(registered("a.nc", { name: "x" }), registered("b.nc", { name: "x" }));
  assert.throws(() => readManifest(twice), {
    code: "MANIFEST_INVALID",
    message: /line 3.*registered already/,
  });
  const asked = journal(registered("a.nc", { name: "x" }), registered("b.nc", { name: "x", replaces: true }));
  assert.deepEqual(
    readManifest(asked).artifacts.map(({ path }) => path),
    ["a.nc", "b.nc"],
    "every version is kept",
  );
  const kinds = journal(registered("a.nc", { name: "x" }), registered("b.nc", { name: "x", kind: "model" }));
  assert.equal(readManifest(kinds).artifacts.length, 2);
});

test("paths that leave the folder, reserved files and unknown files are refused", () => {
  for (const path of ["../x", "/etc/passwd", "a/../../x", "", "outcome.json", "./execution.log"])
    assert.throws(() => readManifest(journal(registered(path))), { code: "MANIFEST_INVALID" }, path);
  const unknown = journal({ record: "changed", path: "never.nc", types: [] });
  assert.throws(() => readManifest(unknown), { code: "MANIFEST_INVALID", message: /never registered/ });
});

test("damage before the last line is an error, wherever it is", () => {
  const text = journal(registered("a.nc"), registered("b.nc"));
  const lines = text.split("\n");
  for (const index of [0, 1]) {
    const damaged = lines.with(index, (lines[index] ?? "").replace("record", "rekord")).join("\n");
    assert.throws(() => readManifest(damaged), { code: "MANIFEST_INVALID", message: /damaged/ });
  }
});

test("a manifest cut anywhere gives the records of its whole lines and at most one warning", () => {
  const records = [registered("a b.nc"), registered("ü/日本.tar.gz"), registered("noextension")];
  const text = journal(...records);
  fc.assert(
    fc.property(fc.nat(text.length), (end) => {
      const cut = text.slice(0, end);
      const whole = cut.split("\n").length - 1;
      const { records: read, warnings } = readManifest(cut);
      const torn = cut !== "" && !cut.endsWith("\n");
      const complete = torn && text[end] === "\n";
      assert.equal(read.length, whole + (complete ? 1 : 0));
      assert.equal(warnings.length, torn && !complete ? 1 : 0);
    }),
  );
});

test("any name, path and text survives", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" }), (name, description) => {
      const { artifacts } = readManifest(journal(registered("x.nc", { name, description })));
      assert.equal(artifacts[0]?.name, name);
      assert.equal(artifacts[0]?.description, description);
    }),
  );
});

test("a newer form and an unknown record are named", () => {
  const newer = appendLine({ record: "opened", formatVersion: 2 } as unknown as ManifestRecord);
  assert.throws(() => readManifest(newer), { code: "MANIFEST_INVALID", message: /unknown form 2/ });
  const odd = appendLine({ record: "renamed", path: "x" } as unknown as ManifestRecord);
  assert.throws(() => readManifest(odd), { code: "MANIFEST_INVALID", message: /"renamed"/ });
});
