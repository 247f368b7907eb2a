import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { drawnTable, textTable } from "./text-table.ts";

const cell = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
  fc.constantFrom("", " a ", "x".repeat(40)),
);
const row = fc.tuple(cell, cell, cell);

test("a table of plain text is padded as the library pads it", async () => {
  await fc.assert(
    fc.asyncProperty(row, fc.array(row, { maxLength: 8 }), fc.boolean(), async (headings, rows, bold) => {
      const columns = headings.map((_, at) => rows.map((cells) => cells[at] as string));
      const table = { headings, columns, bold };
      assert.equal(await textTable(table), await drawnTable(table));
    }),
    { numRuns: 200 },
  );
});

test("wide characters take two columns", async () => {
  const text = await textTable({ headings: ["name", "n"], columns: [["気温"], ["1"]], bold: false });
  assert.equal(text, "name  n\n気温  1\n");
});
