import { createBlobFolder } from "../../src/adapters/blob-folder/blob-folder.ts";
import type { LooseStep } from "../../src/core/steps/pipeline.ts";
import { openProducts, pipelineOf, WorkflowRunner } from "../../src/entry/library/steps.ts";

// Builds twelve products, small and large, shared in a folder; dies at a durable write there. Started by sharing-kill.test.ts.

const [own = "", team = "", dieAt = ""] = process.argv.slice(2);
let writes = 0;
const die = (): void => {
  if (++writes === Number(dieAt)) process.kill(process.pid, "SIGKILL");
};
const shared = createBlobFolder(team, { before: die, after: die });
const steps: LooseStep[] = Array.from({ length: 12 }, (_, at) => ({
  id: `s${at}`,
  produces: `p${at}`,
  requires: at === 0 ? [] : [`p${at - 1}`],
  version: "1",
  run: (inputs: Readonly<Record<string, string>>) =>
    `${at}(${(inputs[`p${at - 1}`] ?? "").slice(0, 60)})`.padEnd(at % 2 === 0 ? 9000 : 90, "#"),
}));
await using runner = new WorkflowRunner(pipelineOf("kill", steps), {}, openProducts(own, { shared }));
const { ran, taken, failures } = await runner.buildProducts(runner.leaves());
for (const { error } of failures) throw error;
const value = String(await runner.get("p11"));
process.stdout.write(JSON.stringify({ ran: ran.length, taken: taken.length, value, writes }));
