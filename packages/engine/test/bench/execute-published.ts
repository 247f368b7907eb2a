import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject } from "../../src/entry/compose.ts";
import type { Project } from "../../src/entry/project.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { elapsedMs } from "./figure.ts";

const providerModule = `import { defineDiagnostic, defineProvider, requirement } from "almanac";
export default defineProvider({ slug: "bench", name: "Bench", version: "1", diagnostics: [defineDiagnostic({
  slug: "trivial", name: "Trivial", version: 1,
  requirements: [requirement({ sourceType: "cmip6", filters: [{ variable_id: ["tas"] }], groupBy: ["source_id"] })],
  run: (context) => { context.scalar({ dimensions: { metric: "one" }, value: 1, units: "1" }); },
})] });
`;

/** What one execution of a whole solve takes, in milliseconds. */
export interface SolveCost {
  readonly elapsed: number;
  /** CPU of the process that plans and publishes; the workers' is not in it. */
  readonly cpu: number;
}

/**
 * Whole solves: planning, recording, running in worker processes (their start included), publishing, all of it durable.
 * What the passes leave is removed after the last one only: some file systems do not use a removed file's place again
 * for minutes, and finding another one is slow then.
 * @param count executions, one for each made-up model
 */
export async function solvePasses(
  passes: number,
  size: { readonly count: number; readonly jobs: number },
): Promise<readonly SolveCost[]> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-bench-"));
  registerSelfResolve();
  const costs: SolveCost[] = [];
  try {
    for (let pass = 0; pass < passes; pass += 1) {
      const place = join(folder, String(pass));
      mkdirSync(place);
      costs.push(await solveOnce(place, size));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return costs;
}

async function solveOnce(
  folder: string,
  { count, jobs }: { readonly count: number; readonly jobs: number },
): Promise<SolveCost> {
  writeFileSync(join(folder, "provider.ts"), providerModule);
  const settings = { providers: { modules: ["provider.ts"] }, executor: { jobs } };
  writeFileSync(join(folder, "almanac.config.json"), JSON.stringify(settings));
  const none = new AbortController().signal;
  await using project = await openProject({ cwd: folder, access: "create" });
  await ingestModels(project, { folder, count });
  // What making the input left to be written is not part of the figure.
  execFileSync("sync");
  let published = 0;
  const before = process.cpuUsage();
  const time = await elapsedMs(async () => {
    const { ends } = await project.solve(
      { options: {}, open: true, execute: true },
      { stop: none, cancel: none },
    );
    published = ends.filter(({ state }) => state === "published").length;
  });
  if (published !== count) throw new Error(`${published} of ${count} executions were published`);
  const { user, system } = process.cpuUsage(before);
  return { elapsed: time / count, cpu: (user + system) / 1000 / count };
}

/** One empty file for each model, known from its path only: the diagnostic reads nothing. */
async function ingestModels(
  project: Project,
  { folder, count }: { folder: string; count: number },
): Promise<void> {
  for (let model = 0; model < count; model += 1) {
    const place = `CMIP6/CMIP/BENCH/M${model}/historical/r1i1p1f1/Amon/tas/gn/v1`;
    mkdirSync(join(folder, place), { recursive: true });
    writeFileSync(join(folder, place, `tas_Amon_M${model}_historical_r1i1p1f1_gn_200001-200012.nc`), "");
  }
  await project.ingest(
    { sourceType: "cmip6", folders: [join(folder, "CMIP6")], mode: "fast" },
    new AbortController().signal,
  );
}
