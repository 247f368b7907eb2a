import assert from "node:assert/strict";
import { test } from "node:test";
import { notebookSource } from "./notebook-source.ts";

const cell = {
  cell_type: "code",
  source: ["a = 1\n", "a"],
  metadata: {},
  execution_count: null as number | null,
  outputs: [] as object[],
};
const notebook = {
  cells: [cell],
  metadata: {
    kernelspec: { name: "python3", display_name: "Python 3" },
    language_info: { version: "3.11.2" },
  },
  nbformat: 4,
  nbformat_minor: 5,
};
const text = JSON.stringify(notebook);

test("running a notebook, elsewhere or with another editor, leaves its source", () => {
  const run = {
    nbformat: 4,
    nbformat_minor: 4,
    metadata: {
      widgets: { state: {} },
      kernelspec: { name: "python3", display_name: "Python 3 (ipykernel)", language: "python" },
      language_info: { version: "3.13.0" },
    },
    cells: [
      {
        id: "f3a0",
        cell_type: "code",
        execution_count: 7,
        metadata: { execution: { "iopub.execute_input": "2026-01-01" }, collapsed: true, scrolled: false },
        outputs: [{ output_type: "stream", text: ["1"] }],
        source: "a = 1\na",
      },
    ],
  };
  assert.equal(notebookSource(JSON.stringify(run, null, 2)), notebookSource(text));
});

const changes: readonly (readonly [what: string, changed: object])[] = [
  ["text of a cell", { ...notebook, cells: [{ ...cell, source: "a = 2\na" }] }],
  ["type of a cell", { ...notebook, cells: [{ ...cell, cell_type: "markdown" }] }],
  ["tag of a cell", { ...notebook, cells: [{ ...cell, metadata: { tags: ["parameters"] } }] }],
  ["attachment", { ...notebook, cells: [{ ...cell, attachments: { "a.png": {} } }] }],
  ["cell more", { ...notebook, cells: [cell, cell] }],
  ["kernel", { ...notebook, metadata: { kernelspec: { name: "ir" } } }],
];
for (const [what, changed] of changes)
  test(`another ${what} is another source`, () => {
    assert.notEqual(notebookSource(JSON.stringify(changed)), notebookSource(text));
  });

test("a notebook of form 3 has its cells in worksheets", () => {
  const old = {
    worksheets: [{ cells: [{ cell_type: "code", input: ["a"], prompt_number: 4 }] }],
    nbformat: 3,
  };
  assert.match(notebookSource(JSON.stringify(old)) ?? "", /"source":"a"/);
});

test("what is no notebook has no source", () => {
  for (const other of ["", "[]", "{}", "a = 1", "null"]) assert.equal(notebookSource(other), undefined);
});
