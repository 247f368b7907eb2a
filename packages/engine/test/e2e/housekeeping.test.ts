import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { test } from "node:test";
import { CommandLineProject, type Envelope } from "../support/command-line.ts";
import { probeProject } from "../support/probe-project.ts";

test("init in a package without a module type leads to no warning of Node.js", (t) => {
  for (const [text, name] of [
    ['{ "name": "mine" }', "almanac.config.mts"],
    ['{ "type": "commonjs" }', "almanac.config.mts"],
    ['{ "type": "module" }', "almanac.config.ts"],
  ] as const) {
    const project = new CommandLineProject(t);
    project.write("package.json", text);
    const { status, stdout, stderr } = project.run("init");
    assert.equal(status, 0, stderr);
    assert.match(stdout, new RegExp(`^wrote ${name}\n`));
    assert.doesNotMatch(stderr, /Warning/);
    const listed = project.run("config", "list", "--origin");
    assert.match(listed.stderr, /^\d+ settings\n$/);
    assert.match(project.succeed("init"), new RegExp(`^kept ${name}\n`));
  }
});

test("what a killed init left is told by doctor and removed by the next init", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const left = "almanac.config.ts.4194304.tmp";
  project.write(left, "half");
  project.write(`almanac.config.ts.${process.pid}.tmp`, "being written");
  assert.match(project.succeed("doctor"), new RegExp(`almanac init\n +warning: ${left}`));
  assert.match(project.run("init").stderr, new RegExp(`removed ${left}`));
  assert.deepEqual(
    readdirSync(project.folder).filter((name) => name.endsWith(".tmp")),
    [`almanac.config.ts.${process.pid}.tmp`],
  );
  assert.doesNotMatch(project.succeed("doctor"), /tmp/);
});

test("version, in every format and spelling", (t) => {
  const project = new CommandLineProject(t);
  const text = project.succeed("version");
  assert.match(text, /^almanac \d+\.\d+\.\d+ \(Node\.js 24\.\S+, \w+-\w+\)\n$/);
  assert.equal(project.succeed("--version"), text);
  assert.equal(project.succeed("-V"), text);
  const { format, node } = project.json("version");
  assert.deepEqual([format, node], ["almanac.version/1", process.versions.node]);
});

test("completion names every command in each shell's own words", (t) => {
  const project = new CommandLineProject(t);
  const help = project.succeed("--help");
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = ""]) => name);
  assert.ok(commands.includes("solve") && commands.length > 15, help);
  const marks = { bash: "complete -o filenames", zsh: "#compdef almanac", fish: "complete -c almanac" };
  for (const [shell, mark] of Object.entries(marks)) {
    const script = project.succeed("completion", shell);
    assert.ok(script.includes(mark), script);
    for (const name of commands.filter((each) => each !== "help"))
      assert.match(script, new RegExp(`[ ("]${name}[ )"]`), `${shell} ${name}`);
  }
});

test("doctor has nothing to remark on a good project, and groups what it finds under a remedy", (t) => {
  const project = probeProject(t);
  project.succeed("solve");
  assert.equal(project.succeed("doctor"), "nothing to remark\n");
  assert.deepEqual(project.json("doctor").items, []);
  project.succeed("groups", "invalidate", "probe/fine/cmip6_MODEL-A");
  assert.match(
    project.succeed("doctor"),
    /^run them: almanac solve\n {2}warning: probe\/fine\/cmip6_MODEL-A/m,
  );
  project.write("probe.ts", "throw new Error('no such luck');");
  const broken = project.run("doctor");
  assert.equal(broken.status, 3, broken.stderr);
  assert.match(broken.stdout, /error: .*[\s\S]*no such luck/);
});

test("doctor names published results that are gone or cut", (t) => {
  const project = probeProject(t, { models: ["MODEL-A", "MODEL-B", "MODEL-C"] });
  project.succeed("solve");
  const folderOf = (model: string): string => {
    const { items } = project.json("executions", "list", `source_id=${model}`);
    return project.path("results", String(items[0]?.["fragment"]));
  };
  rmSync(folderOf("MODEL-A"), { recursive: true });
  const cut = `${folderOf("MODEL-B")}/diagnostic.json`;
  chmodSync(cut, 0o644);
  truncateSync(cut, 3);
  const { status, stdout } = project.run("doctor");
  assert.equal(status, 3);
  assert.match(stdout, /error: \S+ probe\/fine\/cmip6_MODEL-A: its folder or manifest is missing/);
  assert.match(stdout, /error: \S+ probe\/fine\/cmip6_MODEL-B: diagnostic\.json has 3 bytes instead of \d+/);
  assert.doesNotMatch(stdout, /MODEL-C/);
});

