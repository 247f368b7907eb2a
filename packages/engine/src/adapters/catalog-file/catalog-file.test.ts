import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { type CatalogFilePlace, catalogFileContract } from "../../ports/catalog-file.contract.ts";
import type { CatalogFileToWrite, CatalogForm, CellBatches, RowBatch } from "../../ports/catalog-file.ts";
import { catalogFileReader } from "./catalog-file-reader.ts";
import { catalogFileWriter } from "./catalog-file-writer.ts";

const root = mkdtempSync(join(tmpdir(), "almanac-catalogs-"));
after(() => rmSync(root, { recursive: true }));

function place(): CatalogFilePlace {
  const folder = mkdtempSync(join(root, "place-"));
  return { reader: catalogFileReader, writer: catalogFileWriter, file: (name) => join(folder, name) };
}

catalogFileContract("parquet", { endings: [".parquet"], place });
catalogFileContract("csv", { endings: [".csv", ".csv.gz"], place });
catalogFileContract("ndjson", { endings: [".ndjson", ".ndjson.gz"], place });
catalogFileContract("intake-esm", { endings: [".json"], place });

const wanted = new Set(["path", "a", "b"]);

/** Writes bytes as a file and reads it. */
async function read(
  name: string,
  { form, bytes }: { readonly form: CatalogForm; readonly bytes: string | Uint8Array },
): Promise<RowBatch> {
  const file = place().file(name);
  writeFileSync(file, bytes);
  const { batches } = await catalogFileReader.open(file, { form, wanted });
  const all: RowBatch[] = [];
  for await (const batch of batches) all.push(batch);
  return { rows: all.flatMap(({ rows }) => rows), problems: all.flatMap(({ problems }) => problems) };
}

/** One row with a path. */
function onePath(form: CatalogForm): CatalogFileToWrite {
  const rows = async function* (): CellBatches {
    yield [["x"]];
  };
  return { form, columns: ["path"], numbers: new Set(), truths: new Set(), pathColumn: "path", rows: rows() };
}

test("a CSV row with too few or too many cells is refused alone, with its number", async () => {
  const { rows, problems } = await read("x.csv", { form: "csv", bytes: "path,a\nx,1\ny\nz,1,2\nw,\n" });
  assert.deepEqual(
    rows.map(({ number, cells }) => [number, cells["path"], cells["a"]]),
    [
      [1, "x", "1"],
      [4, "w", null],
    ],
  );
  assert.deepEqual(problems, [
    { number: 2, reason: "it has 1 cells, the heading has 2" },
    { number: 3, reason: "it has 3 cells, the heading has 2" },
  ]);
});

test("a heading with a byte order mark, Windows line ends and a repeated column", async () => {
  const { rows } = await read("x.csv", { form: "csv", bytes: '\ufeffpath,a\r\nx,"1\r\n2"\r\n' });
  assert.deepEqual(rows[0]?.cells, { path: "x", a: "1\r\n2" });
  await assert.rejects(read("x.csv", { form: "csv", bytes: "path,a,a\n" }), {
    code: "CATALOG_FILE_INVALID",
    message: /has two columns "a"/,
  });
  await assert.rejects(read("x.csv", { form: "csv", bytes: "" }), /it is empty/);
});

test("a JSON line that is none, or no object, or nested, is refused alone; large whole numbers keep their digits", async () => {
  const lines = ['{"path":"x","a":12345678901234567890}', "{", "", "[1]", '{"path":"y","a":{"b":1}}', "3"];
  const { rows, problems } = await read("x.ndjson", { form: "ndjson", bytes: lines.join("\n") });
  assert.deepEqual(
    rows.map(({ number, cells }) => [number, cells]),
    [[1, { path: "x", a: 12345678901234567890n }]],
  );
  assert.deepEqual(
    problems.map(({ number, reason }) => [number, reason.replace(/JSON: .*/, "JSON")]),
    [
      [2, "it is not JSON"],
      [3, "it is no JSON object"],
      [4, "its a is an object, not one value"],
      [5, "it is no JSON object"],
    ],
  );
});

