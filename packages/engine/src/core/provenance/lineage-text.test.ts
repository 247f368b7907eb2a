import assert from "node:assert/strict";
import { test } from "node:test";
import type { Rid } from "../identity/rid.ts";
import { countKinds, type Lineage } from "./lineage.ts";
import { lineageDot, lineageMermaid, lineageTree } from "./lineage-text.ts";

/** A model made from data, a table made from the model and the same data. */
const lineage: Lineage = {
  start: "asset:4",
  direction: "up",
  cut: false,
  nodes: [
    { key: "asset:4", kind: "asset", rid: "4" as Rid, name: 'a "table".csv', detail: "file", depth: 0 },
    {
      key: "execution:3",
      kind: "execution",
      rid: "3" as Rid,
      name: "runs/table",
      detail: "published",
      depth: 1,
    },
    { key: "asset:2", kind: "asset", rid: "2" as Rid, name: "model", detail: "file", depth: 2 },
    { key: "asset:1", kind: "asset", rid: "1" as Rid, name: "data", detail: "file", depth: 2 },
    {
      key: "execution:5",
      kind: "execution",
      rid: "5" as Rid,
      name: "runs/train",
      detail: "published",
      depth: 3,
    },
  ],
  edges: [
    { from: "execution:3", to: "asset:4" },
    { from: "asset:2", to: "execution:3" },
    { from: "asset:1", to: "execution:3" },
    { from: "execution:5", to: "asset:2" },
    { from: "asset:1", to: "execution:5" },
  ],
};

test("a tree unfolds each record once", () => {
  assert.equal(
    lineageTree(lineage),
    [
      'asset 4 a "table".csv (file)',
      "└─ execution 3 runs/table (published)",
      "   ├─ asset 2 model (file)",
      "   │  └─ execution 5 runs/train (published)",
      "   │     └─ asset 1 data (file)",
      "   └─ asset 1 data (file) …",
    ].join("\n"),
  );
  assert.match(lineageTree({ ...lineage, cut: true }), /more behind/);
});

test("a tree as deep as any is written without deep calls", () => {
  const keys = Array.from({ length: 2000 }, (_, at) => `execution:${at}`);
  const nodes = keys.map((key, depth) => ({
    ...{ key, kind: "execution" as const, rid: undefined, name: "x", detail: "", depth },
  }));
  const edges = keys.slice(1).map((to, at) => ({ from: keys[at] ?? "", to }));
  const lines = lineageTree({ start: "execution:0", direction: "down", nodes, edges, cut: false }).split(
    "\n",
  );
  assert.equal(lines.length, keys.length);
});

test("DOT and Mermaid name every record and flow, with what would end a text escaped", () => {
  const dot = lineageDot(lineage);
  assert.match(dot, /"asset:4" \[label="asset 4 a \\"table\\"\.csv \(file\)", shape=note\];/);
  assert.equal(dot.match(/->/g)?.length, 5);
  const mermaid = lineageMermaid(lineage);
  assert.match(mermaid, /n0\["asset 4 a #quot;table#quot;\.csv \(file\)"\]/);
  assert.match(mermaid, /n1 --> n0/);
});

test("kinds are counted beside the start", () => {
  assert.deepEqual(countKinds(lineage), { dataset: 0, asset: 2, execution: 2, value: 0 });
});
