import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256Hex } from "../../src/core/identity/digest.ts";
import { CommandLineProject } from "../support/command-line.ts";
import { serveApart } from "../support/serve-apart.ts";

// A disk that is too small for an input: said so as a failure of the system, and nothing is left on it.

const bytes = Buffer.alloc(3_000_000, "does not fit ");

test("an input that does not fit on the disk of the cache fails as DISK_FULL and leaves nothing", async (t) => {
  const { url } = await serveApart(t, { path: "/large.bin", bytes });
  let disk = "";
  // Before the project removes its folder.
  t.after(() => disk !== "" && spawnSync("umount", [disk]));
  const project = new CommandLineProject(t);
  const folder = project.path("cache");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", folder]).status !== 0)
    return t.skip("no tmpfs can be mounted here");
  disk = folder;
  project.succeed("init");
  project.write("almanac.config.ts", 'export default { cache: { folder: "cache" } };\n');
  project.write("code.mjs", "export const nothing = () => {};\n");
  const known = ["--sha256", sha256Hex(bytes), "--size", String(bytes.length)];
  const [rid = ""] = project.succeed("assets", "add", url, ...known).split(" ");
  const { status, stdout } = project.run("run", "--json", "code.mjs#nothing", "--asset", rid);
  assert.equal(status, 4);
  const { failure } = JSON.parse(stdout) as { failure: { class: string; code: string; message: string } };
  assert.deepEqual([failure.class, failure.code], ["system", "DISK_FULL"]);
  assert.match(failure.message, /no space left on device/);
  const left = readdirSync(folder, { recursive: true, encoding: "utf8" });
  assert.deepEqual(
    left.filter((name) => statSync(join(folder, name)).isFile()),
    [],
  );
});
