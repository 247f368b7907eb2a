import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

/** A project with a released dataset `notes` of ten files that a run left. */
function projectWithNotes(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write(
    "notes.sh",
    'cd "$ALMANAC_EXECUTION" && for i in 0 1 2 3 4 5 6 7 8 9; do echo $i > note-$i.txt; done\n',
  );
  project.succeed("run", "--", "sh", "notes.sh");
  const files = project
    .json("assets", "list", "--kind", "execution-asset")
    .items.map(({ rid }) => String(rid));
  assert.equal(files.length, 10);
  project.succeed("datasets", "create", "notes", "--member", ...files, "--release");
  return project;
}

interface Split {
  readonly of: string;
  readonly rid: string;
  readonly parts: readonly {
    readonly name: string;
    readonly rid: string;
    readonly members: number;
    readonly types: readonly string[];
  }[];
  readonly leftOut: number;
}

test("datasets split and subsample, through the program", (t) => {
  const project = projectWithNotes(t);
  const parts = ["--part", "train=0.7", "--part", "test=2", "--seed", "7"];
  const dry = project.succeed("datasets", "split", "notes@0.1.0", ...parts, "--dry-run");
  assert.match(dry, /^10 members of \S+@0\.1\.0 in 2 parts, seed 7\n/);
  assert.match(dry, /1 member is in none of them\ndry run: nothing was written\n$/);
  assert.equal(project.json("datasets", "list", "--origin", "authored").total, 1);

  const split = JSON.parse(project.succeed("datasets", "split", "notes@0.1.0", ...parts, "--json")) as Split;
  assert.deepEqual(
    split.parts.map(({ name, members, types }) => [name, members, types]),
    [
      ["train", 7, ["Training"]],
      ["test", 2, ["Testing"]],
    ],
  );
  assert.equal(split.leftOut, 1);
  assert.equal(project.json("datasets", "members", "notes-split-train@0.1.0").total, 7);
  assert.equal(project.json("datasets", "children", `${split.rid}@0.1.0`).total, 2);
  assert.match(project.succeed("lineage", String(split.parts[0]?.rid)), /notes@0\.1\.0/);

  const sample = project.succeed("datasets", "subsample", "notes@0.1.0", "--size", "3", "--name", "few");
  assert.match(sample, /^\S+@0\.1\.0 {2}3 of 10 members of \S+@0\.1\.0, seed 0\n$/);
  assert.equal(project.json("datasets", "members", "few@0.1.0").total, 3);
});

test("what cannot be split is told with its reason and what to do", (t) => {
  const project = projectWithNotes(t);
  const refusal = (...words: readonly string[]): string => {
    const { status, stderr } = project.run("datasets", ...words);
    assert.equal(status, 2, stderr);
    return stderr;
  };
  const split = (...words: readonly string[]): string => refusal("split", "notes@0.1.0", ...words);
  assert.match(split("--part", "a=0.9", "--part", "b=0.2"), /SPLIT_REFUSED.*fractions add up to 1\.1/);
  assert.match(split("--part", "a=11"), /the parts ask for 11 of 10 members/);
  assert.match(split("--part", "a"), /"a" is no part\n.*--part train=0\.7/);
  assert.match(split("--part", "a=much"), /"much" is no size of a part/);
  assert.match(split(), /--part <name=size\.\.\.>/);
  assert.match(split("--part", "a=5", "--disjoint-by", "model"), /anything that is called "model"/);
  assert.match(refusal("split", "note@0.1.0", "--part", "a=5"), /nearest: notes/);
  assert.match(refusal("split", "notes", "--part", "a=5"), /names no version.*\n.*@0\.1\.0/);
  assert.match(refusal("subsample", "notes@0.3.0", "--size", "5"), /@0\.3\.0 is not a released version/);
  assert.equal(project.json("datasets", "list", "--origin", "authored").total, 1);
});

test("types of assets go by their spellings, and what is none is told with the nearest", (t) => {
  const project = projectWithNotes(t);
  assert.equal(project.json("assets", "list", "--type", "plot").total, 0);
  const { status, stderr } = project.run("assets", "list", "--type", "modle");
  assert.equal(status, 2);
  assert.match(stderr, /there is no asset type "modle"; did you mean "model"\?/);
});
