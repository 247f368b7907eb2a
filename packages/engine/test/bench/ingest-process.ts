// Ingests a folder several times into one new catalog: ingest-process.ts FOLDER full|fast TIMES. Prints times and memory.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { diskTree } from "../../src/adapters/files/walk.ts";
import { HeaderPool } from "../../src/adapters/header-pool/header-pool.ts";
import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import { ingest } from "../../src/app/ingest.ts";
import { cmip6 } from "../../src/core/catalog/cmip6.ts";
import { elapsedMs } from "./figure.ts";

const [folder = "", mode = "full", count = "1"] = process.argv.slice(2);
const project = mkdtempSync(join(tmpdir(), "almanac-bench-project-"));
const catalog = await openCatalog({ file: join(project, "catalog.db"), create: true });
const headers = new HeaderPool({
  program: fileURLToPath(new URL("../../src/entry/header-worker/main.ts", import.meta.url)),
});
const times: number[] = [];
for (let run = 0; run < Number(count); run += 1)
  times.push(
    await elapsedMs(() =>
      ingest(
        {
          sourceType: cmip6,
          folders: [folder],
          mode: mode === "fast" ? "fast" : "full",
          projectFolder: project,
        },
        { catalog: catalog.datasets, tree: diskTree, headers, emit: () => {} },
        new AbortController().signal,
      ),
    ),
  );
await headers.close();
await catalog.close();
rmSync(project, { recursive: true });
console.log(JSON.stringify({ times, memory: process.resourceUsage().maxRSS / 1024 }));
