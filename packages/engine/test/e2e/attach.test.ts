import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, statSync } from "node:fs";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { probeConfig, probeProject, wellBehaved } from "../support/probe-project.ts";

/** Every file of the results with its content. */
function filesOf(project: CommandLineProject): ReadonlyMap<string, string> {
  const names = readdirSync(project.path("results"), { recursive: true, encoding: "utf8" });
  const files = names.filter((name) => statSync(project.path("results", name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(project.path("results", name), "latin1")]));
}

/** Names of an execution's artifacts with their descriptions, as the catalog has them. */
function artifactsOf(project: CommandLineProject, rid: string): readonly string[] {
  const shown = JSON.parse(project.succeed("executions", "show", rid, "--json")) as {
    readonly artifacts: readonly { readonly name: string; readonly description: string }[];
  };
  return shown.artifacts.map(({ name, description }) => `${name}: ${description}`).sort();
}

test("files added to a published execution get a manifest segment; nothing published is written again", (t) => {
  const project = probeProject(t, { diagnostics: { fine: wellBehaved, breaks: "run: () => { throw 1; }" } });
  assert.equal(project.run("solve").status, 4, "one diagnostic fails");
  const ridOf = (state: string): string =>
    String(project.json("executions", "list", "--state", state).items[0]?.["rid"]);
  const rid = ridOf("published");
  const before = filesOf(project);
  const values = project.succeed("values", "list", "--format", "csv");
  project.write("a note.txt", "looked at, fine");
  project.write("review.txt", "second look");

  const said = project.succeed("executions", "attach", rid, "a note.txt", "--description", "Review");
  assert.match(said, /: added additions\/.*\/a note\.txt\n$/);
  assert.match(project.succeed("executions", "attach", rid, "a note.txt"), /there already/);
  project.succeed("executions", "attach", rid, "review.txt", "--name", "second");
  const after = filesOf(project);
  for (const [name, content] of before) assert.equal(after.get(name), content, name);
  const added = [...after.keys()].filter((name) => !before.has(name));
  assert.equal(added.length, 4, "two files and two segments");
  assert.equal(added.filter((name) => name.endsWith("/manifest.jsonl")).length, 2);
  const expected = ["a note.txt: Review", "second: "];
  assert.deepEqual(artifactsOf(project, rid), expected);
  assert.equal(project.succeed("values", "list", "--format", "csv"), values);
  assert.equal(project.json("executions", "list", "--state", "published").total, 1, "it is still published");

  project.write("a note.txt", "looked at again, not fine");
  const clash = project.run("executions", "attach", rid, "a note.txt");
  assert.equal(clash.status, 4, clash.stderr);
  assert.match(clash.stderr, /error\[ARTIFACT_INVALID\]: "a note\.txt" is registered already/);
  const early = project.run("executions", "attach", ridOf("failed"), "review.txt");
  assert.equal(early.status, 7, early.stderr);
  assert.equal(project.run("executions", "attach", rid, "nowhere.txt").status, 4);
  assert.deepEqual([...filesOf(project).keys()], [...after.keys()]);

  project.succeed("executions", "reingest", rid);
  assert.deepEqual(artifactsOf(project, rid), expected);
  const other = new CommandLineProject(t);
  other.write("almanac.config.ts", probeConfig());
  other.succeed("init");
  cpSync(project.path("results"), other.path("results"), { recursive: true });
  other.succeed("executions", "ingest");
  assert.deepEqual(artifactsOf(other, rid), expected);
  const renewed = project.succeed("executions", "reingest", "--new", rid);
  const fresh = /as execution (\S+)/.exec(renewed)?.[1] ?? "";
  assert.deepEqual(artifactsOf(project, fresh), expected, "a new execution shares what was added");
});
