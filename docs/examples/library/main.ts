// Opens a project in a folder of its own, ingests a small synthetic archive, plans, solves and prints values.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAlmanacError, open } from "almanac";
import { writeSyntheticArchive } from "almanac/testing";

const folder = mkdtempSync(join(tmpdir(), "almanac-library-"));
writeFileSync(join(folder, "almanac.config.json"), "{}");
const archive = await writeSyntheticArchive(join(folder, "archive"), { models: 1 });
const never = new AbortController().signal;
const request = { options: { diagnostics: ["transient-climate-response"] }, open: true };

// Closed at the end of the module, whatever happens.
await using project = await open({ folder, access: "create", settings: { "executor.jobs": 1 } });

const report = await project.ingest({ sourceType: "cmip6", folders: [archive.root], mode: "full" }, never);
console.log(`${report.datasets} datasets; ${report.invalid.length} file cannot be used`);

const { plan } = await project.plan(request);
for (const { decision, diagnostic, key } of plan.decisions) console.log(decision, diagnostic, key);

const { ends } = await project.solve({ ...request, execute: true }, { stop: never, cancel: never });
for (const { state } of ends) console.log(state);

const { items } = await project.catalog.values.values({ kind: "scalar", selection: ["metric=tcr"] });
for (const { value } of items)
  if ("value" in value) console.log(value.dimensions["source_id"], value.value?.toFixed(2), value.units);

try {
  await project.explain({ target: "no-such-diagnostic", facets: {} });
} catch (error) {
  if (!isAlmanacError(error, "UNKNOWN_NAME")) throw error;
  console.log(error.code);
}
