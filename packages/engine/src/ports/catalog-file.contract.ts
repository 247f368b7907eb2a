import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Cell } from "../core/catalog/catalog-row.ts";
import { cellText } from "../documents/dataset-row.ts";
import type { CatalogFileReader, CatalogFileWriter, CatalogForm, CellBatches } from "./catalog-file.ts";

/** Where a suite writes: the path of a file that is not there yet. */
export interface CatalogFilePlace {
  readonly reader: CatalogFileReader;
  readonly writer: CatalogFileWriter;
  /** @param name file name */
  readonly file: (name: string) => string;
}

const columns = ["path", "odd", "size_bytes", "finalised"] as const;
const numbers = new Set(["size_bytes"]);
const truths = new Set(["finalised"]);

type Row = readonly [string, string | undefined, number | undefined, boolean];

/** Texts that forms trip over: separators, quotes, line ends, blanks at the ends, what looks missing, any Unicode. */
const oddText = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    ",",
    '"',
    '""',
    "\n",
    "\r\n",
    "\r",
    "a\tb",
    "NaN",
    "null",
    "NA",
    "-0",
    "1e400",
    "\u{1f30d}",
    "\ufeff",
  ),
  fc.constantFrom("9007199254740993", "12345678901234567890", "2000-02-30 00:00:00"),
  fc.string({ unit: "binary", maxLength: 12 }),
);

const row: fc.Arbitrary<Row> = fc.tuple(
  fc.oneof(oddText, fc.string()).map((text) => `p${text}`),
  fc.option(oddText, { nil: undefined }),
  fc.option(fc.maxSafeNat(), { nil: undefined }),
  fc.boolean(),
);

async function* batches(...all: readonly (readonly (readonly Cell[])[])[]): CellBatches {
  yield* all;
}

/** Rows as they are read, with every cell as text. */
async function readAll(
  file: string,
  { reader, form }: { readonly reader: CatalogFileReader; readonly form: CatalogForm },
): Promise<readonly (readonly (string | undefined)[])[]> {
  const opened = await reader.open(file, { form, wanted: new Set(columns) });
  assert.equal(opened.pathColumn, "path");
  const rows: (readonly (string | undefined)[])[] = [];
  for await (const batch of opened.batches) {
    assert.deepEqual(batch.problems, []);
    for (const { number, cells } of batch.rows) {
      assert.equal(number, rows.length + 1);
      rows.push(columns.map((name) => cellText(cells[name])));
    }
  }
  return rows;
}

/** What every form of a catalog in a file keeps to. @param place a fresh one for each call */
export function catalogFileContract(
  form: CatalogForm,
  { endings, place }: { readonly endings: readonly string[]; readonly place: () => CatalogFilePlace },
): void {
  for (const ending of endings)
    test(`${form} ${ending}: what is written is read, cell for cell, and equal rows give equal bytes`, async () => {
      const { reader, writer, file } = place();
      let count = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 8 }), fc.nat(8), async (rows, cut) => {
          const name = file(`${(count += 1)}${ending}`);
          const what = { form, columns, numbers, truths, pathColumn: "path" };
          await writer.write(name, { ...what, rows: batches(rows.slice(0, cut), rows.slice(cut)) });
          const expected = rows.map((cells) => cells.map((cell) => cellText(cell)));
          assert.deepEqual(await readAll(name, { reader, form }), expected);
        }),
        { numRuns: 60 },
      );
    });

  test(`${form}: a file that is not there is said to be missing`, async () => {
    const { reader, file } = place();
    await assert.rejects(reader.open(file(`none${endings[0]}`), { form, wanted: new Set(columns) }), {
      code: "FILE_MISSING",
    });
  });

  test(`${form}: writing that fails leaves no file, and one that was there as it was`, async () => {
    const { reader, writer, file } = place();
    const name = file(`kept${endings[0]}`);
    const what = { form, columns, numbers, truths, pathColumn: "path" };
    const good: Row = ["p", "x", 1, true];
    await writer.write(name, { ...what, rows: batches([good]) });
    const failing = async function* (): CellBatches {
      yield [["q", "y", 2, false]];
      throw new Error("the source broke");
    };
    await assert.rejects(writer.write(name, { ...what, rows: failing() }), /the source broke/);
    assert.deepEqual(await readAll(name, { reader, form }), [["p", "x", "1", "true"]]);
    const nowhere = file(`no-such-folder/x${endings[0]}`);
    await assert.rejects(writer.write(nowhere, { ...what, rows: batches([good]) }), { code: "FILE_MISSING" });
  });
}
