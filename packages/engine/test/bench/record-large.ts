import { execFileSync } from "node:child_process";
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { RunContext } from "../../src/core/execution/run-context.ts";
import { open } from "../../src/entry/library/open.ts";
import { runModel } from "../../src/entry/library/run.ts";
import { temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const fileCount = 4;
const fileBytes = 512 * 1024 * 1024;
/** Publishing is to go at this share of the speed of openssl, at least. */
const share = 0.7;

/** How the files get into the run. */
const modes = ["write", "copy", "link"] as const;

type Mode = (typeof modes)[number];

/** Linked files are written to disk once more, which takes long and tells of the disk. */
const runs: Readonly<Record<Mode, number>> = { write: 3, copy: 3, link: 1 };

/**
 * Publishing a few large files: from where the code of the run ends to `published`, so with their digests taken, on disk and
 * in the catalog. Beside it, in the same minutes, what openssl needs for the digests of the same bytes. Making the files
 * and, in mode `copy`, copying them into the run is the code's and not counted.
 */
export async function largeFigures(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const mode of modes) {
    const { times, digests } = await measure(mode);
    const what = `sealing and publishing ${fileCount} files of 512 MiB, registered by ${mode}, times openssl dgst -sha256`;
    const ratios = times.map((time, at) => time / (digests[at] ?? Number.NaN));
    // A linked file stays where it is: its copy has to be written as well, at the speed of the disk.
    const aim = mode === "link" ? {} : { aim: 1 / share };
    figures.push(figure({ id: `publishLarge_${mode}`, what, unit: "×", ...aim }, ratios));
  }
  return figures;
}

async function measure(mode: Mode): Promise<{ readonly times: number[]; readonly digests: number[] }> {
  const times: number[] = [];
  const digests: number[] = [];
  for (let pass = 0; pass < runs[mode]; pass += 1) {
    using work = temporaryFolder();
    const made = Array.from({ length: fileCount }, (_, at) =>
      makeFile(join(work.folder, `made ${at}.bin`), at),
    );
    digests.push(
      await elapsedMs(() => execFileSync("openssl", ["dgst", "-sha256", ...made], { stdio: "ignore" })),
    );
    times.push(await publish(work.folder, { mode, made }));
  }
  return { times, digests };
}

/** @returns milliseconds from the end of the run's code on */
async function publish(
  folder: string,
  { mode, made }: { readonly mode: Mode; readonly made: readonly string[] },
): Promise<number> {
  const code = makeSmall(join(folder, "code.mjs"), "export {};\n");
  makeSmall(join(folder, "almanac.config.json"), "{}");
  await using project = await open({ folder, access: "create" });
  let ended = 0;
  const model = ({ execution }: { readonly execution: RunContext }): void => {
    made.forEach((file, at) => {
      const place = `large ${at}.bin`;
      // On one file system a rename is what writing there in the first place comes to.
      if (mode === "write") renameSync(file, execution.outputPath(place));
      else syncFile(execution.registerFile(file, place, { mode }));
    });
    ended = performance.now();
  };
  const { state, failure } = await runModel({ project, code, model });
  if (state !== "published") throw new Error(failure?.message);
  return performance.now() - ended;
}

/** A file of bytes that differ from file to file, on disk. */
function makeFile(file: string, seed: number): string {
  const piece = Buffer.alloc(1024 * 1024);
  for (let at = 0; at < piece.length; at += 4)
    piece.writeUInt32LE(Math.imul(at + seed, 2654435761) >>> 0, at);
  const opened = openSync(file, "w");
  for (let written = 0; written < fileBytes; written += piece.length) {
    piece.writeUInt32LE(written, 0);
    writeSync(opened, piece);
  }
  fsyncSync(opened);
  closeSync(opened);
  return file;
}

function makeSmall(file: string, text: string): string {
  const opened = openSync(file, "w");
  writeSync(opened, text);
  closeSync(opened);
  return file;
}

/** What the code of a run leaves is not counted, so neither is bringing it to disk. */
function syncFile(file: string): void {
  const opened = openSync(file, "r");
  fsyncSync(opened);
  closeSync(opened);
}
