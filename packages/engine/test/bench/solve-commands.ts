import { execFileSync } from "node:child_process";
import { openCatalog } from "../../src/adapters/sqlite/open.ts";
import { buildBelow } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";
import { childCpuSeconds, makeSolveProject, type SolveCase, type SolveProject } from "./solve-project.ts";

const passes = 7;
const recordings = 3;

/** The dataset that goes and comes back, of a model that many diagnostics use. */
const changed = "CMIP6.CMIP.CSIRO.ACCESS-ESM1-5.historical.r1i1p1f1.Amon.tas.gn.v20191115";
const explained = ["explain", "esmvaltool/equilibrium-climate-sensitivity", "source_id=ACCESS-ESM1-5"];

/** Milliseconds of one run, on the clock and of the CPU. */
interface Run {
  readonly ms: number;
  readonly cpuMs: number;
}

/** Whole commands of the built program on a project with the real catalogs. */
export async function commandFigures(solved: SolveCase, folder: string): Promise<readonly Figure[]> {
  const { snapshot, requirements, ignore } = solved;
  const project = await makeSolveProject(folder, { snapshot, requirements, ignore });
  const binary = buildBelow(folder);
  const command = async (...words: readonly string[]): Promise<Run> => {
    const before = childCpuSeconds() ?? Number.NaN;
    const ms = await elapsedMs(() =>
      execFileSync(process.execPath, [binary, ...words], {
        cwd: project.folder,
        stdio: "pipe",
        maxBuffer: 2 ** 28,
      }),
    );
    return { ms, cpuMs: ((childCpuSeconds() ?? Number.NaN) - before) * 1000 };
  };
  // Fills the compile cache.
  await command("plan");
  const loading = await loadingTimes(project);
  const recorded: Run[] = [];
  for (let pass = 0; pass < recordings; pass += 1) {
    project.reset();
    execFileSync("sync");
    recorded.push(await command("solve", "--no-execute"));
  }
  const unchanged = await repeated(() => command("plan"));
  const explaining = await repeated(() => command(...explained));
  await command("datasets", "retract", changed);
  const afterOne = await repeated(() => command("plan"));
  return [
    figure({ id: "loadSnapshot", what: "reading the snapshot from SQLite", unit: "ms", aim: 600 }, loading),
    ...runFigures({ id: "planUnchanged", what: "almanac plan, nothing changed", aim: 300 }, unchanged),
    ...runFigures({ id: "planOneChanged", what: "almanac plan, one dataset changed", aim: 500 }, afterOne),
    ...runFigures({ id: "record", what: "almanac solve --no-execute, all new", aim: 2500 }, recorded),
    ...runFigures({ id: "explain", what: "almanac explain, one group", aim: 600 }, explaining),
  ];
}

async function loadingTimes({ catalogFile }: SolveProject): Promise<readonly number[]> {
  const catalog = await openCatalog({ file: catalogFile, readOnly: true });
  const times: number[] = [];
  for (let pass = 0; pass < passes; pass += 1) times.push(await elapsedMs(() => catalog.datasets.snapshot()));
  await catalog.close();
  return times;
}

async function repeated(once: () => Promise<Run>): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (let pass = 0; pass < passes; pass += 1) runs.push(await once());
  return runs;
}

/** The time on the clock, which the aim is for, and that of the CPU, which other work on the machine disturbs less. */
function runFigures(
  { id, what, aim }: { readonly id: string; readonly what: string; readonly aim: number },
  runs: readonly Run[],
): readonly Figure[] {
  return [
    figure(
      { id, what: `${what}, whole process`, unit: "ms", aim },
      runs.map(({ ms }) => ms),
    ),
    figure(
      { id: `${id}Cpu`, what: "the same, CPU time", unit: "ms" },
      runs.map(({ cpuMs }) => cpuMs),
    ),
  ];
}
