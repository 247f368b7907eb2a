import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { type Cmip6File, cmip6Bytes, cmip6Id, cmip6Path } from "../support/cmip6-file.ts";
import { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probePath, probeProject } from "../support/probe-project.ts";

const january = "200001-200003";

/** What `ingest --json` says, as far as it is looked at here. */
interface Report {
  readonly new: number;
  readonly unchanged: number;
  readonly invalid: readonly { readonly path: string; readonly code: string; readonly reason: string }[];
  readonly missing: readonly string[];
  readonly warnings: readonly { readonly id: string; readonly message: string }[];
}

function emptyProject(t: TestContext): CommandLineProject {
  const project = new CommandLineProject(t);
  project.write("almanac.config.ts", probeConfig());
  project.succeed("init");
  return project;
}

/** Writes a small NetCDF-3 file below `archive`. @returns its path from the project's folder */
function put(
  project: CommandLineProject,
  file: Cmip6File,
  {
    attributes = {},
    root = "archive",
  }: { attributes?: Readonly<Record<string, string>>; root?: string } = {},
): string {
  const name = path.join(root, cmip6Path({ months: january, ...file }));
  mkdirSync(path.dirname(project.path(name)), { recursive: true });
  writeFileSync(project.path(name), cmip6Bytes(file, attributes));
  return name;
}

function ingest(project: CommandLineProject, ...words: readonly string[]): Report {
  const { stdout } = project.run("ingest", "--type", "cmip6", ...words, "archive", "--json");
  return JSON.parse(stdout) as Report;
}

function ids(project: CommandLineProject): readonly unknown[] {
  return project.json("datasets", "list").items.map(({ id }) => id);
}

/** How many datasets the solver can use. */
function sound(project: CommandLineProject): number {
  return project.json("datasets", "list").items.filter(({ invalid }) => invalid === undefined).length;
}

test("each bad file is named with its reason, stops nothing, and comes in once it is mended", (t) => {
  const project = emptyProject(t);
  const good = put(project, { source: "GOOD" });
  const cut = put(project, { source: "CUT" });
  truncateSync(project.path(cut), 600);
  const page = put(project, { source: "PAGE" });
  project.write(page, "<!DOCTYPE html><html><body>503 Service Unavailable</body></html>");
  const empty = put(project, { source: "EMPTY" });
  project.write(empty, "");
  const looping = put(project, { source: "LOOP" });
  rmSync(project.path(looping));
  symlinkSync(path.basename(looping), project.path(looping));
  const folder = put(project, { source: "FOLDER" });
  rmSync(project.path(folder));
  mkdirSync(project.path(folder));
  const pipe = put(project, { source: "PIPE" });
  rmSync(project.path(pipe));
  execFileSync("mkfifo", [project.path(pipe)]);

  const report = ingest(project);
  const found = Object.fromEntries(report.invalid.map((each) => [each.path, each]));
  const expected: Readonly<Record<string, readonly [string, RegExp]>> = {
    [cut]: ["FILE_INVALID", /truncated/],
    [page]: ["FILE_INVALID", /HTML/],
    [empty]: ["FILE_INVALID", /empty/],
    [looping]: ["FILE_UNREADABLE", /ELOOP|link/],
    [folder]: ["FILE_INVALID", /folder|directory/],
    [pipe]: ["FILE_INVALID", /pipe|regular/],
  };
  for (const [file, [code, says]] of Object.entries(expected)) {
    assert.equal(found[file]?.code, code, `${file}: ${JSON.stringify(found[file])}`);
    assert.match(found[file]?.reason ?? "", says);
  }
  assert.deepEqual([report.new, report.invalid.length], [1, Object.keys(expected).length]);
  assert.deepEqual(ids(project), [cmip6Id({ source: "GOOD" })]);
  assert.deepEqual(ingest(project).invalid, report.invalid, "said again, whether opened again or not");
  for (const said of ["truncated", "HTML", "almanac ingest"])
    assert.ok(project.succeed("doctor").includes(said), said);

  for (const source of ["CUT", "PAGE", "EMPTY"]) put(project, { source });
  assert.equal(ingest(project).invalid.length, 3);
  assert.equal(ids(project).length, 4);
  assert.ok(project.succeed("datasets", "show", cmip6Id({ source: "GOOD" })).includes(good));
});

