import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type LooseStep } from "../../src/core/steps/pipeline.ts";
import { openProducts, pipelineOf, WorkflowRunner } from "../../src/entry/library/steps.ts";

// Builds a graph of forty steps in a folder; each run of a step adds a line to `runs.txt`. Started by steps-kill.test.ts.

const [folder = "", salt = ""] = process.argv.slice(2);
const width = 8;
const steps: LooseStep[] = [];
for (let layer = 0; layer < 5; layer++)
  for (let at = 0; at < width; at++) {
    const requires = layer === 0 ? [] : [`p${layer - 1}_${at}`, `p${layer - 1}_${(at + 1) % width}`];
    steps.push({
      id: `s${layer}_${at}`,
      produces: `p${layer}_${at}`,
      requires,
      version: salt,
      run: async (inputs: Readonly<Record<string, string>>) => {
        await wait(2 + ((at * 7 + layer * 3) % 9));
        const text = `${layer}.${at}(${requires.map((name) => inputs[name]?.slice(0, 40)).join(",")})`;
        appendFileSync(join(folder, "runs.txt"), `${process.pid} s${layer}_${at}\n`);
        // Every third product is too large for the log of small ones.
        return at % 3 === 0 ? text.padEnd(6000, "#") : text;
      },
    });
  }

const runner = new WorkflowRunner(pipelineOf("kill", steps), {}, openProducts(join(folder, "products")));
const { failures } = await runner.buildProducts(runner.leaves(), { jobs: 4 });
for (const { error } of failures) throw error;
for (let at = 0; at < width; at++)
  process.stdout.write(`${String(await runner.get(`p4_${at}`)).slice(0, 200)}\n`);
await runner.close();
