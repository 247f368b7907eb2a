import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import { pathToPublished, sampleTime, transitionsAlong } from "../../src/ports/sample-records.contract.ts";
import { sampleRun } from "../../src/ports/sample-run.contract.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const members = 100_000;

/** Putting together and releasing a dataset of 100,000 files, and the next version, in which one is gone. */
export async function datasetFigures(): Promise<readonly Figure[]> {
  const catalog = await openCatalog({ file: ":memory:" });
  try {
    const files = await makeFiles(catalog);
    let dataset: Rid | undefined;
    const first = await elapsedMs(async () => {
      const [made] = await catalog.authored.create([
        {
          ...{ description: "", types: [], at: sampleTime, release: {} },
          members: files.map((rid) => ({ rid })),
        },
      ]);
      dataset = made?.rid;
    });
    const next = await elapsedMs(async () => {
      if (dataset === undefined) return;
      await catalog.authored.change(dataset, { remove: files.slice(0, 1) });
      await catalog.authored.release(dataset, { at: sampleTime });
    });
    return [
      figure({ id: "datasetRelease", what: `dataset of ${members} files made and released`, unit: "ms" }, [
        first,
      ]),
      figure({ id: "datasetNextRelease", what: "its next version, without one of them", unit: "ms" }, [next]),
    ];
  } finally {
    await catalog.close();
  }
}

async function makeFiles(catalog: Awaited<ReturnType<typeof openCatalog>>): Promise<readonly Rid[]> {
  const { definition } = await catalog.runs.record(sampleRun("many"), undefined);
  await catalog.executions.transition(transitionsAlong(definition.rid, pathToPublished.slice(0, -1)));
  const [last] = transitionsAlong(definition.rid, ["publishing", "published"]);
  await catalog.values.publish(
    {
      definition,
      ...{ scalars: [], series: [], outputs: [], warnings: [] },
      artifacts: Array.from({ length: members }, (_, at) => ({
        ...{ name: `${at}`, path: `${at}.txt`, kind: "execution-asset", types: [], mode: "write" as const },
        ...{ metadata: {}, description: "", keepOnFailure: false, sizeBytes: 1, sha256: `${at}` },
      })),
    },
    last,
  );
  const { items } = await catalog.assets.list({ execution: definition.rid, role: "Output" });
  return items.map(({ rid }) => rid);
}
