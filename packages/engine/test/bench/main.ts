// npm run bench -- NAME [--json]: measures and prints machine, sizes and figures. Figures are no tests: nothing fails here.
import { parseArgs } from "node:util";
import type { Bench, Figure } from "./figure.ts";
import { describeMachine } from "./machine.ts";

/** Every bench by name; a new one is a file beside this and a line here. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  execute: () => import("./execute.ts"),
  import: () => import("./import.ts"),
  ingest: () => import("./ingest.ts"),
  publish: () => import("./publish.ts"),
  record: () => import("./record.ts"),
  solve: () => import("./solve.ts"),
  startup: () => import("./startup.ts"),
  steps: () => import("./steps.ts"),
};

function lineOf({ id, what, value, unit, aim, ratio, runs, spread }: Figure): string {
  const short = (x: number) => (Math.abs(x) >= 100 ? x.toFixed(0) : x.toPrecision(3));
  const wanted = aim === undefined ? "" : `, aim ≤ ${aim} ${value <= aim ? "(reached)" : "(missed)"}`;
  const faster = ratio === undefined ? "" : `, ${ratio}× the reference`;
  const range = `${runs} runs, ${short(spread[0])} to ${short(spread[1])}`;
  return `  ${id}: ${short(value)} ${unit}${wanted}${faster}; ${what}; ${range}`;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const name = positionals[0] ?? "";
const load = Object.hasOwn(benches, name) ? benches[name] : undefined;

if (load === undefined || positionals.length > 1) {
  console.error(`usage: npm run bench -- NAME [--json]\nNAME is one of: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
} else {
  const machine = describeMachine();
  const figures = await (await load()).run();
  if (values.json === true) console.log(JSON.stringify({ bench: name, machine, figures }, null, 2));
  else {
    const { cpu, cores, memoryGiB, system, node } = machine;
    console.log(`${name}\n  on ${cores} × ${cpu}, ${memoryGiB} GiB, ${system}, Node.js ${node}`);
    for (const figure of figures) console.log(lineOf(figure));
  }
}
