import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";

const row = {
  instance_id: "obs4MIPs.A.v1",
  source_id: "A",
  variable_id: "tas",
  version: "v1",
  path: "a.nc",
  start_time: "2000-01-16 12:00:00",
  end_time: "2001-12-16 12:00:00",
  finalised: true,
};

const diagnostic = {
  provider: "p",
  slug: "d",
  name: "D",
  version: 1,
  or_sets: [
    [
      {
        source_type: "obs4mips",
        filters: [{ variable_id: ["tas"] }],
        group_by: ["source_id"],
        constraints: [],
      },
    ],
  ],
};

// SHA-1 of "obs4mips:" with the SHA-1 of the one id, as in the reference's recipe.
const hash = "e65e8ee213326b8c93e78e4e64b22a1c5a2eb14d";

/** A folder with a catalog of one dataset, one diagnostic, and the peer's answer under a key. */
function casesOf(t: TestContext, answer: Readonly<Record<string, object>>): string {
  const folder = mkdtempSync(path.join(tmpdir(), "almanac-conformance-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string | Buffer): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  write("catalogs/obs4mips.ndjson.gz", gzipSync(`${JSON.stringify(row)}\n`));
  write("requirements.json", JSON.stringify([diagnostic]));
  write("ignore.yaml", "");
  write("expected/p/d.json", JSON.stringify(answer));
  return folder;
}

function run(folder: string, ...more: readonly string[]) {
  const named = { catalogs: "catalogs", requirements: "requirements.json", ignore: "ignore.yaml" };
  const options = Object.entries(named).flatMap(([name, file]) => [`--${name}`, path.join(folder, file)]);
  const main = path.join(import.meta.dirname, "main.ts");
  const args = [main, ...options, "--expected", path.join(folder, "expected"), ...more];
  return spawnSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
}

const right = { obs4mips_A: { datasets: { obs4mips: ["obs4MIPs.A.v1"] }, compatHash: hash } };

test("equal groups: exit 0 and one line per diagnostic", (t) => {
  const { status, stdout, stderr } = run(casesOf(t, right));
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /p\/d +1 +0 +0 +0/);
});

test("a difference: exit 9, in the documented form with --json", (t) => {
  const wrong = {
    ...right,
    obs4mips_A: { ...right.obs4mips_A, compatHash: "x" },
    obs4mips_B: right.obs4mips_A,
  };
  const { status, stdout } = run(casesOf(t, wrong), "--json");
  assert.equal(status, 9);
  const [only, ...others] = (
    JSON.parse(stdout) as { readonly diagnostics: readonly Record<string, unknown>[] }
  ).diagnostics;
  assert.deepEqual(others, []);
  const { ms, ...rest } = only ?? {};
  assert.equal(typeof ms, "number");
  assert.deepEqual(rest, {
    provider: "p",
    diagnostic: "d",
    matched: 0,
    missing: ["obs4mips_B"],
    extra: [],
    differing: ["obs4mips_A"],
  });
});

test("a table of hashes is compared too", (t) => {
  const folder = casesOf(t, right);
  const table = (hashed: string): string => {
    const file = path.join(folder, "hashes.tsv.gz");
    const lines = ["provider\tdiagnostic\tdataset_key\thash", `p\td\tobs4mips_A\t${hashed}`];
    writeFileSync(file, gzipSync(`${lines.join("\n")}\n`));
    return file;
  };
  assert.equal(run(folder, "--hashes", table(hash)).status, 0);
  const { status, stdout } = run(folder, "--hashes", table("x"));
  assert.equal(status, 9);
  assert.match(stdout, /^differing p\/d obs4mips_A$/m);
});

test("wrong arguments and files that are not there have exit codes of their own", (t) => {
  assert.equal(run(casesOf(t, right), "--nonsense").status, 2);
  const { status, stderr } = run(casesOf(t, right), "--hashes", "/nowhere.tsv.gz");
  assert.equal(status, 3);
  assert.match(stderr, /there is no \/nowhere\.tsv\.gz/);
});
