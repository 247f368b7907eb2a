import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunContext } from "../../src/core/execution/run-context.ts";
import { open } from "../../src/entry/library/open.ts";
import { runModel } from "../../src/entry/library/run.ts";
import { buildBelow, temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const fileCount = 10_000;
const fileBytes = 10 * 1024;
const runs = 3;

/** Registering and publishing many files in one run, and the cost of a run that does nothing. */
export async function fileFigures(): Promise<readonly Figure[]> {
  using work = temporaryFolder();
  writeFileSync(join(work.folder, "almanac.config.json"), "{}");
  const code = join(work.folder, "analysis.mjs");
  writeFileSync(code, "export const nothing = () => {};\n");
  const times = { registering: [] as number[], whole: [] as number[], writing: [] as number[] };
  {
    await using project = await open({ folder: work.folder, access: "create" });
    const bytes = Buffer.alloc(fileBytes, "almanac ");
    for (let pass = 0; pass < runs; pass += 1) {
      const model = ({ execution }: { readonly execution: RunContext }): void => {
        const begin = performance.now();
        const places = Array.from({ length: fileCount }, (_, at) =>
          execution.outputPath(`part ${at % 100}/file ${at}.bin`, { types: ["table"] }),
        );
        times.registering.push(performance.now() - begin);
        const write = performance.now();
        places.forEach((place, at) => {
          bytes.writeUInt32LE(at * (pass + 1));
          writeFileSync(place, bytes);
        });
        times.writing.push(performance.now() - write);
      };
      const whole = await elapsedMs(async () => {
        const { state, failure } = await runModel({ project, code, model });
        if (state !== "published") throw new Error(failure?.message);
      });
      times.whole.push(whole - (times.registering.at(-1) ?? 0) - (times.writing.at(-1) ?? 0));
    }
  }
  return [
    figure(
      { id: "registerFiles", what: `registering ${fileCount} files`, unit: "ms", aim: 2000 },
      times.registering,
    ),
    figure(
      {
        id: "publishFiles",
        what: `sealing and publishing ${fileCount} files of 10 KiB`,
        unit: "ms",
        aim: 6000,
      },
      times.whole,
    ),
    await emptyRun(work.folder),
  ];
}

/** A run that does nothing, whole process, as built. */
async function emptyRun(folder: string): Promise<Figure> {
  const built = join(folder, "built");
  mkdirSync(built);
  const program = buildBelow(built);
  const run = () =>
    execFileSync(process.execPath, [program, "run", "analysis.mjs#nothing"], {
      cwd: folder,
      stdio: "ignore",
    });
  run();
  const times: number[] = [];
  for (let pass = 0; pass < 5; pass += 1) times.push(await elapsedMs(run));
  return figure(
    { id: "emptyRun", what: "an empty recorded run, whole process", unit: "ms", aim: 600 },
    times,
  );
}
