import assert from "node:assert/strict";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { sha256Hex } from "../../src/core/identity/digest.ts";
import { CommandLineProject } from "../support/command-line.ts";
import { serveApart } from "../support/serve-apart.ts";

// Assets that lie elsewhere, through the real program and a real server.

const bytes = Buffer.from("1,2,3\n".repeat(2000));
const sha256 = sha256Hex(bytes);

const module = `
import { readFileSync, writeFileSync } from "node:fs";

export function count({ execution: { asset, outputPath } }) {
  const lines = readFileSync(asset("numbers 1.csv").localPath, "utf8").trim().split("\\n").length;
  writeFileSync(outputPath("count.txt"), String(lines));
}

export async function later({ config, execution }) {
  const asset = await execution.useAsset(config.rid);
  const again = await execution.useAsset({ rid: config.rid.toLowerCase() });
  if (again.localPath !== asset.localPath) throw new Error("fetched twice");
  writeFileSync(execution.outputPath("size.txt"), String(readFileSync(asset.localPath).length));
}

export const named = ({ execution }) => execution.useAsset("numbers.csv");
`;

interface Remote {
  readonly project: CommandLineProject;
  readonly url: string;
  /** RID of the asset at the URL. */
  readonly rid: string;
  requests(): number;
}

async function remote(t: TestContext): Promise<Remote> {
  const { url, requests } = await serveApart(t, { path: "/numbers%201.csv", bytes });
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("count.mjs", module);
  const size = String(bytes.length);
  const added = project.succeed("assets", "add", url, "--sha256", sha256, "--size", size, "--type", "table");
  const [rid = ""] = added.split(" ");
  return { project, url, rid, requests };
}

test("a remote file is registered without fetching it, used by runs, fetched once and kept by its digest", async (t) => {
  const { project, url, rid, requests } = await remote(t);
  assert.equal(requests(), 0);
  const [asset] = project.json("assets", "list").items;
  assert.deepEqual(
    [asset?.["url"], asset?.["fileName"], asset?.["types"], asset?.["sizeBytes"]],
    [url, "numbers 1.csv", ["table"], bytes.length],
  );
  const again = project.succeed("assets", "add", url, "--sha256", sha256.toUpperCase(), "--size", "12000");
  assert.ok(again.startsWith(`${rid} `), again);
  for (const run of ["first", "second"]) {
    const report = JSON.parse(project.succeed("run", "--json", "count.mjs#count", "--asset", rid)) as {
      readonly rid: string;
    };
    const inputs = project.json("assets", "list", "--execution", report.rid, "--role", "Input").items;
    assert.deepEqual(
      inputs.map((each) => each["rid"]),
      [rid],
      run,
    );
  }
  assert.equal(requests(), 1);
  assert.match(project.succeed("cache", "size"), /1 file, 12 kB/);
  const [entry] = project.json("cache", "list").items;
  assert.equal(entry?.["sha256"], sha256);
});

test("a damaged entry of the cache is fetched again; cache verify and evict do what they say", async (t) => {
  const { project, rid, requests } = await remote(t);
  project.succeed("run", "count.mjs#count", "--asset", rid);
  const file = cached(project);
  const damage = (): void => {
    chmodSync(file, 0o644);
    writeFileSync(file, "damaged");
  };
  damage();
  project.succeed("run", "count.mjs#count", "--asset", rid);
  assert.equal(requests(), 2);
  damage();
  const verified = project.run("cache", "verify", "--json");
  assert.equal(verified.status, 9);
  const [checked] = (JSON.parse(verified.stdout) as { items: { state: string; found: string }[] }).items;
  assert.deepEqual(checked?.state, "damaged");
  assert.equal(checked?.found, sha256Hex(Buffer.from("damaged")));
  assert.equal(existsSync(file), false);
  project.succeed("run", "count.mjs#count", "--asset", rid);
  project.succeed("cache", "evict", sha256.slice(0, 8));
  assert.equal(project.json("cache", "list").items.length, 0);
});

test("a server that lies fails the run before its code begins, with both digests", async (t) => {
  const { project, url } = await remote(t);
  const other = sha256Hex(Buffer.from("other"));
  const added = project.succeed("assets", "add", url, "--sha256", other, "--size", "12000");
  const failed = project.run("run", "--json", "count.mjs#count", "--asset", added.split(" ")[0] ?? "");
  assert.equal(failed.status, 4);
  const { state, failure } = JSON.parse(failed.stdout) as {
    state: string;
    failure: { code: string; message: string };
  };
  assert.deepEqual([state, failure.code], ["failed", "ARTIFACT_INVALID"]);
  assert.ok(failure.message.includes(sha256) && failure.message.includes(other), failure.message);
  assert.equal(project.json("cache", "list").items.length, 0);
});

test("a server that is gone is a failure of the system, which says what to do", async (t) => {
  const { project } = await remote(t);
  const url = "http://127.0.0.1:65000/data.csv";
  const added = project.succeed("assets", "add", url, "--sha256", sha256, "--size", "12000");
  project.write("almanac.config.ts", "export default { cache: { retries: 0 } };\n");
  const failed = project.run("run", "--json", "count.mjs#count", "--asset", added.split(" ")[0] ?? "");
  const { failure } = JSON.parse(failed.stdout) as {
    failure: { class: string; code: string; message: string };
  };
  assert.deepEqual([failure.class, failure.code], ["system", "DOWNLOAD_FAILED"]);
  assert.match(failure.message, /cannot download http:\/\/127\.0\.0\.1:65000\/data\.csv/);
});