test("verify finds published results that are gone, cut or altered, and lets the next solve run them", (t) => {
  const project = probeProject(t, { models: ["MODEL-A", "MODEL-B", "MODEL-C", "MODEL-D"] });
  project.succeed("solve");
  const executionOf = (model: string) =>
    project.json("executions", "list", `source_id=${model}`, "--newest").items[0] ?? {};
  const folderOf = (model: string): string => project.path("results", String(executionOf(model)["fragment"]));
  project.succeed("executions", "verify", "--full");
  rmSync(folderOf("MODEL-A"), { recursive: true });
  const cut = `${folderOf("MODEL-B")}/diagnostic.json`;
  chmodSync(cut, 0o644);
  truncateSync(cut, 3);
  const altered = `${folderOf("MODEL-C")}/diagnostic.json`;
  chmodSync(altered, 0o644);
  writeFileSync(altered, readFileSync(altered, "utf8").replace(/[0-9]/, "7"));

  const sizes = project.run("executions", "verify");
  assert.equal(sizes.status, 9);
  assert.match(sizes.stdout, /MODEL-A +its folder or manifest is missing/);
  assert.match(sizes.stdout, /MODEL-B +diagnostic\.json has 3 bytes instead of \d+/);
  assert.doesNotMatch(sizes.stdout, /MODEL-[CD]/);
  assert.equal(project.run("executions", "verify", String(executionOf("MODEL-D")["rid"])).status, 0);
  assert.equal(project.json("plan").items.filter(({ decision }) => decision === "run").length, 0);

  const full = project.run("executions", "verify", "--full", "--mark", "--json");
  assert.equal(full.status, 9);
  const { items, verified } = JSON.parse(full.stdout) as Envelope;
  assert.equal(verified, 4);
  const marked = new Set(items.filter((each) => each["marked"] === true).map(({ key }) => key));
  assert.deepEqual(marked, new Set(["cmip6_MODEL-A", "cmip6_MODEL-B", "cmip6_MODEL-C"]));
  const { items: planned } = project.json("plan");
  assert.equal(planned.filter(({ decision }) => decision === "run").length, 3);
  assert.match(JSON.stringify(planned), /artifact missing: diagnostic\.json has other contents/);
  project.succeed("solve");
  assert.equal(project.json("plan").items.filter(({ decision }) => decision === "run").length, 0);
  const left = project.run("executions", "verify", "--full", "--mark");
  assert.equal(left.status, 9, "the old folders differ as before");
  assert.doesNotMatch(left.stdout, /yes/);
  assert.equal(project.json("plan").items.filter(({ decision }) => decision === "run").length, 0);
});

test("db tells its schema and counts, migrates what is outdated, and backs up what it has", (t) => {
  const project = probeProject(t);
  project.succeed("solve");
  assert.match(project.succeed("db", "status"), /schema \S+, up to date, \d+ bytes\n[\s\S]*dataset/);
  const status = project.json("db", "status");
  assert.deepEqual([status.format, status["pending"]], ["almanac.db-status/1", []]);
  assert.equal(project.succeed("db", "migrate"), "nothing to migrate\n");
  assert.equal(project.succeed("db", "backup", "copy.sqlite"), "wrote copy.sqlite\n");
  const again = project.run("db", "backup", "copy.sqlite");
  assert.notEqual(again.status, 0);
  assert.match(again.stderr, /copy\.sqlite/);
  const values = project.succeed("values", "list", "--format", "csv");
  const config = readFileSync(project.path("almanac.config.ts"), "utf8");
  const other = config.replace("default {", `default { catalog: { url: "sqlite:copy.sqlite" },`);
  project.write("almanac.config.ts", other);
  assert.equal(project.succeed("values", "list", "--format", "csv"), values);
  assert.ok(existsSync(project.path("copy.sqlite")));
});
