// Solves the real catalogs with COPIES of every model, in memory: solve-tenfold.ts COPIES. Prints milliseconds, rows and memory.
import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import type { Dataset } from "../../src/core/catalog/dataset.ts";
import type { Snapshot, SourceTable } from "../../src/core/catalog/snapshot.ts";
import { buildTable } from "../../src/core/catalog/snapshot-builder.ts";
import { requireSourceType } from "../../src/core/catalog/source-types.ts";
import { datasetAt } from "../../src/core/catalog/table-rows.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { loadPeerProviders } from "../conformance/peer-requirements.ts";
import { loadRealCatalogs } from "../conformance/real-catalogs.ts";
import { conformanceFolder } from "../conformance/shared-folder.ts";

/** Source types whose models are copied; observations stay what they are. */
const copiedTypes = new Set(["cmip6", "cmip7"]);

const copies = Number(process.argv[2] ?? "10");
const providers = loadPeerProviders(
  path.join(conformanceFolder, "solve", "requirements.json"),
  "by-spelling",
);
const ignore = parse(
  readFileSync(path.join(conformanceFolder, "solve", "ignore.yaml"), "utf8"),
) as IgnoreList;
const snapshot = await copiedCatalogs(copies);
const rows = [...snapshot.tables.values()].reduce((total, { paths }) => total + paths.length, 0);
const start = performance.now();
const cpu = process.cpuUsage();
const { decisions } = solve(snapshot, providers, { history: { groups: [] }, ignore });
const { user, system } = process.cpuUsage(cpu);
const ms = performance.now() - start;
const memoryMiB = process.resourceUsage().maxRSS / 1024;
console.log(
  JSON.stringify({ ms, cpuMs: (user + system) / 1000, rows, decisions: decisions.length, memoryMiB }),
);

async function copiedCatalogs(times: number): Promise<Snapshot> {
  const { revision, tables } = await loadRealCatalogs(path.join(conformanceFolder, "catalogs"));
  const copied = [...tables].map(
    ([name, table]) => [name, copiedTypes.has(name) ? copiedTable(table, times) : table] as const,
  );
  return { revision, tables: new Map(copied) };
}

function copiedTable(table: SourceTable, times: number): SourceTable {
  const datasets: Dataset[] = [];
  for (let row = 0; row < table.ids.length; row += 1) {
    const dataset = datasetAt(table, row);
    datasets.push(dataset);
    for (let copy = 2; copy <= times; copy += 1) datasets.push(renamed(dataset, `-C${copy}`));
  }
  return buildTable(requireSourceType(table.sourceType), datasets);
}

/** The dataset as another model's, children and parents alike. */
function renamed(dataset: Dataset, ending: string): Dataset {
  const { source_id: source = "", parent_source_id: parent } = dataset.facets;
  const id = dataset.id.replace(`.${source}.`, `.${source}${ending}.`);
  return {
    ...dataset,
    id,
    facets: {
      ...dataset.facets,
      instance_id: id,
      source_id: `${source}${ending}`,
      ...(parent === undefined ? {} : { parent_source_id: `${parent}${ending}` }),
    },
  };
}
