import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const engine = join(import.meta.dirname, "..", "..");
const root = join(engine, "..", "..");

/** A temporary folder that is removed at the end of the block. */
export function temporaryFolder(): { readonly folder: string } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), "almanac-bench-"));
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Builds the package below a folder and returns the path of its command line. */
export function buildBelow(folder: string): string {
  const built = join(folder, "package");
  mkdirSync(built);
  const build = [join(root, "scripts", "build.ts"), join(built, "dist")];
  execFileSync(process.execPath, build, { stdio: ["ignore", "ignore", "inherit"] });
  cpSync(join(engine, "bin"), join(built, "bin"), { recursive: true });
  copyFileSync(join(engine, "package.json"), join(built, "package.json"));
  symlinkSync(join(root, "node_modules"), join(built, "node_modules"));
  return join(built, "bin", "almanac.js");
}
