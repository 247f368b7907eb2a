import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test } from "node:test";
import type { LooseStep } from "../../src/core/steps/pipeline.ts";
import { openProducts, pipelineOf, WorkflowRunner } from "../../src/entry/library/steps.ts";
import type { CleanUp } from "../support/clean-up.ts";

type Inputs = Readonly<Record<string, never>>;

function temporaryFolder(cleanUp: CleanUp): string {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-graphs-"));
  cleanUp.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds everything in a runner of its own, as a later process would. @returns names of the steps that ran */
async function ran(
  steps: readonly LooseStep[],
  { folder, config = {} }: { readonly folder: string; readonly config?: object },
): Promise<readonly string[]> {
  await using runner = new WorkflowRunner(pipelineOf("graph", steps), config, openProducts(folder));
  const report = await runner.buildProducts(runner.leaves());
  assert.deepEqual(report.failures, []);
  return report.ran;
}

describe("what runs again", () => {
  test("ten layers of a hundred steps: touched 0, changed beyond what is used 1, changed for real 19", async (t) => {
    const folder = temporaryFolder(t);
    const source = (at: number): string => path.join(folder, `source-${at}.txt`);
    const write = (at: number, text: string): void => writeFileSync(source(at), text.padEnd(100, "."));
    const steps: LooseStep[] = [];
    for (let at = 0; at < 100; at++) write(at, `source ${at} `);
    for (let layer = 0; layer < 10; layer++)
      for (let at = 0; at < 100; at++) {
        const [left, right] = [`p${layer - 1}_${at}`, `p${layer - 1}_${(at + 1) % 100}`];
        steps.push({
          id: `p${layer}_${at}`,
          produces: `p${layer}_${at}`,
          version: "1",
          ...(layer === 0
            ? { files: [source(at)], run: () => readFileSync(source(at), "utf8").slice(0, 64) }
            : {
                requires: [left, right],
                run: (inputs: Inputs) => `${inputs[left]}${inputs[right]}`.slice(0, 64),
              }),
        });
      }
    const products = path.join(folder, "products");
    assert.equal((await ran(steps, { folder: products })).length, 1000);
    assert.equal((await ran(steps, { folder: products })).length, 0);
    utimesSync(source(50), new Date(), new Date(Date.now() + 5000));
    assert.equal((await ran(steps, { folder: products })).length, 0);
    writeFileSync(source(50), `${"source 50 ".padEnd(99, ".")}!`);
    assert.deepEqual(await ran(steps, { folder: products }), ["p0_50"]);
    write(50, "another source");
    assert.equal((await ran(steps, { folder: products })).length, 19);
  });

  test("one of five configuration fields: its readers run, and dependents only where values changed", async (t) => {
    const folder = temporaryFolder(t);
    const steps: LooseStep[] = [];
    for (let at = 0; at < 1000; at++) {
      const field = `f${at % 5}`;
      const reader = ({ config }: { readonly config: Readonly<Record<string, number>> }): number =>
        // Half of them come out the same for any positive number.
        at % 2 === 0 ? (config[field] ?? 0) : Math.sign(config[field] ?? 0);
      steps.push({ id: `r${at}`, produces: `r${at}`, version: "1", run: reader as LooseStep["run"] });
      const dependent = (inputs: Inputs): string => `got ${inputs[`r${at}`]}`;
      steps.push({ id: `d${at}`, produces: `d${at}`, requires: [`r${at}`], version: "1", run: dependent });
    }
    const config = { f0: 1, f1: 2, f2: 3, f3: 4, f4: 5 };
    assert.equal((await ran(steps, { folder, config })).length, 2000);
    const changed = await ran(steps, { folder, config: { ...config, f2: 30 } });
    assert.equal(changed.filter((name) => name.startsWith("r")).length, 200);
    assert.equal(changed.filter((name) => name.startsWith("d")).length, 100);
  });

  test("configuration A, B, A again: two computations", async (t) => {
    const folder = temporaryFolder(t);
    let computations = 0;
    const square: LooseStep = {
      id: "square",
      produces: "square",
      version: "1",
      run: (({ config }: { readonly config: { readonly x: number } }) => {
        computations++;
        return config.x ** 2;
      }) as LooseStep["run"],
    };
    for (const [x, expected] of [
      [2, 4],
      [3, 9],
      [2, 4],
    ] as const) {
      await using runner = new WorkflowRunner(pipelineOf("aba", [square]), { x }, openProducts(folder));
      assert.equal(await runner.get("square"), expected);
    }
    assert.equal(computations, 2);
  });

  test("thirty stacked diamonds: each step once, planned once", async (t) => {
    const folder = temporaryFolder(t);
    const steps: LooseStep[] = [{ id: "p0", produces: "p0", version: "1", run: () => 1 }];
    for (let at = 1; at <= 30; at++) {
      const below = `p${at - 1}`;
      for (const side of ["a", "b"])
        steps.push({
          id: `${side}${at}`,
          produces: `${side}${at}`,
          requires: [below],
          version: "1",
          run: (inputs: Inputs) => inputs[below],
        });
      steps.push({
        id: `p${at}`,
        produces: `p${at}`,
        requires: [`a${at}`, `b${at}`],
        version: "1",
        run: (inputs: Inputs) => Number(inputs[`a${at}`]) + Number(inputs[`b${at}`]),
      });
    }
    await using runner = new WorkflowRunner(pipelineOf("diamonds", steps), {}, openProducts(folder));
    assert.equal((await runner.plan()).length, 91);
    assert.equal(await runner.get("p30"), 2 ** 30);
    assert.equal((await ran(steps, { folder })).length, 91);
    assert.deepEqual(await ran(steps, { folder }), []);
  });

  test("a chain of 100,000 steps is planned, built and found again without overflow", async () => {
    const length = 100_000;
    const steps = Array.from(
      { length },
      (_, at): LooseStep => ({
        id: `s${at}`,
        produces: `s${at}`,
        version: "1",
        ...(at === 0
          ? { run: () => 0 }
          : { requires: [`s${at - 1}`], run: (inputs: Inputs) => Number(inputs[`s${at - 1}`]) + 1 }),
      }),
    );
    await using runner = new WorkflowRunner(pipelineOf("chain", steps));
    const last = `s${length - 1}`;
    assert.equal((await runner.plan([last])).length, length);
    assert.equal(await runner.get(last), length - 1);
    assert.deepEqual((await runner.buildProducts([last])).ran, []);
  });
});
