import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunContext } from "../../src/core/execution/run-context.ts";
import { open } from "../../src/entry/library/open.ts";
import { runModel } from "../../src/entry/library/run.ts";
import type { Project } from "../../src/entry/project.ts";
import { temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const recordCount = 100_000;
const runs = 3;

/** Staging and publishing 100,000 feature records in one execution, and reading them back. */
export async function featureFigures(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  writeFileSync(join(work.folder, "almanac.config.json"), "{}");
  const code = join(work.folder, "analysis.ts");
  writeFileSync(code, "// the code of the runs");
  await using project = await open({ folder: work.folder, access: "create" });
  const targets = await sites(project, code);
  const times = { whole: [] as number[], staging: [] as number[], reading: [] as number[] };
  for (let pass = 0; pass < runs; pass += 1) {
    const model = (execution: RunContext): void => {
      const begin = performance.now();
      execution.addFeatures(
        targets.map((target, at) => ({
          ...{ feature: "Site/quality", target },
          values: { grade: at % 2 === 0 ? "fine" : "poor", score: at / 7, map: null },
        })),
      );
      times.staging.push(performance.now() - begin);
    };
    times.whole.push(await elapsedMs(() => succeeded(project, { code, model })));
    times.reading.push(await elapsedMs(() => readAll(project)));
  }
  const what = `${recordCount} feature records`;
  return [
    figure(
      { id: "featureRecords", what: `staging and publishing ${what}, whole run`, unit: "ms", aim: 5000 },
      times.whole,
    ),
    figure({ id: "featureStaging", what: `checking and staging ${what}`, unit: "ms" }, times.staging),
    figure({ id: "featureReading", what: `reading the newest of ${what} as CSV`, unit: "ms" }, times.reading),
  ];
}

async function succeeded(
  project: Project,
  run: { readonly code: string; readonly model: (execution: RunContext) => void },
): Promise<void> {
  const { model, code } = run;
  const report = await runModel({ project, code, model: ({ execution }) => model(execution) });
  if (report.state !== "published") throw new Error(report.failure?.message);
}

/** Makes as many records of a type as there are feature records. @returns their RIDs */
async function sites(project: Project, code: string): Promise<readonly string[]> {
  const { vocabularies, typedRecords } = project.catalog;
  await vocabularies.create({ name: "Grade", description: "" });
  await vocabularies.add("Grade", { name: "good", description: "", synonyms: ["fine"] });
  await vocabularies.add("Grade", { name: "poor", description: "", synonyms: [] });
  const height = { name: "height", holds: "value", type: "number", required: true } as const;
  await typedRecords.define({ name: "Site", description: "", columns: [height] });
  await project.defineFeature({
    name: "Site/quality",
    columns: [
      { name: "grade", holds: "term", vocabulary: "Grade", required: true },
      { name: "score", holds: "value", type: "number", required: false },
      { name: "map", holds: "asset", required: false },
    ],
  });
  const rows = Array.from({ length: recordCount }, (_, at) => `${at}\n`).join("");
  await succeeded(project, {
    code,
    model: (execution) => writeFileSync(execution.recordTable("Site"), rows, { flag: "a" }),
  });
  const { items } = await typedRecords.list({ type: "Site" });
  return items.map(({ rid }) => rid);
}

async function readAll(project: Project): Promise<void> {
  let bytes = 0;
  const reading = { feature: "Site/quality", selector: { by: "newest" } } as const;
  for await (const text of project.featureTable(reading)) bytes += text.length;
  if (bytes < recordCount) throw new Error("the values are not there");
}
