import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { catalogFileReader } from "../../src/adapters/catalog-file/catalog-file-reader.ts";
import { requireSourceType } from "../../src/core/catalog/source-types.ts";
import { cellText } from "../../src/documents/dataset-row.ts";
import { open } from "../../src/entry/library/open.ts";
import type { Project } from "../../src/entry/project.ts";
import { catalogFiles } from "./real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";

/** Rows and datasets of the five catalogs. */
const expected: Readonly<Record<string, readonly [rows: number, datasets: number]>> = {
  cmip6: [97_674, 4632],
  cmip7: [96_782, 4616],
  obs4mips: [269, 22],
  "pmp-climatology": [25, 25],
  "esmvaltool-reference": [165, 27],
};

const noSignal = new AbortController().signal;

describe("the five real catalogs come in by the product's import", { skip: skipWithoutCases }, () => {
  const catalogs = path.join(conformanceFolder, "catalogs");
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-real-"));
  let project: Project;

  const importAll = async () => {
    const counts: Record<string, readonly number[]> = {};
    for (const { sourceType, file, form } of catalogFiles(catalogs)) {
      const report = await project.importCatalog(
        { sourceType: sourceType.name, files: [{ file, form }] },
        noSignal,
      );
      counts[sourceType.name] = [
        report.new,
        report.updated,
        report.unchanged,
        report.invalid,
        report.datasets,
      ];
    }
    return counts;
  };

  before(async () => {
    writeFileSync(path.join(folder, "almanac.config.json"), "{}");
    project = await open({ folder, access: "create" });
  });
  after(async () => {
    await project[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  test("every row is new, and unchanged the second time; none is invalid", async () => {
    const counts = Object.entries(expected).map(([type, [rows, datasets]]) => ({ type, rows, datasets }));
    assert.deepEqual(
      await importAll(),
      Object.fromEntries(counts.map(({ type, rows, datasets }) => [type, [rows, 0, 0, 0, datasets]])),
    );
    const revision = await project.catalog.datasets.revision();
    assert.deepEqual(
      await importAll(),
      Object.fromEntries(counts.map(({ type, rows }) => [type, [0, 0, rows, 0, 0]])),
    );
    assert.equal(await project.catalog.datasets.revision(), revision);
  });

  test("ids are those of the catalogs, in code-unit order", async () => {
    for (const { sourceType, file, form } of catalogFiles(catalogs)) {
      const ids = new Set<string>();
      const { batches } = await catalogFileReader.open(file, { form, wanted: new Set(["instance_id"]) });
      for await (const { rows } of batches)
        for (const { cells } of rows) ids.add(cellText(cells["instance_id"]) ?? "");
      const { tables } = await project.catalog.datasets.snapshot([sourceType.name]);
      assert.deepEqual(tables.get(sourceType.name)?.ids, [...ids].sort());
    }
  });

  test("an export into an empty catalog and out again gives equal bytes", async () => {
    const small = { form: "parquet", selection: ["source_id=CanESM5,HadCRUT5,ERA-5"] } as const;
    const file = path.join(folder, "some.parquet");
    const { datasets, rows } = await project.exportCatalog({ ...small, file });
    assert.ok(datasets > 100 && rows > 500, `${datasets} datasets, ${rows} rows`);
    const other = path.join(folder, "other");
    await using again = await openAt(other);
    const report = await again.importCatalog({ files: [{ file, form: "parquet" }] }, noSignal);
    assert.deepEqual([report.new + report.unchanged, report.invalid, report.datasets], [rows, 0, datasets]);
    const copy = path.join(folder, "copy.parquet");
    await again.exportCatalog({ ...small, file: copy });
    assert.ok(readFileSync(copy).equals(readFileSync(file)));
  });

  test("the paths of ESMValTool's observations tell the ids and facets that their catalog has", async () => {
    const sourceType = requireSourceType("esmvaltool-reference");
    const { tables } = await project.catalog.datasets.snapshot([sourceType.name]);
    const [snapshot] = tables.values();
    assert.ok(snapshot !== undefined);
    const { items } = await project.catalog.datasets.list({ sourceType: sourceType.name });
    for (const { id, facets, files } of items)
      for (const { path: name } of files) {
        const named = sourceType.parsePath(name)?.facets ?? {};
        for (const facet of [
          "project",
          "source_id",
          "frequency",
          "variable_id",
          "version",
          "tier",
          "data_type",
        ])
          assert.equal(named[facet], facets[facet], `${facet} of ${name}, ${id}`);
      }
  });
});

async function openAt(folder: string): Promise<Project> {
  mkdirSync(folder);
  writeFileSync(path.join(folder, "almanac.config.json"), "{}");
  return open({ folder, access: "create" });
}
