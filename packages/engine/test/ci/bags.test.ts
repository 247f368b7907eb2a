import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { CommandLineProject } from "../support/command-line.ts";

// Bags against another implementation of BagIt, in both directions.

const python = process.env["ALMANAC_TEST_PYTHON"];
const skip = python === undefined && "ALMANAC_TEST_PYTHON names no Python with bagit";

/** What the other implementation says of a bag. */
function theirs(folder: string): { readonly valid: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(
    python ?? "",
    ["-c", "import sys, bagit; bagit.Bag(sys.argv[1]).validate()", folder],
    { encoding: "utf8", env: { ...process.env, PYTHONUTF8: "1" } },
  );
  return { valid: status === 0, said: `${stdout}${stderr}` };
}

/** Names that have given trouble to one program or another. */
const names = [
  ...["with blanks  two.txt", "é.txt", "日本語/🎈.bin", "100%.txt", "%25", "no extension", ".hidden"],
  ...["line\nend.txt", "carriage\rreturn", "a.b..c", "#?&*'\"", "$HOME", "A/x", "empty"],
];

const module = `import { writeFileSync } from "node:fs";
export function make({ execution }) {
  for (const name of ${JSON.stringify(names)})
    writeFileSync(execution.outputPath(name), name === "empty" ? "" : "content of " + name);
}
`;

/** A project with a released dataset of files with these names. */
function project(t: TestContext): CommandLineProject {
  const made = new CommandLineProject(t);
  made.write("make.mjs", module);
  required(made.run("init"));
  required(made.run("run", "make.mjs#make"));
  const { items } = JSON.parse(
    required(made.run("assets", "list", "--kind", "execution-asset", "--json")),
  ) as {
    items: readonly { rid: string }[];
  };
  assert.equal(items.length, names.length);
  required(made.run("datasets", "create", "odd", "--member", ...items.map(({ rid }) => rid), "--release"));
  return made;
}

function required({ status, stdout, stderr }: ReturnType<CommandLineProject["run"]>): string {
  assert.equal(status, 0, stderr);
  return stdout;
}

test("a bag of ours is valid for the other program, and damage to it is seen by both", { skip }, (t) => {
  const made = project(t);
  required(made.run("datasets", "bag", "export", "odd@0.1.0", "bag"));
  const { valid, said } = theirs(made.path("bag"));
  assert.ok(valid, said);
  required(made.run("datasets", "bag", "verify", "bag"));

  const file = made.path("bag/data/no extension");
  chmodSync(file, 0o644);
  writeFileSync(file, "CONTENT of no extension");
  assert.equal(theirs(made.path("bag")).valid, false);
  const { status, stdout } = made.run("datasets", "bag", "verify", "bag", "--json");
  assert.equal(status, 9);
  const { items } = JSON.parse(stdout) as { items: readonly { kind: string; path: string }[] };
  assert.deepEqual(
    items.map(({ kind, path }) => `${kind} ${path}`),
    ["differs data/no extension"],
  );
});

test("a bag with files to fetch is incomplete for both, and valid for both once they are fetched", {
  skip,
}, (t) => {
  const made = project(t);
  const bytes = Buffer.from("from elsewhere");
  const file = made.write("elsewhere/a file.bin", bytes.toString());
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  required(
    made.run("assets", "add", pathToFileURL(file).href, "--sha256", sha256, "--size", `${bytes.length}`),
  );
  const listed = required(made.run("assets", "list", "--kind", "file", "--json"));
  const { items } = JSON.parse(listed) as { items: readonly { rid: string }[] };
  const rid = items[0]?.rid ?? "";
  required(made.run("datasets", "create", "remote", "--member", rid, "--release"));
  required(made.run("datasets", "bag", "export", "remote@0.1.0", "bag", "--files", "local"));
  assert.equal(theirs(made.path("bag")).valid, false);
  assert.equal(made.run("datasets", "bag", "verify", "bag").status, 9);
  required(made.run("datasets", "bag", "complete", "bag"));
  const { valid, said } = theirs(made.path("bag"));
  assert.ok(valid, said);
  required(made.run("datasets", "bag", "verify", "bag"));
});

test("bags of the other program are valid for us, and damage to them is seen", { skip }, (t) => {
  const made = new CommandLineProject(t);
  for (const algorithms of [["sha256"], ["md5"], ["sha512", "sha256", "md5", "sha1"]]) {
    const name = `theirs-${algorithms.join("-")}`;
    // Their files are spelt as they are but for line ends, of which they decode two only.
    for (const each of names) made.write(join(name, each), each === "empty" ? "" : `content of ${each}`);
    execFileSync(
      python ?? "",
      [
        "-c",
        "import sys, bagit; bagit.make_bag(sys.argv[1], checksums=sys.argv[2:])",
        made.path(name),
        ...algorithms,
      ],
      { env: { ...process.env, PYTHONUTF8: "1" } },
    );
    assert.ok(theirs(made.path(name)).valid);
    required(made.run("datasets", "bag", "verify", name));
    const status = JSON.parse(required(made.run("datasets", "bag", "status", name, "--json"))) as object;
    assert.partialDeepStrictEqual(status, { state: "complete", files: names.length });

    writeFileSync(made.path(name, "data/é.txt"), "other");
    rmSync(made.path(name, "data/a.b..c"));
    mkdirSync(made.path(name, "data/more"));
    writeFileSync(made.path(name, "data/more/extra"), "");
    const { stdout, status: exit } = made.run("datasets", "bag", "verify", name, "--json");
    assert.equal(exit, 9);
    const { items } = JSON.parse(stdout) as { items: readonly { path: string }[] };
    assert.deepEqual(
      new Set(items.map(({ path }) => path)),
      new Set(["data/é.txt", "data/a.b..c", "data/more/extra"]),
    );
  }
});

test("what is imported from a bag is exported as a bag that the other program finds valid", { skip }, (t) => {
  const made = project(t);
  required(made.run("datasets", "bag", "export", "odd@0.1.0", "bag"));
  const other = new CommandLineProject(t);
  required(other.run("init"));
  required(other.run("datasets", "bag", "import", made.path("bag")));
  required(other.run("datasets", "bag", "export", "odd@0.1.0", "again"));
  const { valid, said } = theirs(other.path("again"));
  assert.ok(valid, said);
  const files = (folder: string): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  assert.deepEqual(files(other.path("again/data")), files(made.path("bag/data")));
  assert.equal(
    readFileSync(other.path("again/manifest-sha256.txt"), "utf8"),
    readFileSync(made.path("bag/manifest-sha256.txt"), "utf8"),
  );
});
