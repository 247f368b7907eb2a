import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import {
  writeSyntheticArchive,
  writeSyntheticEnsemble,
} from "../packages/engine/src/entry/library/testing.ts";

// The main job on a small synthetic archive, with the real command line: what a newcomer runs first.

// With --archive FOLDER or --ensemble FOLDER it only writes that archive.

const root = fileURLToPath(new URL("..", import.meta.url));
const [flag = "", folder] = process.argv.slice(2);
const only = { "--archive": writeSyntheticArchive, "--ensemble": writeSyntheticEnsemble }[flag];

if (only === undefined || folder === undefined) await demonstrate(path.join(root, "demo"));
else say(`wrote ${(await only(path.resolve(folder))).files.length} files`);

/** Runs the commands of the main job in a fresh folder and stops at the first that does not end as it should. */
async function demonstrate(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = await writeSyntheticArchive(path.join(folder, "archive"));
  say(
    `wrote a synthetic CMIP6 archive: ${archive.files.length} files of ${archive.models.length} models in ${shown(archive.root)}`,
  );
  const lacking = archive.models.find(({ hasLongwave }) => !hasLongwave)?.source ?? "";
  almanac(folder, ["init"]);
  almanac(folder, ["ingest", "--type", "cmip6", "archive"]);
  almanac(folder, ["plan"]);
  almanac(folder, ["solve"]);
  almanac(folder, ["values", "list", "metric=ecs,tcr"]);
  almanac(folder, ["explain", "climate/equilibrium-climate-sensitivity", `source_id=${lacking}`]);
  almanac(folder, ["solve"]);
  for (const { source, ecs, tcr, hasLongwave } of archive.models)
    say(
      `${source} was made to have TCR ${tcr.toFixed(2)} K${hasLongwave ? ` and ECS ${ecs.toFixed(2)} K` : "; it lacks rlut, so it has no ECS"}`,
    );
  say(`figures, data and values are in ${shown(path.join(folder, "results"))}`);
}

function almanac(folder: string, words: readonly string[]): void {
  say(`\n$ almanac ${words.join(" ")}`);
  const program = path.join(root, "packages/engine/bin/almanac.js");
  const { status } = spawnSync(process.execPath, [program, ...words], { cwd: folder, stdio: "inherit" });
  if (status === 0) return;
  process.stderr.write(`demo: almanac ${words[0]} ended with ${status}\n`);
  process.exit(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function shown(file: string): string {
  return path.relative(process.cwd(), file);
}
