import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { type DurableObserver, observed } from "../../ports/durable.ts";

const initial = `import { defineConfig } from "almanac";

// Folders are relative to this file. \`almanac config list --origin\` shows every setting and where it comes from.
export default defineConfig({
  paths: { scratch: ".almanac/scratch", results: "results" },
  catalog: { url: "sqlite:.almanac/catalog.sqlite" },
  providers: { modules: ["builtin:climate"] },
});
`;

/** Writes the configuration file of a new project: temporary name, fsync, rename. */
export function writeInitialConfig(folder: string, observer: DurableObserver): void {
  observed(observer, "config.write", () => write(folder));
}

function write(folder: string): void {
  const file = path.join(folder, "almanac.config.ts");
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
