import { execFileSync } from "node:child_process";
import path from "node:path";
import { type Figure, figure } from "./figure.ts";

const passes = 3;
const copies = 10;

/** One solve in a process of its own. */
interface Apart {
  readonly ms: number;
  readonly cpuMs: number;
  readonly rows: number;
  readonly decisions: number;
  readonly memoryMiB: number;
}

/** Solves in processes of their own, so that their memory is their own: the catalogs as they are, and tenfold. */
export function measuredApart(): readonly Figure[] {
  const single = Array.from({ length: passes }, () => solveApart(1));
  const tenfold = Array.from({ length: passes }, () => solveApart(copies));
  const sizes = `${tenfold[0]?.rows} rows, ${tenfold[0]?.decisions} decisions`;
  const times = tenfold.map(({ ms }) => ms);
  const perRow = (runs: readonly Apart[]): number =>
    figure(
      { id: "", what: "", unit: "" },
      runs.map(({ cpuMs, rows }) => cpuMs / rows),
    ).value;
  return [
    figure(
      { id: "fullSolveMemory", what: "peak memory with loading", unit: "MiB", aim: 1024 },
      single.map(({ memoryMiB }) => memoryMiB),
    ),
    figure({ id: "tenfoldSolve", what: `full solve, ${sizes}`, unit: "ms", aim: 8000 }, times),
    figure(
      { id: "tenfoldSolveCpu", what: "the same, CPU time", unit: "ms" },
      tenfold.map(({ cpuMs }) => cpuMs),
    ),
    figure(
      { id: "tenfoldMemory", what: "peak memory of this with loading", unit: "MiB", aim: 4096 },
      tenfold.map(({ memoryMiB }) => memoryMiB),
    ),
    figure(
      { id: "tenfoldGrowth", what: "CPU time per row, tenfold to single; 1 is linear", unit: "×", aim: 1 },
      [perRow(tenfold) / perRow(single)],
    ),
  ];
}

function solveApart(times: number): Apart {
  const args = [path.join(import.meta.dirname, "solve-tenfold.ts"), String(times)];
  const output = execFileSync(process.execPath, ["--max-old-space-size=4096", ...args], { encoding: "utf8" });
  return JSON.parse(output) as Apart;
}
