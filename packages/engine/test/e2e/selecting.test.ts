import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probePath, probeProject, wellBehaved } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B", "OTHER"];
const failsForB = `run: (context) => { if (model(context) === "MODEL-B") throw new Error("no luck"); give(context, 1); }`;

function solved(t: TestContext): CommandLineProject {
  const project = probeProject(t, { models, diagnostics: { fine: wellBehaved, finer: failsForB } });
  assert.equal(project.run("solve").status, 4);
  return project;
}

/** Which models a listing tells of, each once. */
function modelsOf(text: string): readonly string[] {
  return models.filter((name) => text.includes(name));
}

const selections: readonly (readonly [selectors: readonly string[], chosen: readonly string[]])[] = [
  [["source_id=MODEL-A,OTHER"], ["MODEL-A", "OTHER"]],
  [
    ["source_id=MODEL-A", "source_id=OTHER"],
    ["MODEL-A", "OTHER"],
  ],
  [["source_id!=MODEL-A"], ["MODEL-B", "OTHER"]],
  [["source_id=MODEL-*"], ["MODEL-A", "MODEL-B"]],
  [["source_id=MODEL-?", "source_id!=*B"], ["MODEL-A"]],
  [["cmip6.source_id=OTHER"], ["OTHER"]],
  [["source_id="], []],
];

test("the same selectors choose the same in every command", (t) => {
  const project = solved(t);
  for (const [selectors, chosen] of selections) {
    const said = selectors.join(" ");
    const filter = selectors.flatMap((each) => ["--dataset", each]);
    const [first] = selectors;
    assert.deepEqual(modelsOf(project.succeed("plan", ...filter)), chosen, `plan ${said}`);
    assert.deepEqual(modelsOf(project.succeed("solve", "--dry-run", "--json", ...filter)), chosen);
    for (const kind of ["datasets", "executions", "groups", "values"]) {
      // Dimensions are of no source type.
      if (kind === "values" && first?.startsWith("cmip6.") === true) continue;
      const wanted = kind === "values" ? [...selectors, "metric=probe"] : selectors;
      assert.deepEqual(modelsOf(project.succeed(kind, "list", ...wanted)), chosen, `${kind} list ${said}`);
    }
    const { decisions } = project.json("explain", "probe/fine", ...selectors);
    assert.deepEqual(modelsOf(JSON.stringify(decisions)), chosen, `explain ${said}`);
  }
});

test("the commands of the page on selectors do what they say", (t) => {
  const project = solved(t);
  const page = readFileSync(new URL("../../../../docs/selecting.md", import.meta.url), "utf8");
  const commands = [...page.matchAll(/^almanac (.*)$/gm)].map(([, words = ""]) => words.replaceAll("'", ""));
  assert.ok(commands.length >= 3);
  for (const words of commands) project.succeed(...words.split(" "));
  const said = project.run("values", "list", "metric=prob").stderr;
  assert.match(said, /^nothing has metric=prob; nearest: probe\n0 values\n$/);
});

test("names are parts of slugs in any case, or whole ones with --exact", (t) => {
  const project = solved(t);
  const count = (...words: readonly string[]): number => project.json(...words).total;
  for (const list of [["executions", "list"], ["groups", "list"], ["values", "list"], ["plan"]]) {
    const all = count(...list);
    assert.equal(count(...list, "--diagnostic", "FINE"), all, list.join(" "));
    assert.equal(count(...list, "--exact", "--diagnostic", "fine"), 3, list.join(" "));
    assert.equal(count(...list, "--exact", "--diagnostic", "fine,finer", "--provider", "probe"), all);
  }
});