test("a file without permission is unreadable, and read as soon as it may be", (t) => {
  const project = emptyProject(t);
  const secret = put(project, { source: "SECRET" });
  put(project, { source: "OPEN" });
  chmodSync(project.path(secret), 0o000);
  project.giveAway(".almanac");
  const { stdout } = project.runAsNobody("ingest", "--type", "cmip6", "archive", "--json");
  const { invalid, new: added } = JSON.parse(stdout) as Report;
  assert.deepEqual(
    invalid.map(({ code, path: file }) => [code, file]),
    [["FILE_UNREADABLE", secret]],
  );
  assert.equal(added, 1);
  chmodSync(project.path(secret), 0o644);
  assert.deepEqual(ingest(project).invalid, []);
  assert.equal(ids(project).length, 2);
});

test("a vanished file is missing, said once, and leaves the plan; a root that is gone changes nothing", (t) => {
  const project = emptyProject(t);
  put(project, { source: "STAYS" });
  const goes = put(project, { source: "GOES" });
  ingest(project);
  rmSync(project.path(goes));
  assert.deepEqual(ingest(project).missing, [goes]);
  assert.deepEqual(ingest(project).missing, []);
  cpSync(project.path("archive"), project.path("elsewhere"), { recursive: true });
  rmSync(project.path("archive"), { recursive: true });
  const { status, stderr } = project.run("ingest", "--type", "cmip6", "archive");
  assert.equal(status, 3, stderr);
  assert.match(stderr, /error\[ROOT_MISSING\]/);
  assert.match(project.succeed("datasets", "list", "source_id=STAYS"), /STAYS.* 1 +ok/);
});

test("a file that vanishes between ingestion and solve fails its own execution, until it is back", (t) => {
  const project = probeProject(t, { models: ["STAYS", "GOES"] });
  const goes = project.path(probePath("GOES"));
  renameSync(goes, project.path("elsewhere.nc"));
  const solved = project.run("solve");
  assert.equal(solved.status, 4, solved.stderr);
  assert.match(solved.stderr, /FILE_MISSING: input files are not there: .*GOES/);
  assert.equal(project.json("values", "list").total, 1);
  assert.match(project.succeed("solve"), /failed/, "not tried again by itself");
  renameSync(project.path("elsewhere.nc"), goes);
  project.succeed("solve", "--rerun-failed");
  assert.equal(project.json("values", "list").total, 2);
});

test("a copy of a file elsewhere is one dataset with a warning", (t) => {
  const project = emptyProject(t);
  put(project, { source: "TWICE" });
  put(project, { source: "TWICE" }, { root: "archive/mirror" });
  const { warnings, invalid } = ingest(project);
  assert.deepEqual(invalid, []);
  assert.match(warnings.map(({ message }) => message).join(), /mirror/);
  assert.deepEqual(ids(project), [cmip6Id({ source: "TWICE" })]);
});

test("files that disagree make their dataset invalid, with the facet and both values, until they agree", (t) => {
  const project = emptyProject(t);
  const one = put(project, { source: "TORN" });
  const other = put(
    project,
    { source: "TORN", months: "200004-200006" },
    { attributes: { frequency: "day" } },
  );
  put(project, { source: "WHOLE" });
  const { invalid } = ingest(project);
  assert.deepEqual(invalid.map(({ path: file }) => file).sort(), [one, other].sort());
  for (const { code, reason } of invalid) {
    assert.equal(code, "DATASET_INVALID");
    assert.match(reason, /frequency: "mon" .*"day"/);
  }
  assert.match(project.succeed("doctor"), /frequency/);
  assert.equal(sound(project), 1);
  put(project, { source: "TORN", months: "200004-200006" }, { attributes: { title: "mended" } });
  assert.deepEqual(ingest(project).invalid, []);
  assert.equal(sound(project), 2);
});

test("a folder without files, and one with other files only, are said to hold none", (t) => {
  const project = emptyProject(t);
  mkdirSync(project.path("archive"));
  const bare = project.run("ingest", "--type", "cmip6", "archive");
  assert.equal(bare.status, 4, bare.stderr);
  assert.match(bare.stderr, /archive: holds no file that ends in \.nc[\s\S]*error\[NOTHING_INGESTED\]/);
  project.write("archive/readme.txt", "nothing here");
  assert.match(project.run("ingest", "--type", "cmip6", "archive").stderr, /\(1 other files\)/);
});
