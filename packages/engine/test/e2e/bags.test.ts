import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

suite("bags through the command line", () => {
  const cleanUps: (() => void)[] = [];
  const cleanUp = { after: (body: () => void) => void cleanUps.push(body) };
  let project: CommandLineProject;

  before(() => {
    project = new CommandLineProject(cleanUp);
    project.succeed("init");
    project.succeed("run", "--", "sh", "-c", 'for i in 1 2; do echo $i > "$ALMANAC_EXECUTION/$i.txt"; done');
    const { items } = project.json("assets", "list", "--kind", "execution-asset");
    const members = items.map(({ rid }) => String(rid));
    project.succeed("datasets", "create", "two", "--member", ...members, "--release");
    project.succeed("datasets", "create", "one", "--member", String(members[0]));
  });
  after(() => cleanUps.forEach((body) => body()));

  function bag(name: string, ...words: readonly string[]): string {
    project.succeed("datasets", "bag", "export", "two@0.1.0", name, ...words);
    return project.path(name);
  }

  test("one member is a member, and parts are given one after the other", () => {
    assert.match(project.succeed("datasets", "release", "one"), /\(1 member,/);
    assert.match(project.succeed("datasets", "show", "one"), / {2}1 member\n/);
    const divided = project.succeed("datasets", "split", "two@0.1.0", "--part", "a=1", "b=1", "--dry-run");
    assert.match(divided, /2 members of .* in 2 parts/);
    const repeated = ["--part", "a=1", "--part", "b=1", "--dry-run"];
    assert.equal(project.succeed("datasets", "split", "two@0.1.0", ...repeated), divided);
  });

  test("a file of another size is not said to be missing", () => {
    const folder = bag("altered");
    chmodSync(path.join(folder, "data/1.txt"), 0o644);
    appendFileSync(path.join(folder, "data/1.txt"), "more");
    assert.match(
      project.succeed("datasets", "bag", "status", "altered"),
      /missing, or of another size: data\/1.txt/,
    );
  });

  test("a bag that nothing can complete says so", () => {
    bag("said", "--files", "none");
    const { status, stdout } = project.run("datasets", "bag", "complete", "said");
    assert.equal(status, 9);
    assert.match(stdout, /2 of 2 files are nowhere to be fetched from.*bag export .*@0\.1\.0 FOLDER/s);
  });

  test("a bag with an MD5 manifest is valid, is imported, and its files are known by SHA-256", () => {
    const folder = bag("md5");
    const files = readdirSync(path.join(folder, "data"));
    const md5 = (name: string) =>
      createHash("md5")
        .update(readFileSync(path.join(folder, "data", name)))
        .digest("hex");
    for (const name of ["manifest-sha256.txt", "tagmanifest-sha256.txt"]) rmSync(path.join(folder, name));
    const manifest = path.join(folder, "manifest-md5.txt");
    writeFileSync(manifest, files.map((name) => `${md5(name)}  data/${name}\n`).join(""));
    project.succeed("datasets", "bag", "verify", "md5");
    const other = new CommandLineProject(cleanUp);
    other.succeed("init");
    other.succeed("datasets", "bag", "import", folder);
    other.succeed("assets", "verify");
    // The manifest may be changed with a file: what the bag says of its assets is held to the bytes as well.
    const [name = ""] = files;
    chmodSync(path.join(folder, "data", name), 0o644);
    writeFileSync(path.join(folder, "data", name), "9\n");
    writeFileSync(manifest, files.map((each) => `${md5(each)}  data/${each}\n`).join(""));
    const third = new CommandLineProject(cleanUp);
    third.succeed("init");
    const { status, stderr } = third.run("datasets", "bag", "import", folder);
    assert.deepEqual([status, /sha256/.test(stderr)], [4, true], stderr);
    assert.equal(third.json("assets", "list").total, 0);
  });
});
