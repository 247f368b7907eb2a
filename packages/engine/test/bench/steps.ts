import { execFileSync, spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type AnyPipeline, registerPipelines } from "./steps-pipelines.ts";
import { openProducts, WorkflowRunner } from "../../src/entry/library/steps.ts";
import { buildBelow, temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";
import { writeMap, writePipeline, writeRules } from "./steps-graph.ts";

/** Building pipelines of ten layers and a map over 100,000 items, beside ninja and make where they are installed. */
export async function run(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  const { folder } = work;
  return [
    ...(await inProcess(folder)),
    ...commands(folder, buildBelow(folder)),
    ...maps(folder, join(folder, "package", "bin", "almanac.js")),
    ...peers(folder),
  ];
}

const passes = 15;