test("executions are found by state, class of failure, signature, group and newness", (t) => {
  const project = solved(t);
  project.run("solve", "--rerun-failed");
  const rids = (...words: readonly string[]): readonly unknown[] =>
    project.json("executions", "list", ...words).items.map(({ rid }) => rid);
  const failed = rids("--state", "failed");
  assert.equal(failed.length, 2);
  assert.deepEqual(rids("--failure", "diagnostic"), failed);
  assert.deepEqual(rids("--failure", "system"), []);
  assert.deepEqual(rids("--newest", "--state", "failed"), failed.slice(0, 1));
  assert.deepEqual(rids("--group", "probe/finer/cmip6_MODEL-B"), failed);
  const counts = project.json("status").items;
  const { signature, newest } = counts.find(({ state }) => state === "failed") ?? {};
  assert.deepEqual(rids("--signature", String(signature)), failed);
  assert.equal((newest as { readonly rid: string }).rid, failed[0]);
  assert.deepEqual(
    counts.map(({ state, count }) => [state, count]),
    [
      ["published", 5],
      ["failed", 1],
    ],
  );
});

test("a dataset is shown, retracted and explained by its RID as by its id", (t) => {
  const project = solved(t);
  const [first] = project.json("datasets", "list", "source_id=MODEL-A").items;
  const rid = String(first?.["rid"]);
  assert.equal(project.json("datasets", "show", rid.toLowerCase())["id"], first?.["id"]);
  assert.match(project.succeed("explain", rid), /in 2 groups/);
  assert.equal(project.succeed("datasets", "retract", rid), `retracted ${first?.["id"]}\n`);
  assert.match(project.succeed("datasets", "retract", rid), /retracted already/);
  assert.equal(project.succeed("datasets", "restore", rid), `restored ${first?.["id"]}\n`);
  assert.match(project.succeed("datasets", "restore", rid), /is not retracted/);
});

test("solve --resume goes on with what was begun and begins nothing", (t) => {
  const project = probeProject(t, { models: models.slice(0, 2) });
  assert.match(project.succeed("solve", "--resume"), /2 skip \(not-begun\)[\s\S]*nothing to do\n/);
  project.succeed("solve", "--no-execute");
  project.write(probePath("OTHER"), "content");
  project.succeed("ingest", "--type", "cmip6", "--fast", "archive");
  assert.match(project.succeed("solve", "--resume"), /executions: 2 published/);
  assert.equal(project.json("values", "list").total, 2);
  assert.match(project.succeed("solve"), /executions: 1 published/);
});

test("values are loaded again in place or as a new execution, and leniently where the vocabulary refuses", (t) => {
  const project = probeProject(t);
  project.succeed("solve");
  const [first] = project.json("executions", "list").items;
  const rid = String(first?.["rid"]);
  const values = (...words: readonly string[]): readonly unknown[] =>
    project.json("values", "list", ...words).items.map(({ execution }) => execution);
  assert.match(project.succeed("executions", "reingest", rid), /: 1 scalars and 0 series ingested\n$/);
  const made = /as execution (\S+)\n$/.exec(project.succeed("executions", "reingest", "--new", rid))?.[1];
  assert.deepEqual(values(), [made], "the new one is current");
  assert.deepEqual(new Set(values("--all")), new Set([rid, made]));
  assert.match(project.succeed("solve"), /everything is up to date/);

  const config = probeConfig("probe.ts").replace("default {", `default { solve: { vocabulary: "cv.yaml" },`);
  project.write("almanac.config.ts", config);
  project.write("cv.yaml", "dimensions:\n  - name: source_id\n");
  const refused = project.run("executions", "reingest", rid);
  assert.equal(refused.status, 4, refused.stderr);
  assert.match(refused.stderr, /error\[VOCABULARY_REFUSED\][\s\S]*metric[\s\S]*--lenient/);
  assert.match(
    project.succeed("executions", "reingest", "--lenient", rid),
    /1 scalars[\s\S]*warning: .*metric/,
  );
  const tree = project.run("executions", "ingest", "--lenient", rid);
  assert.equal(tree.status, 0, tree.stderr);
  assert.match(tree.stderr, /warning .*metric/);
});

test("a plan or solve that chooses nothing ends with 10 when a match is required", (t) => {
  const project = probeProject(t);
  for (const command of ["plan", "solve"]) {
    const { status, stderr } = project.run(command, "--require-match", "--dataset", "source_id=MODEL-B");
    assert.equal(status, 10, stderr);
    assert.match(stderr, /nothing has source_id=MODEL-B; nearest: MODEL-A[\s\S]*error\[NO_MATCH\]/);
  }
  assert.equal(project.run("solve", "--require-match").status, 0);
});