test("a truncated file says so, in every form", async () => {
  const packed = gzipSync(`path,a\n${"x,1\n".repeat(10_000)}`);
  await assert.rejects(read("x.csv.gz", { form: "csv", bytes: packed.subarray(0, packed.length - 20) }), {
    code: "CATALOG_FILE_INVALID",
    message: /x\.csv\.gz cannot be read as a CSV file: the compressed file is truncated/,
  });
  const lines = gzipSync(`{"path":"x"}\n`.repeat(10_000));
  await assert.rejects(read("x.ndjson.gz", { form: "ndjson", bytes: lines.subarray(0, -20) }), {
    code: "CATALOG_FILE_INVALID",
    message: /the compressed file is truncated/,
  });
  await assert.rejects(read("x.parquet", { form: "parquet", bytes: "PAR1 and no more" }), {
    code: "CATALOG_FILE_INVALID",
    message: /cannot be read as a Parquet file/,
  });
  const { writer, file } = place();
  const name = file("cut.parquet");
  await writer.write(name, onePath("parquet"));
  truncateSync(name, readFileSync(name).length - 9);
  await assert.rejects(catalogFileReader.open(name, { form: "parquet", wanted }), {
    code: "CATALOG_FILE_INVALID",
  });
});

test("a damaged file, or one of another form, says what it is", async () => {
  const packed = gzipSync("path,a\nx,1\n");
  const damaged = Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)]);
  const cases = [
    ["x.csv.gz", "csv", damaged, /the compressed file is damaged \(incorrect data check\)/],
    ["x.parquet", "parquet", "", /it is empty/],
    ["x.parquet", "parquet", "<html>", /it does not begin with PAR1/],
    ["x.parquet", "parquet", `PAR1${"x".repeat(99)}`, /it is truncated/],
    ["x.ndjson", "ndjson", '[\n  {"path": "x"}\n]', /it is one JSON list; NDJSON has an object on each line/],
    ["x.json", "intake-esm", '{"esmcat_version": "0.1.0"}', /catalog: assets is missing/],
  ] as const;
  for (const [name, form, bytes, message] of cases)
    await assert.rejects(read(name, { form, bytes }), { code: "CATALOG_FILE_INVALID", message });
});

test("what is not UTF-8 is refused with its line; letters across parts of a file are whole", async () => {
  // More than one part of 64 KiB, each letter of three bytes at every place of it.
  const long = `path,a\n${"€".repeat(50_000)},1\n`;
  for (const shift of ["", "x", "xx"])
    assert.equal((await read("x.csv", { form: "csv", bytes: shift + long })).rows.length, 1);
  const latin = Buffer.concat([Buffer.from(long), Buffer.from("caf\u00e9.nc,2\n", "latin1")]);
  for (const bytes of [latin, gzipSync(latin)])
    await assert.rejects(read("x.csv", { form: "csv", bytes }), { message: /it is not UTF-8, on line 3$/ });
  const cut = Buffer.from('{"path":"€').subarray(0, -1);
  await assert.rejects(read("x.ndjson", { form: "ndjson", bytes: cut }), {
    message: /not UTF-8, on line 1$/,
  });
});

test("an intake-esm catalog holds its rows, or names a table beside it; what is neither is refused", async () => {
  const rest = { esmcat_version: "0.1.0", attributes: [], assets: { column_name: "uri", format: "netcdf" } };
  const inside = JSON.stringify({ ...rest, catalog_dict: [{ uri: "x", a: 1 }, 4] });
  const { rows, problems } = await read("x.json", { form: "intake-esm", bytes: inside });
  assert.deepEqual(rows[0]?.cells, { uri: "x", a: 1 });
  assert.equal(problems[0]?.number, 2);
  for (const [members, message] of [
    [{}, /one of catalog_file and catalog_dict/],
    [{ catalog_file: "https://example.org/x.csv.gz" }, /which is not a local file/],
    [{ catalog_file: "gone.csv" }, /there is no .*gone\.csv, the table that .*x\.json names/],
    [{ assets: {} }, /column_name/],
  ] as const)
    await assert.rejects(
      read("x.json", { form: "intake-esm", bytes: JSON.stringify({ ...rest, ...members }) }),
      {
        message,
      },
    );
  await assert.rejects(read("x.json", { form: "intake-esm", bytes: "{" }), { code: "CATALOG_FILE_INVALID" });
});

test("writing leaves nothing but the files it names", async () => {
  const { writer, file } = place();
  const written = await writer.write(file("my.json"), onePath("intake-esm"));
  assert.deepEqual(written, [file("my.json"), file("my.csv")]);
  assert.deepEqual(readdirSync(dirname(file("my.json"))).sort(), ["my.csv", "my.json"]);
});