test("an asset used while a run goes on is an input of it: in the catalog, its lineage, and results taken elsewhere", async (t) => {
  const { project, rid } = await remote(t);
  const report = JSON.parse(project.succeed("run", "--json", "count.mjs#later", "-p", `rid="${rid}"`)) as {
    readonly rid: string;
    readonly state: string;
  };
  assert.equal(report.state, "published");
  assert.match(project.succeed("lineage", report.rid), /numbers 1\.csv/);
  assert.match(project.succeed("executions", "show", report.rid), new RegExp(`input +${rid} +numbers 1.csv`));
  const copy = new CommandLineProject(t);
  copy.succeed("init");
  cpSync(project.path("results"), copy.path("results"), { recursive: true });
  copy.succeed("executions", "ingest");
  const inputs = copy.json("assets", "list", "--execution", report.rid, "--role", "Input").items;
  assert.deepEqual(
    inputs.map((each) => [each["rid"], each["sha256"]]),
    [[rid, sha256]],
  );
  const wrong = project.run("run", "--json", "count.mjs#named");
  assert.equal(wrong.status, 4);
  assert.match(wrong.stdout, /\\"numbers\.csv\\" is not a RID; a local file is an input by --input/);
});

test("download and verify work for stored, local and remote assets; a damaged one is named with both digests", async (t) => {
  const { project, rid } = await remote(t);
  project.write("mine.csv", "mine\n");
  const elsewhere = project.write("elsewhere/far.csv", "far away\n");
  const far = sha256Hex(Buffer.from("far away\n"));
  const farUrl = pathToFileURL(elsewhere).href;
  const farRid = project.succeed("assets", "add", farUrl, "--sha256", far, "--size", "9").split(" ")[0] ?? "";
  project.succeed("run", "count.mjs#count", "--asset", rid, farRid, "--input", "mine.csv");
  const all = project.json("assets", "list").items;
  const ridOf = (name: string): string => String(all.find((each) => each["fileName"] === name)?.["rid"]);
  for (const [name, content] of [
    ["numbers 1.csv", String(bytes)],
    ["far.csv", "far away\n"],
    ["mine.csv", "mine\n"],
    ["count.txt", "2000"],
  ] as const) {
    project.succeed("assets", "download", ridOf(name), "-o", `got/${name}`);
    assert.equal(readFileSync(project.path("got", name), "utf8"), content);
  }
  project.succeed("assets", "verify");
  writeFileSync(elsewhere, "far afield");
  project.write("mine.csv", "yours\n");
  const stored = project.path(
    "results",
    ...String(all.find((each) => each["fileName"] === "count.txt")?.["url"])
      .slice(8)
      .split("/"),
  );
  chmodSync(stored, 0o644);
  writeFileSync(stored, "2001");
  const verified = project.run("assets", "verify", "--json");
  assert.equal(verified.status, 9);
  const { items } = JSON.parse(verified.stdout) as {
    items: { fileName: string; state: string; sha256: string; reason: string }[];
  };
  const bad = items.filter(({ state }) => state !== "good");
  assert.deepEqual(bad.map(({ fileName }) => fileName).sort(), ["count.txt", "far.csv", "mine.csv"]);
  const damaged = bad.find(({ fileName }) => fileName === "mine.csv");
  const found = sha256Hex(Buffer.from("yours\n"));
  assert.equal(damaged?.reason, `it has sha256 ${found}, not ${damaged?.sha256}`);
  const refused = project.run("assets", "download", ridOf("mine.csv"), "never.csv");
  assert.equal(refused.status, 4);
  assert.ok(
    refused.stderr.includes(found) && refused.stderr.includes(String(damaged?.sha256)),
    refused.stderr,
  );
  assert.equal(existsSync(project.path("never.csv")), false);
});

test("what cannot be registered is refused with the reason", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const refused = (pattern: RegExp, ...words: readonly string[]): void => {
    const { status, stderr } = project.run("assets", "add", ...words);
    assert.equal(status, 2, stderr);
    assert.match(stderr, pattern);
  };
  const known = ["--sha256", sha256, "--size", "5"];
  refused(/no URL of http:, https: or file:/, "data.csv", ...known);
  refused(/no URL of http:, https: or file:/, "ftp://host/data.csv", ...known);
  refused(/holds a user or password/, "https://me:secret@host/data.csv", ...known);
  refused(/"abc" is no sha256/, "https://host/data.csv", "--sha256", "abc", "--size", "5");
  refused(/"some" is no size/, "https://host/data.csv", "--sha256", sha256, "--size", "some");
  refused(/no asset kind "Modell"/, "https://host/x", ...known, "--kind", "Modell");
  refused(/not in the vocabulary Asset_Type/, "https://host/x", ...known, "--type", "modell");
});

/** The one file of the cache. */
function cached(project: CommandLineProject): string {
  const folder = project.path(".almanac", "cache", "entries");
  const [name = ""] = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((each) =>
    /[0-9a-f]{64}$/.test(each),
  );
  return join(folder, name);
}
