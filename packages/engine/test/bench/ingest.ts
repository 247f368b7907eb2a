import { execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadHdf5 } from "../../src/adapters/netcdf/hdf5.ts";
import { readHeaderFile } from "../../src/adapters/netcdf/header-file.ts";
import { AlmanacError } from "../../src/core/errors.ts";
import { buildBelow, temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const realFiles = join(import.meta.dirname, "../../../../../shared/data");
const headerPasses = 20;
const commandPasses = 5;
const syntheticPaths = 100_000;

/** Ingestion of the real files beside the repository, and of many empty ones by their paths alone. */
export async function run(): Promise<readonly Figure[]> {
  if (!existsSync(realFiles)) {
    throw new AlmanacError("ENVIRONMENT_INVALID", "the real CMIP6 files (../shared/data) are not here");
  }
  using work = temporaryFolder();
  const binary = buildBelow(work.folder);
  return [
    ...(await headers()),
    ...(await wholeCommand(work.folder, binary)),
    ...nothingChanged(),
    ...pathsOnly(work.folder),
  ];
}

async function headers(): Promise<readonly Figure[]> {
  const files = globSync("**/*.nc", { cwd: realFiles }).map((path) => join(realFiles, path));
  const module = await (await loadHdf5()).ready;
  const times: number[] = [];
  for (let pass = 0; pass < headerPasses; pass += 1) {
    const all = await elapsedMs(() => {
      for (const file of files) readHeaderFile(module, file);
    });
    times.push(all / files.length);
  }
  const what = `opening the header of one file, one core, ${files.length} files a run`;
  return [figure({ id: "openHeader", what, unit: "ms", aim: 2.5 }, times)];
}

function newProject(folder: string, binary: string): string {
  const project = join(folder, `project-${crypto.randomUUID()}`);
  mkdirSync(project);
  execFileSync(process.execPath, [binary, "init"], { cwd: project, stdio: "pipe" });
  return project;
}

async function wholeCommand(folder: string, binary: string): Promise<readonly Figure[]> {
  const times: number[] = [];
  for (let pass = 0; pass < commandPasses; pass += 1) {
    const project = newProject(folder, binary);
    const args = [binary, "ingest", "--type", "cmip6", "--full", realFiles];
    const start = () => execFileSync(process.execPath, args, { cwd: project, stdio: "pipe" });
    times.push(await elapsedMs(start));
  }
  return [
    figure({ id: "ingestCommand", what: "almanac ingest of these, new", unit: "ms", aim: 1200 }, times),
  ];
}

/** Repeated ingestion into one catalog, in a process of its own so that its memory is its own. */
function repeated(folder: string, mode: "full" | "fast", count: number): { times: number[]; memory: number } {
  const args = [join(import.meta.dirname, "ingest-process.ts"), folder, mode, String(count)];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as ReturnType<
    typeof repeated
  >;
}

function nothingChanged(): readonly Figure[] {
  const files = globSync("**/*.nc", { cwd: realFiles }).length;
  const { times } = repeated(realFiles, "full", headerPasses + 1);
  const perFile = times.slice(1).map((time) => time / files);
  return [
    figure({ id: "ingestUnchanged", what: "one unchanged file of these", unit: "ms", aim: 0.1 }, perFile),
  ];
}

function pathsOnly(folder: string): readonly Figure[] {
  const archive = join(folder, "archive");
  writeEmptyFiles(archive, syntheticPaths);
  const runs = [0, 1, 2].map(() => repeated(archive, "fast", 1));
  const what = `path-only ingest of ${syntheticPaths} paths`;
  const times = runs.flatMap((run) => run.times);
  const memory = runs.map((run) => run.memory);
  return [
    figure({ id: "ingestPaths", what, unit: "ms", aim: 4000 }, times),
    figure({ id: "ingestPathsMemory", what: `${what}, peak memory`, unit: "MiB", aim: 400 }, memory),
  ];
}

/** Empty files at correct CMIP6 paths: 20 models × 10 members × 50 variables × 10 years. */
function writeEmptyFiles(archive: string, count: number): void {
  for (let at = 0; at < count; at += 10) {
    const [variable, member, model] = [at / 10, at / 500, at / 5000].map(Math.floor) as [
      number,
      number,
      number,
    ];
    const names = {
      model: `MODEL-${model}`,
      member: `r${(member % 10) + 1}i1p1f1`,
      variable: `var${variable % 50}`,
    };
    const folder = join(
      archive,
      "CMIP6/CMIP/INST",
      names.model,
      "historical",
      names.member,
      "Amon",
      names.variable,
      "gn/v20200101",
    );
    mkdirSync(folder, { recursive: true });
    for (let year = 0; year < 10; year += 1) {
      const name = `${names.variable}_Amon_${names.model}_historical_${names.member}_gn_${1990 + year}01-${1990 + year}12.nc`;
      writeFileSync(join(folder, name), "");
    }
  }
}
