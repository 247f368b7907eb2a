import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

// A disk that is full in the middle of a bag: nothing of it is left, and with space it is written.

/** Has room for one of the two files of the dataset. */
const diskBytes = 3 * 1024 * 1024;

const module = `import { writeFileSync } from "node:fs";
export function make({ execution }) {
  for (const name of ["a.bin", "b.bin"]) writeFileSync(execution.outputPath(name), Buffer.alloc(2 * 1024 * 1024, name));
  execution.createDataset({ name: "large", members: ["a.bin", "b.bin"] });
}
`;

/** A project with a folder that is a small disk; undefined where none can be mounted. */
function projectWithDisk(t: TestContext): CommandLineProject | undefined {
  let disk = "";
  // Before the project removes its folder.
  t.after(() => disk !== "" && spawnSync("umount", [disk]));
  const project = new CommandLineProject(t);
  const folder = project.path("disk");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", folder]).status !== 0)
    return undefined;
  disk = folder;
  project.write("make.mjs", module);
  project.succeed("init");
  project.succeed("run", "make.mjs#make");
  return project;
}

test("a bag on a disk that fills up is not there, and there once there is space", (t) => {
  const project = projectWithDisk(t);
  if (project === undefined) return t.skip("no tmpfs can be mounted here");
  const { status, stderr } = project.run("datasets", "bag", "export", "large@0.1.0", "disk/bag");
  assert.equal(status, 4);
  assert.match(stderr, /DISK_FULL/);
  assert.deepEqual(readdirSync(project.path("disk")), []);

  spawnSync("mount", ["-o", "remount,size=16777216", project.path("disk")]);
  project.succeed("datasets", "bag", "export", "large@0.1.0", "disk/bag");
  project.succeed("datasets", "bag", "verify", "disk/bag");
});
