// node import-process.ts FOLDER CATALOGS: imports catalogs twice, exports them in every form; prints times and peak memory.
import { globSync } from "node:fs";
import { basename, join } from "node:path";
import { open } from "../../src/entry/library/open.ts";
import { type CatalogForm, catalogForms } from "../../src/ports/catalog-file.ts";
import { elapsedMs } from "./figure.ts";

const [folder = "", catalogs = ""] = process.argv.slice(2);

await using project = await open({ folder, access: "create" });

/** One type after the other, as five commands would. */
async function importAll(): Promise<number> {
  let rows = 0;
  for (const file of globSync("*.{parquet,ndjson.gz}", { cwd: catalogs }).sort()) {
    const [sourceType = "", ending = ""] = basename(file).split(/\.(.*)/s);
    const form: CatalogForm = ending === "parquet" ? "parquet" : "ndjson";
    const input = { sourceType, files: [{ file: join(catalogs, file), form }] };
    const report = await project.importCatalog(input, new AbortController().signal);
    rows += report.new + report.unchanged + report.updated;
  }
  return rows;
}

let rows = 0;
const importNew = await elapsedMs(async () => (rows = await importAll()));
const importAgain = await elapsedMs(importAll);
const exported: Record<string, number> = {};
for (const form of catalogForms)
  exported[form] = await elapsedMs(() => project.exportCatalog({ file: join(folder, `all.${form}`), form }));
const memoryMiB = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ rows, importNew, importAgain, exported, memoryMiB }));
