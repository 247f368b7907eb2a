import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { AlmanacError } from "../../core/errors.ts";
import { type DurableObserver, observed } from "../../ports/durable.ts";

const initial = `import { defineConfig } from "almanac";

// Folders are relative to this file. \`almanac config list --origin\` shows every setting and where it comes from.
export default defineConfig({
  paths: { scratch: ".almanac/scratch", results: "results" },
  catalog: { url: "sqlite:.almanac/catalog.sqlite" },
  providers: { modules: ["builtin:climate"] },
});
`;

/**
 * Writes the configuration file of a new project: temporary name, fsync, rename. Its name ends in `.mts` in a package
 * that does not say `"type": "module"`, where Node.js would take a `.ts` for CommonJS first and warn at every command.
 * @returns its name
 */
export function writeInitialConfig(folder: string, observer: DurableObserver): string {
  const name = isOfModules(folder) ? "almanac.config.ts" : "almanac.config.mts";
  observed(observer, "config.write", () => write(path.join(folder, name)));
  return name;
}

/** What killed writes of a configuration have left in a folder, as names. */
export function leftoverConfigs(folder: string): readonly string[] {
  return readdirSync(folder).filter((name) => {
    const pid = /^almanac\.config\.m?ts\.(\d+)\.tmp$/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
}

/** Removes them. @returns their names */
export function removeLeftoverConfigs(folder: string): readonly string[] {
  const names = leftoverConfigs(folder);
  for (const name of names) rmSync(path.join(folder, name), { force: true });
  return names;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error) return error.code === "EPERM";
    throw error;
  }
}

/** True if the nearest package.json upward says that its files are modules, or if there is none. */
function isOfModules(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    const file = path.join(at, "package.json");
    if (existsSync(file)) return moduleType(file) === "module";
    if (path.dirname(at) === at) return true;
  }
}

function moduleType(file: string): unknown {
  try {
    return (JSON.parse(readFileSync(file, "utf8")) as { readonly type?: unknown } | null)?.type;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AlmanacError("CONFIG_INVALID", `${file} cannot be read: ${why}`, {
      hint: "correct it: Node.js refuses to run modules beside it",
      facts: { file },
      cause,
    });
  }
}

function write(file: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = openSync(temporary, "w");
  try {
    writeSync(handle, initial);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}
