import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildBelow, temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const passes = 20;

/** Start of the built command line, from the second run on (the compile cache is filled by the first). */
export async function run(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  const binary = buildBelow(work.folder);
  const project = join(work.folder, "project");
  mkdirSync(project);
  const timesOf = async (...args: readonly string[]): Promise<number[]> => {
    const start = () => execFileSync(process.execPath, args, { cwd: project, stdio: "pipe" });
    start();
    const times: number[] = [];
    for (let pass = 0; pass < passes; pass += 1) times.push(await elapsedMs(start));
    return times;
  };
  const help = await timesOf(binary, "--help");
  execFileSync(process.execPath, [binary, "init"], { cwd: project, stdio: "pipe" });
  const plan = await timesOf(binary, "plan");
  const bare = await timesOf("--eval", "0");
  return [
    figure({ id: "help", what: "almanac --help, built, from the second run on", unit: "ms", aim: 100 }, help),
    figure({ id: "plan", what: "almanac plan with nothing to do, likewise", unit: "ms", aim: 200 }, plan),
    figure({ id: "bareNode", what: "node --eval 0, for comparison", unit: "ms" }, bare),
  ];
}
