import assert from "node:assert/strict";
import { appendFileSync, rmSync } from "node:fs";
import { test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
import { probePath, probeProject, probeProvider, wellBehaved } from "../support/probe-project.ts";

const models = ["MODEL-A", "MODEL-B", "MODEL-C"];
const idOf = (model: string): string => `CMIP6.CMIP.INST.${model}.historical.r1i1p1f1.Amon.tas.gn.v1`;
const ingest = ["ingest", "--type", "cmip6", "--fast", "archive"] as const;

/** What a plan decides about each group, with its reason. */
function decided(project: CommandLineProject): Readonly<Record<string, string>> {
  const { items } = project.json("plan");
  const said = items.map(({ key, decision, reasons }) => {
    const [{ code }] = reasons as readonly [{ readonly code: string }];
    return [String(key).replace("cmip6_", ""), `${String(decision)} ${code}`];
  });
  return Object.fromEntries(said) as Record<string, string>;
}

/** Models that have values shown by default. */
function shown(project: CommandLineProject): readonly string[] {
  const { items } = project.json("values", "list");
  return items.map(({ dimensions }) => (dimensions as Record<string, string>)["source_id"] ?? "").sort();
}

test("two saved plans, or one and the present, are compared: what appeared, went and changed, with datasets", (t) => {
  const project = probeProject(t, { models });
  project.succeed("plan", "-o", "first.json");
  const same = project.run("plan", "--diff", "first.json");
  assert.deepEqual([same.status, same.stdout.includes("MODEL")], [0, false], same.stderr);
  project.succeed("datasets", "retract", idOf("MODEL-A"));
  project.write(probePath("MODEL-D"), "content");
  appendFileSync(project.path(probePath("MODEL-B")), "more");
  project.succeed(...ingest);
  project.succeed("plan", "-o", "second.json");
  for (const files of [["first.json"], ["first.json", "second.json"]]) {
    const { status, stdout, stderr } = project.run("plan", "--json", "--diff", ...files);
    assert.equal(status, 9, stderr);
    assert.match(stderr, /error\[DIFFERS\]: the plans differ: 1 changed, 1 appeared, 1 gone/);
    const { format, items } = JSON.parse(stdout) as { format: string; items: readonly object[] };
    assert.equal(format, "almanac.plan-difference/1");
    assert.partialDeepStrictEqual(items, [
      { change: "changed", key: "cmip6_MODEL-B", replaced: [idOf("MODEL-B")], added: [], removed: [] },
      { change: "appeared", key: "cmip6_MODEL-D", after: { decision: "run" }, added: [idOf("MODEL-D")] },
      { change: "gone", key: "cmip6_MODEL-A", before: { decision: "run" }, removed: [idOf("MODEL-A")] },
    ]);
  }
  const table = project.run("plan", "--diff", "first.json", "second.json").stdout;
  assert.match(table, /gone +run \(new\) +probe\/fine\/v1\/cmip6_MODEL-A +-CMIP6\..*MODEL-A/);
  assert.match(table, /changed .*MODEL-B +~CMIP6\..*MODEL-B/);
  assert.equal(project.run("plan", "--diff", "a", "b", "c").status, 2);
});

test("apply refuses by naming runs, why they are no longer, datasets and executions", (t) => {
  const project = probeProject(t, { models });
  project.succeed("plan", "-o", "plan.json");
  project.succeed("solve", "--dataset", "source_id=MODEL-A");
  project.succeed("datasets", "retract", idOf("MODEL-B"));
  appendFileSync(project.path(probePath("MODEL-C")), "more");
  project.write(probePath("MODEL-D"), "content");
  project.succeed(...ingest);
  const { status, stderr } = project.run("apply", "plan.json");
  assert.equal(status, 7, stderr);
  const rid = project.json("executions", "list").items[0]?.["rid"] as string;
  assert.match(stderr, new RegExp(`no longer to run: probe/fine/v1/cmip6_MODEL-A .*execution ${rid}`));
  assert.match(stderr, new RegExp(`no longer to run: probe/fine/v1/cmip6_MODEL-B .*-${idOf("MODEL-B")}`));
  assert.match(stderr, new RegExp(`other datasets: probe/fine/v1/cmip6_MODEL-C .*~${idOf("MODEL-C")}`));
  assert.match(stderr, new RegExp(`newly to run: probe/fine/v1/cmip6_MODEL-D .*\\+${idOf("MODEL-D")}`));
});

test("a retracted dataset's group is orphaned and keeps its values; restored, it is current again without running", (t) => {
  const project = probeProject(t, { models });
  project.succeed("solve");
  project.succeed("datasets", "retract", idOf("MODEL-B"));
  assert.deepEqual(decided(project), { "MODEL-A": "skip up-to-date", "MODEL-C": "skip up-to-date" });
  project.succeed("solve");
  assert.match(project.succeed("groups", "list"), /MODEL-B.*orphaned/);
  assert.deepEqual(shown(project), models, "published results stay");
  assert.match(project.succeed("explain", idOf("MODEL-B")), /it is retracted/);
  const told = project.succeed("explain", "probe/fine", "source_id=MODEL-B");
  assert.match(
    told,
    new RegExp(`${idOf("MODEL-B")}: retracted; almanac datasets restore ${idOf("MODEL-B")}`),
  );
  assert.doesNotMatch(project.succeed("explain", "probe/fine", "source_id=MODEL-X"), /not seen/);
  project.succeed("datasets", "restore", idOf("MODEL-B"));
  assert.equal(decided(project)["MODEL-B"], "skip up-to-date");
  project.succeed("solve");
  assert.doesNotMatch(project.succeed("groups", "list"), /orphaned/);
  assert.equal(project.json("executions", "list").total, models.length, "nothing ran again");
});

test("files that vanish orphan their group, and those that come back take it up again", (t) => {
  const project = probeProject(t, { models });
  project.succeed("solve");
  rmSync(project.path(probePath("MODEL-C")));
  project.succeed(...ingest);
  project.succeed("solve");
  assert.match(project.succeed("groups", "list"), /MODEL-C.*orphaned/);
  const told = project.succeed("explain", "probe/fine", "source_id=MODEL-C");
  assert.match(
    told,
    new RegExp(`${idOf("MODEL-C")}: its files have vanished, such as archive/.*MODEL-C.*nc`),
  );
  assert.deepEqual(shown(project), models);
});

test("what the ignore list names is not solved, explain says so, and off the list it is again", (t) => {
  const project = probeProject(t, { models });
  const config = (ignore: object): void => {
    const settings = { providers: { modules: ["probe.ts"] }, executor: { jobs: 2 }, solve: { ignore } };
    project.write("almanac.config.ts", `export default ${JSON.stringify(settings)};\n`);
  };
  config({ probe: { fine: { cmip6: [{ source_id: "MODEL-B" }] } } });
  project.succeed("solve");
  assert.deepEqual(shown(project), ["MODEL-A", "MODEL-C"]);
  const text = project.succeed("explain", "probe/fine", "source_id=MODEL-B");
  assert.match(text, /ignoreFacets removed .*MODEL-B.*ignored: source_id=MODEL-B/);
  assert.match(text, /would run with source_id=MODEL-B taken off the ignore list/);
  config({});
  assert.equal(decided(project)["MODEL-B"], "run new");
  project.succeed("solve");
  assert.deepEqual(shown(project), models);
});

test("of a bumped diagnostic the older version is shown until the new one has results", (t) => {
  const project = probeProject(t, { models });
  const declare = (rest: string): string =>
    project.write("probe.ts", probeProvider({ fine: `version: 2, ${rest}` }));
  const versions = (): readonly unknown[] => {
    const values = project.json("values", "list").items;
    const executions = project.json("executions", "list").items;
    return values.map(({ execution }) => executions.find(({ rid }) => rid === execution)?.["version"]);
  };
  project.succeed("solve");
  assert.deepEqual(versions(), [1, 1, 1]);
  declare(`run: () => { throw new Error("not yet"); }`);
  assert.equal(decided(project)["MODEL-A"], "run new");
  assert.equal(project.run("solve").status, 4);
  assert.deepEqual(versions(), [1, 1, 1], "the new version has no results yet");
  declare(wellBehaved);
  project.succeed("solve", "--rerun-failed");
  assert.deepEqual(versions(), [2, 2, 2]);
  assert.equal(decided(project)["MODEL-A"], "skip up-to-date");
});
