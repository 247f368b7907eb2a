// npm run pack -- FOLDER: builds the package in a temporary place and leaves its tarball in FOLDER; prints the path.
// The checkout stays as it was: no dist that would shadow the sources.
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = dirname(import.meta.dirname);
const engine = join(root, "packages", "engine");
const target = resolve(process.argv[2] ?? ".");
const staging = mkdtempSync(join(tmpdir(), "almanac-pack-"));

/** What a user's package.json needs of ours: no scripts, nothing for development. */
function publishedManifest(): string {
  const manifest = JSON.parse(readFileSync(join(engine, "package.json"), "utf8")) as Record<string, unknown>;
  const { scripts: _scripts, devDependencies: _devDependencies, ...published } = manifest;
  return `${JSON.stringify(published, null, 2)}\n`;
}

try {
  execFileSync(process.execPath, [join(root, "scripts", "build.ts"), join(staging, "dist")], {
    stdio: "inherit",
  });
  cpSync(join(engine, "bin"), join(staging, "bin"), { recursive: true });
  writeFileSync(join(staging, "package.json"), publishedManifest());
  for (const name of ["README.md", "LICENSE"]) {
    if (existsSync(join(root, name))) copyFileSync(join(root, name), join(staging, name));
  }
  mkdirSync(target, { recursive: true });
  const args = ["pack", "--silent", "--pack-destination", target];
  const name = execFileSync("npm", args, { cwd: staging, encoding: "utf8" }).trim();
  console.log(join(target, name));
} finally {
  rmSync(staging, { recursive: true });
}
