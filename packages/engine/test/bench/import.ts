import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AlmanacError } from "../../src/core/errors.ts";
import { temporaryFolder } from "./built.ts";
import { type Figure, figure } from "./figure.ts";

const realCatalogs = join(import.meta.dirname, "../../../../../shared/conformance/catalogs");
const passes = 3;

interface Measured {
  readonly rows: number;
  readonly importNew: number;
  readonly importAgain: number;
  readonly exported: Readonly<Record<string, number>>;
  readonly memoryMiB: number;
}

/** Import of the five real catalogs beside the repository, and export of what came in. */
export async function run(): Promise<readonly Figure[]> {
  if (!existsSync(realCatalogs))
    throw new AlmanacError(
      "ENVIRONMENT_INVALID",
      "the real catalogs (../shared/conformance/catalogs) are not here",
    );
  using work = temporaryFolder();
  const measured = Array.from({ length: passes }, (_, pass) => measure(join(work.folder, `project-${pass}`)));
  const what = `of the five real catalogs, ${measured[0]?.rows ?? 0} rows`;
  const forms = Object.keys(measured[0]?.exported ?? {});
  return [
    figure(
      { id: "importNew", what: `import ${what}, new`, unit: "ms", aim: 5000 },
      measured.map(({ importNew }) => importNew),
    ),
    figure(
      { id: "importAgain", what: `import ${what}, unchanged`, unit: "ms", aim: 5000 },
      measured.map(({ importAgain }) => importAgain),
    ),
    ...forms.map((form) =>
      figure(
        { id: `export-${form}`, what: `export ${what}, ${form}`, unit: "ms", aim: 5000 },
        measured.map(({ exported }) => exported[form] ?? Number.NaN),
      ),
    ),
    figure(
      { id: "importMemory", what: "most memory of all of these in one process", unit: "MiB", aim: 1024 },
      measured.map(({ memoryMiB }) => memoryMiB),
    ),
  ];
}

function measure(folder: string): Measured {
  mkdirSync(folder);
  writeFileSync(join(folder, "almanac.config.json"), "{}");
  const args = [join(import.meta.dirname, "import-process.ts"), folder, realCatalogs];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as Measured;
}
