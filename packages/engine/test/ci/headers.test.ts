import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, it } from "node:test";
import { diskTree } from "../../src/adapters/files/walk.ts";
import { HeaderPool } from "../../src/adapters/header-pool/header-pool.ts";
import { loadHdf5 } from "../../src/adapters/netcdf/hdf5.ts";
import { readHeaderFile } from "../../src/adapters/netcdf/header-file.ts";
import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import { ingest } from "../../src/app/ingest.ts";
import { cmip6 } from "../../src/core/catalog/cmip6.ts";
import type { FileHeader } from "../../src/core/catalog/source-type.ts";

const engine = path.resolve(import.meta.dirname, "../..");
const realFiles = path.resolve(engine, "../../../shared/data");
const python = process.env["ALMANAC_TEST_PYTHON"];
const skip = !existsSync(realFiles) && "the real CMIP6 files are not beside the repository";

async function headersOf(files: readonly string[]): Promise<ReadonlyMap<string, FileHeader>> {
  const module = await (await loadHdf5()).ready;
  const headers = new Map<string, FileHeader>();
  for (const file of files) {
    const result = readHeaderFile(module, path.join(realFiles, file));
    assert.ok(result.ok, `${file}: ${result.ok ? "" : result.reason}`);
    headers.set(file, result.header);
  }
  return headers;
}

describe("headers of real CMIP6 files", { skip }, () => {
  const files = globSync("**/*.nc", { cwd: realFiles }).sort();

  it("all of them are read, and begin and end in the months that their names say", async () => {
    assert.ok(files.length > 100);
    for (const [file, { start, end }] of await headersOf(files)) {
      const [, first, last] = /_(\d{6})-(\d{6})\.nc$/.exec(file) ?? [];
      const month = (text: string | undefined) => text?.slice(0, 7).replace("-", "");
      assert.deepEqual([month(start), month(end)], [first, last], file);
    }
  });

  it("both phases of ingestion give the same ids and files, and content ids stay", async () => {
    const project = mkdtempSync(path.join(tmpdir(), "almanac-real-"));
    const headers = new HeaderPool({ program: path.join(engine, "src/entry/header-worker/main.ts") });
    const recorded = async (modes: readonly ("fast" | "full")[]) => {
      const catalog = await openCatalog({ file: ":memory:" });
      for (const mode of modes) {
        const report = await ingest(
          { sourceType: cmip6, folders: [realFiles], mode, projectFolder: project },
          { catalog: catalog.datasets, tree: diskTree, headers, emit: () => {} },
          new AbortController().signal,
        );
        assert.deepEqual(report.invalid, []);
      }
      const { items } = await catalog.datasets.list({});
      await catalog.close();
      return items;
    };
    const key = (items: Awaited<ReturnType<typeof recorded>>) =>
      items.map(({ id, files: own }) => [id, own.map((file) => file.path)]);
    const [fast, full, both] = [
      await recorded(["fast"]),
      await recorded(["full"]),
      await recorded(["fast", "full"]),
    ];
    await headers.close();
    rmSync(project, { recursive: true });
    assert.deepEqual(key(fast), key(full));
    assert.deepEqual(key(both), key(full));
    assert.ok(full.every(({ finalised }) => finalised) && both.every(({ finalised }) => finalised));
    const contentIds = (items: typeof fast) =>
      items.flatMap((item) => item.files.map((file) => file.contentId));
    assert.deepEqual(contentIds(both), contentIds(fast));
  });

  const noPython = python === undefined && "ALMANAC_TEST_PYTHON names no Python with netCDF4";
  it("attributes, levels and times are those that netCDF4 and cftime read", { skip: noPython }, async () => {
    const program = path.join(import.meta.dirname, "headers-reference.py");
    const output = execFileSync(python ?? "", [program, realFiles], { encoding: "utf8", maxBuffer: 2 ** 28 });
    const reference = JSON.parse(output) as Readonly<Record<string, Reference>>;
    assert.deepEqual(Object.keys(reference).sort(), files);
    for (const [file, ours] of await headersOf(files)) {
      const theirs = reference[file];
      assertSame(ours.attributes, theirs?.attributes, file);
      assertSame(ours.variables[ours.attributes["variable_id"] ?? ""], theirs?.variable, file);
      const { verticalLevels: levels, start, end, calendar } = ours;
      assert.deepEqual(
        { levels, start, end, calendar },
        { levels: theirs?.levels, start: theirs?.start, end: theirs?.end, calendar: theirs?.calendar },
        file,
      );
    }
  });
});

type Attributes = Readonly<Record<string, string | readonly number[]>>;

interface Reference {
  readonly attributes: Attributes;
  readonly variable: Attributes;
  readonly levels: number;
  readonly start?: string;
  readonly end?: string;
  readonly calendar?: string;
}

/** Texts are equal; numbers are equal as single-precision values, whose shortest text is not their double. */
function assertSame(
  ours: Readonly<Record<string, string>> | undefined,
  theirs: Attributes | undefined,
  file: string,
): void {
  assert.deepEqual(Object.keys(ours ?? {}).sort(), Object.keys(theirs ?? {}).sort(), file);
  for (const [name, value] of Object.entries(theirs ?? {})) {
    const text = ours?.[name] ?? "";
    if (typeof value === "string") assert.equal(text, value.replace(/\0.*$/s, ""), `${file} ${name}`);
    else
      assert.deepEqual(
        text.split(", ").map((part) => Math.fround(Number(part))),
        value.map(Math.fround),
        `${file} ${name}`,
      );
  }
}
