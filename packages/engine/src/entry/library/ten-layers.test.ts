import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { LooseStep } from "../../core/steps/pipeline.ts";
import { openProducts, pipelineOf, WorkflowRunner } from "./steps.ts";

const layers = 10;
const width = 100;

interface Layered {
  readonly folder: string;
  /** Builds everything anew from the store. @returns names of the steps that ran */
  build(): Promise<readonly string[]>;
  edit(source: number, text: string): void;
}

/** Ten layers of a hundred steps; step i reads i and i + 1 of the layer before, joins them and keeps the first 64 bytes. */
function layered(t: TestContext): Layered {
  const folder = mkdtempSync(join(tmpdir(), "almanac-layers-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "sources"));
  const source = (number: number): string => join(folder, "sources", String(number));
  const edit = (number: number, text: string): void => writeFileSync(source(number), text.padEnd(100, "."));
  for (let number = 0; number < width; number++) edit(number, `source ${number}`);
  const steps: LooseStep[] = [];
  const name = (layer: number, number: number): string => `p${layer}_${number % width}`;
  for (let layer = 0; layer < layers; layer++)
    for (let number = 0; number < width; number++)
      steps.push({
        id: `s${layer}_${number}`,
        version: "1",
        produces: name(layer, number),
        ...(layer === 0
          ? { files: [source(number)], run: () => readFileSync(source(number), "utf8").slice(0, 64) }
          : {
              requires: [name(layer - 1, number), name(layer - 1, number + 1)],
              run: (inputs: Readonly<Record<string, unknown>>) =>
                `${String(inputs[name(layer - 1, number)])}${String(inputs[name(layer - 1, number + 1)])}`.slice(
                  0,
                  64,
                ),
            }),
      });
  const pipeline = pipelineOf("layers", steps);
  return {
    folder,
    edit,
    build: async () => {
      await using runner = new WorkflowRunner(pipeline, {}, openProducts(join(folder, "products")));
      return (await runner.buildProducts(runner.leaves())).ran;
    },
  };
}

test("ten layers of a hundred steps: touched 0, changed out of sight 1, changed for real 19", async (t) => {
  const { build, edit, folder } = layered(t);
  assert.equal((await build()).length, layers * width);
  assert.deepEqual(await build(), []);
  utimesSync(join(folder, "sources", "50"), new Date(), new Date());
  assert.deepEqual(await build(), [], "touched");
  const original = readFileSync(join(folder, "sources", "50"), "utf8");
  writeFileSync(join(folder, "sources", "50"), `${original.slice(0, 99)}!`);
  assert.deepEqual(await build(), ["s0_50"], "changed beyond byte 64");
  edit(50, "another source");
  const ran = await build();
  assert.equal(ran.length, 19, ran.join(" "));
});
