import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { CommandLineProject } from "../support/command-line.ts";

const id = "obs4MIPs.obs4MIPs.NASA.CERES.mon.rlut.100km.gn.v20200101";

/** A catalog of one observation and one that obs4REF has too. */
const catalog = [
  "almanac_type,instance_id,activity_id,institution_id,source_id,frequency,variable_id,nominal_resolution,grid_label,version,path",
  `obs4mips,${id},obs4MIPs,NASA,CERES,mon,rlut,100 km,gn,v20200101,/nowhere/rlut.nc`,
  `obs4ref,${id.replace("obs4MIPs.obs4MIPs", "obs4REF.obs4REF")},obs4REF,NASA,CERES,mon,rlut,100 km,gn,v20200101,/nowhere/ref.nc`,
  "",
].join("\n");

function project(t: { after: (action: () => void) => void }): CommandLineProject {
  const made = new CommandLineProject(t);
  made.succeed("init");
  made.write("obs.csv", catalog);
  return made;
}

test("a catalog comes in, goes out in every form, and comes in from each", (t) => {
  const one = project(t);
  assert.equal(
    one.succeed("import", "obs.csv"),
    "files: 2 new, 0 updated, 0 unchanged, 0 invalid\ndatasets: 2 touched\n",
  );
  assert.deepEqual(one.json("import", "obs.csv")["unchanged"], 2);
  for (const [form, file] of [
    ["parquet", "out.parquet"],
    ["csv", "out.csv.gz"],
    ["ndjson", "out.ndjson"],
    ["intake-esm", "out.json"],
  ] as const) {
    assert.match(one.succeed("export", form, "-o", file), /: 2 datasets, 2 rows/);
    assert.match(one.succeed("import", file), /0 new, 0 updated, 2 unchanged, 0 invalid/);
    const other = one.copy(t);
    other.succeed("import", form, file);
    other.succeed("export", form, "-o", `again-${file}`);
    if (form !== "intake-esm")
      assert.ok(readFileSync(other.path(`again-${file}`)).equals(readFileSync(one.path(file))), form);
  }
  assert.deepEqual(
    readdirSync(one.folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
});

test("what a selection leaves is what is written; nothing selected is said with --require-match", (t) => {
  const one = project(t);
  one.succeed("import", "obs.csv");
  one.succeed("export", "ndjson", "activity_id=obs4REF", "-o", "ref.ndjson");
  assert.equal(readFileSync(one.path("ref.ndjson"), "utf8").split("\n").length, 2);
  assert.equal(one.run("export", "csv", "source_id=NONE", "-o", "none.csv", "--require-match").status, 10);
  assert.equal(one.run("export", "csv", "sauce_id=NONE", "-o", "none.csv").status, 2);
  assert.equal(one.run("export", "csv").status, 2);
});

test("doctor names the observation that is there twice", (t) => {
  const one = project(t);
  one.succeed("import", "obs.csv");
  assert.match(
    one.run("doctor").stdout,
    /the same observation is published more than once: obs4MIPs.*, obs4REF/,
  );
});

test("wrong files, types and names end with what is wrong and where", (t) => {
  const one = project(t);
  const refused = (status: number, message: RegExp, ...words: readonly string[]): void => {
    const ended = one.run("import", ...words);
    assert.equal(ended.status, status, ended.stderr);
    assert.match(ended.stderr, message);
  };
  refused(2, /there is no source type "obs4mip"[\s\S]*did you mean obs4mips/, "--type", "obs4mip", "obs.csv");
  refused(2, /the name catalog\.txt does not tell what catalog it is/, "catalog.txt");
  refused(2, /no file to import was named/, "csv");
  refused(4, /there is no .*gone\.csv/, "gone.csv");
  one.write("lacking.csv", "instance_id\nx\n");
  refused(4, /has no column path and no column almanac_type/, "lacking.csv");
  writeFileSync(one.path("cut.csv.gz"), gzipSync(catalog.repeat(50)).subarray(0, 100));
  refused(4, /the compressed file is truncated/, "--type", "obs4mips", "cut.csv.gz");
  one.write("bad.ndjson", '{"path": "x", \n[]\n');
  refused(
    4,
    /bad\.ndjson, row 1: it is not JSON[\s\S]*row 2: it is no JSON object[\s\S]*NOTHING_INGESTED/,
    "bad.ndjson",
  );
  one.write("note.json", '{"title": "none"}');
  refused(4, /cannot be read as an intake-esm catalog[\s\S]*esmcat_version/, "note.json");
});
