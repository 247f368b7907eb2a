import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const engine = join(import.meta.dirname, "..", "..");
const root = join(engine, "..", "..");
const passes = 20;

async function timesOf(binary: string, folder: string, args: readonly string[]): Promise<number[]> {
  const start = () => execFileSync(process.execPath, [binary, ...args], { cwd: folder, stdio: "pipe" });
  start();
  const times: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) times.push(await elapsedMs(start));
  return times;
}

/** Start of the built command line, from the second run on (the compile cache is filled by the first). */
export async function run(): Promise<readonly Figure[]> {
  const work = mkdtempSync(join(tmpdir(), "almanac-bench-startup-"));
  try {
    const built = join(work, "package");
    const build = [join(root, "scripts", "build.ts"), join(built, "dist")];
    execFileSync(process.execPath, build, { stdio: ["ignore", "ignore", "inherit"] });
    cpSync(join(engine, "bin"), join(built, "bin"), { recursive: true });
    copyFileSync(join(engine, "package.json"), join(built, "package.json"));
    symlinkSync(join(root, "node_modules"), join(built, "node_modules"));
    const binary = join(built, "bin", "almanac.js");
    const project = join(work, "project");
    mkdirSync(project);
    const help = await timesOf(binary, project, ["--help"]);
    execFileSync(process.execPath, [binary, "init"], { cwd: project, stdio: "pipe" });
    const plan = await timesOf(binary, project, ["plan"]);
    const bare = await elapsedMs(() => execFileSync(process.execPath, ["--eval", "0"]));
    return [
      figure({ id: "help", what: "almanac --help, built, second run", unit: "ms", aim: 100 }, help),
      figure(
        { id: "plan", what: "almanac plan with nothing to do, built, second run", unit: "ms", aim: 200 },
        plan,
      ),
      figure({ id: "bareNode", what: "node --eval 0, for comparison", unit: "ms" }, [bare]),
    ];
  } finally {
    rmSync(work, { recursive: true });
  }
}
