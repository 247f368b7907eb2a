import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { repositoryAt } from "../../src/adapters/git/repository.harness.ts";
import { allowedVariables } from "../../src/core/records/allowed-variables.ts";
import { keyShapes } from "../../src/core/records/key-shapes.harness.ts";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
import { writeFileSync } from "node:fs";
export function train({ execution: { outputPath } }) {
  writeFileSync(outputPath("model.json"), "{}");
}
`;

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command with a given environment. */
function runWith(
  project: CommandLineProject,
  environment: Readonly<Record<string, string>>,
  ...words: readonly string[]
): Ended {
  const [program = "", ...first] = project.commandLine();
  const ended = spawnSync(program, [...first, ...words], {
    cwd: project.folder,
    env: { PATH: process.env["PATH"], HOME: project.folder, GIT_CONFIG_NOSYSTEM: "1", ...environment },
    encoding: "utf8",
    timeout: 120_000,
    killSignal: "SIGKILL",
  });
  if (ended.error !== undefined) throw ended.error;
  return ended;
}

/** Every byte below a folder, as text. */
function everything(folder: string): readonly { readonly file: string; readonly text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => ({ file, text: readFileSync(file, "latin1") }));
}

/** Every row of the catalog, as text: in its file a long text is in pieces. */
function tablesOf(project: CommandLineProject): readonly { readonly file: string; readonly text: string }[] {
  using database = new DatabaseSync(project.path(".almanac/catalog.sqlite"), { readOnly: true });
  return database
    .prepare("select name from sqlite_schema where type = 'table'")
    .all()
    .map(({ name }) => ({
      file: `table ${String(name)}`,
      text: JSON.stringify(database.prepare(`select * from "${String(name)}"`).all()),
    }));
}

/** A value as it is, and in the forms in which it might be written. */
function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const inBase64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value),
    bytes.toString("hex"),
    ...inBase64,
  ];
}

/** The document of a recorded run that ends with this name. */
function captured(project: CommandLineProject, name: string): string {
  const found = everything(project.path("results")).find(({ file }) => file.endsWith(name));
  assert.ok(found, `${name} is not in the results`);
  return readFileSync(found.file, "utf8");
}

test("nothing of 1,000 random variables nor any key reaches files, catalog or log of a run", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("train.mjs", module);
  const mark = fc.stringMatching(/^[A-Za-z0-9]{24}$/);
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z_]{11,20}$/);
  const allowed = new Set(allowedVariables);
  const random = fc
    .sample(fc.tuple(name, mark), { numRuns: 1000, seed: 7 })
    .filter(([each]) => !allowed.has(each) && !each.toUpperCase().startsWith("NODE"));
  const keys = Object.values(keyShapes());
  const environment = {
    ...Object.fromEntries(random),
    ...Object.fromEntries(keys.map((key, at) => [`PLAIN_NAME_${at}`, key])),
    XLA_FLAGS: `--x=${keys[0]}`,
    TZ: "UTC",
    MY_SECRET: "s3same-open-sesame",
  };
  const { status, stderr, stdout } = runWith(project, environment, "run", "train.mjs#train", "--debug");
  assert.equal(status, 0, stderr);
  // A run that fails, and a command line, keep as little.
  const failed = runWith(project, environment, "run", "--", "sh", "-c", "exit 3");
  assert.equal(failed.status, 4, failed.stderr);
  const { variables, withheld } = JSON.parse(captured(project, "environment.json"));
  assert.deepEqual([variables, withheld], [{ TZ: "UTC" }, ["XLA_FLAGS"]]);
  const values = [...random.map(([, value]) => value), ...keys, "s3same-open-sesame"];
  const names = random.map(([each]) => each);
  const places = [
    ...everything(project.folder),
    ...tablesOf(project),
    { file: "output", text: stdout + stderr + failed.stderr },
  ];
  for (const each of [
    "almanac.log",
    "environment.json",
    "execution.json",
    "catalog.sqlite",
    "table execution_definition",
  ])
    assert.ok(
      places.some(({ file }) => file.endsWith(each)),
      `${each} was not searched`,
    );
  const all = places.map(({ text }) => text).join("\n");
  for (const sought of [...values.flatMap(formsOf), ...names])
    if (all.includes(sought))
      assert.fail(`${sought} is in ${places.find(({ text }) => text.includes(sought))?.file}`);
});

test("a run of committed code has a workflow at its commit; changed code is refused, or recorded with its patch", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const repository = repositoryAt(project.folder);
  repository.git("init", "-q", "-b", "main");
  repository.git("remote", "add", "origin", "git@example.org:lab/train.git");
  project.write("train.mjs", module);
  project.write("package-lock.json", "{}\n");
  project.write(".gitignore", ".almanac/\nresults/\n");
  const commit = repository.commit();
  const run = (...words: readonly string[]) => runWith(project, {}, "run", "train.mjs#train", ...words);
  assert.equal(run().status, 0);
  // What the first run wrote does not make the second one dirty.
  assert.equal(run().status, 0);
  const url = `https://example.org/lab/train/blob/${commit}/train.mjs`;
  const { items } = project.json("workflows", "list", "--url", url);
  assert.deepEqual(
    items.map(({ name, executions, checksum }) => ({ name, executions, checksum })),
    [{ name: "train", executions: 2, checksum: repository.git("rev-parse", "HEAD:train.mjs") }],
  );
  assert.match(captured(project, "lock-files/package-lock.json"), /\{\}/);
  project.write("train.mjs", `${module}// changed\n`);
  project.write("new.txt", "1\n");
  const refused = run();
  assert.equal(refused.status, 3);
  assert.match(
    refused.stderr,
    /error\[CODE_DIRTY\][\s\S]*modified +train\.mjs[\s\S]*untracked +new\.txt|untracked +new\.txt[\s\S]*modified +train\.mjs/,
  );
  assert.match(refused.stderr, /--allow-dirty/);
  assert.equal(run("--dry-run").status, 0);
  assert.equal(project.json("workflows", "list").total, 1);
  assert.equal(run("--allow-dirty").status, 0);
  assert.match(captured(project, "code.patch"), /\+\/\/ changed/);
  assert.equal(project.json("workflows", "list").total, 2);
});

test("workflows are described and typed by RID or URL", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("train.mjs", module);
  const environment = { ALMANAC_WORKFLOW_URL: "https://example.org/w", ALMANAC_WORKFLOW_CHECKSUM: "abc" };
  const typed = (type: string) => runWith(project, environment, "run", "train.mjs#train", "--type", type);
  assert.match(typed("trainig").stderr, /there is no workflow type "trainig"; did you mean "Training"/);
  assert.equal(project.json("executions", "list").total, 0);
  assert.equal(typed("script").status, 0);
  const [{ rid } = {}] = project.json("workflows", "list").items;
  project.succeed("workflows", "describe", "https://example.org/w", "**Fits** it");
  project.succeed("workflows", "types", "add", String(rid), "training");
  project.succeed("workflows", "types", "remove", String(rid), "Script", "Notebook");
  const shown = project.json("workflows", "show", String(rid)) as unknown as Readonly<
    Record<string, unknown>
  >;
  assert.deepEqual(
    [shown["description"], shown["types"], shown["checksum"]],
    ["**Fits** it", ["Training"], "abc"],
  );
  const wrong = project.run("workflows", "types", "set", String(rid), "trainig");
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /did you mean "Training"/);
  assert.equal(project.run("workflows", "show", "https://example.org/none").status, 2);
});
