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

/**
 * Milliseconds per execution of a whole solve: planning, recording, running in worker processes (their start included),
 * publishing, all of it durable.
 * @param count executions, one for each made-up model
 */
export async function solveOnce(count: number, jobs: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-bench-"));
  registerSelfResolve();
  writeFileSync(join(folder, "provider.ts"), providerModule);
  const settings = { providers: { modules: ["provider.ts"] }, executor: { jobs } };
  writeFileSync(join(folder, "almanac.config.json"), JSON.stringify(settings));
  const none = new AbortController().signal;
  try {
    await using project = await openProject({ cwd: folder, access: "create" });
    await ingestModels(project, { folder, count });
    // What making the input left to be written is not part of the figure.
    execFileSync("sync");
    let published = 0;
    const time = await elapsedMs(async () => {
      const { ends } = await project.solve(
        { options: {}, open: true, execute: true },
        { stop: none, cancel: none },
      );
      published = ends.filter(({ state }) => state === "published").length;
    });
    if (published !== count) throw new Error(`${published} of ${count} executions were published`);
    return time / count;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
