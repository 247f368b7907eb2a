import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import type { RunDefinition } from "../../src/core/execution/definition.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const executions = 100_000;
const chain = 20;
const runs = 20;

/** Lineage of depth 20 in a catalog of 100,000 executions, each made from what the one before it left. */
export async function lineageFigures(): Promise<readonly Figure[]> {
  const catalog = await openCatalog({ file: ":memory:" });
  try {
    let input: Rid | undefined;
    let last: Rid | undefined;
    for (let at = 0; at < executions; at += 1) {
      if (at % chain === 0) input = undefined;
      const { definition } = await catalog.runs.record(
        {
          workflow: { name: "step", types: [], url: "file:///step", checksum: "c", description: "" },
          inputs: [
            input === undefined
              ? { kind: "file", fileName: "data", sizeBytes: 1, sha256: `d${at}`, url: `data${at}` }
              : { rid: input, kind: "file", fileName: "out", sizeBytes: 1, sha256: "s", url: "x" },
          ],
          reserve: 1,
          parametersDigest: "",
          define: ({ execution, workflow, assets, reserved }): RunDefinition => ({
            ...{ formatVersion: 2, origin: "run", rid: execution, fragment: `runs/step/${execution}` },
            workflow: {
              rid: workflow,
              name: "step",
              types: [],
              url: "file:///step",
              checksum: "c",
              description: "",
            },
            code: { source: "given", dirty: false, dirtyPaths: [] },
            ...{ description: "", datasets: [], fingerprint: "f", parameters: {}, limits: {}, kinds: [] },
            assets: assets.map((rid) => ({
              ...{ rid, kind: "file", fileName: "x", sizeBytes: 1, sha256: "s", url: "x", place: "x" },
            })),
            computation: { kind: "command", argv: ["true"] },
            vocabulary: { dimensions: [] },
            ...{ commandLine: [], workingFolder: ".", createdAt: "2024-01-01T00:00:00.000Z" },
            reserved: { first: reserved, count: 1 },
          }),
        },
        undefined,
      );
      const artifact = {
        ...{ name: "out", path: "out", kind: "execution-asset", types: [], mode: "write" as const },
        ...{ metadata: {}, description: "", keepOnFailure: false, sizeBytes: 1, sha256: `s${at}` },
      };
      await catalog.values.publish(
        { definition, scalars: [], series: [], outputs: [], artifacts: [artifact], warnings: [] },
        undefined,
      );
      const { items } = await catalog.assets.list({ execution: definition.rid, role: "Output" });
      input = items[0]?.rid;
      last = input;
    }
    const times: number[] = [];
    for (let pass = 0; pass < runs; pass += 1)
      times.push(
        await elapsedMs(() => catalog.lineage.lineage({ rid: last ?? ("" as Rid), direction: "up" })),
      );
    const what = `lineage of depth ${chain * 2} in ${executions} executions`;
    return [figure({ id: "lineage", what, unit: "ms", aim: 100 }, times)];
  } finally {
    await catalog.close();
  }
}
