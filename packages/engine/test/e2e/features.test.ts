import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
import { appendFileSync, writeFileSync } from "node:fs";

export function enrol({ execution: { recordTable } }) {
  appendFileSync(recordTable("Site"), "Zürich,400\\n\\"Bern, Altstadt\\",540\\n");
}

export function judge({ config, execution: { addFeatures, outputPath } }) {
  const { sites, grade } = config;
  writeFileSync(outputPath("a map.png"), grade);
  addFeatures(sites.map((target, at) => ({
    feature: "Site/quality", target, values: { grade, note: at === 0 ? "" : null, map: at === 0 ? "a map.png" : null },
  })));
}
`;

/** A project with two sites, and the feature \`quality\` of sites. */
function surveyed(t: TestContext): {
  readonly project: CommandLineProject;
  readonly sites: readonly string[];
} {
  const project = new CommandLineProject(t);
  project.succeed("init");
  project.write("survey.mjs", module);
  project.succeed("vocab", "create", "Grade", "--description", "How good");
  project.succeed("vocab", "add", "Grade", "good", "--synonym", "fine", "OK");
  project.succeed("vocab", "add", "Grade", "poor");
  project.succeed("records", "define", "Site", "--value", "name:text", "height:number:m");
  project.succeed(
    ...["features", "define", "Site/quality", "--term", "grade:Grade", "--value", "note:text"],
    ...["--asset", "map:execution-asset", "--optional", "note", "map"],
  );
  project.succeed("run", "survey.mjs#enrol");
  const { items } = project.json("records", "list", "Site");
  return { project, sites: items.map(({ rid }) => String(rid)) };
}

function judge(project: CommandLineProject, sites: readonly string[], grade: string): string {
  const config = ["-p", `sites=${JSON.stringify(sites)}`, "-p", `grade=${JSON.stringify(grade)}`];
  return String(JSON.parse(project.succeed("run", "--json", "survey.mjs#judge", ...config)).rid);
}

test("features from declaration to values, through the command line", (t) => {
  const { project, sites } = surveyed(t);
  assert.equal(sites.length, 2);
  const first = judge(project, sites, "OK");
  const second = judge(project, sites.slice(0, 1), "poor");

  const shown = project.json("features", "show", "Site/quality") as unknown as Record<string, unknown>;
  assert.deepEqual([shown["values"], shown["targets"]], [3, 2]);
  const all = project.json("features", "values", "Site/quality");
  assert.equal(all.total, 3);
  const newest = project.json("features", "values", "Site/quality", "--take", "newest").items;
  assert.deepEqual(
    newest.map(({ target, execution, values }) => [target, execution, (values as { grade: string }).grade]),
    [
      [sites[0], second, "poor"],
      [sites[1], first, "good"],
    ],
  );
  const by = project.json("features", "values", "Site/quality", "--take", `execution:${second}`);
  assert.equal(by.total, 1);

  const table = project.succeed("features", "values", "Site/quality", "--format", "csv", "--take", "first");
  const lines = table.trim().split("\n");
  assert.equal(lines[0], "target,execution,workflow,at,note,grade,map");
  assert.match(lines[1] ?? "", /,"",good,\S+$/);
  assert.match(lines[2] ?? "", /,,good,$/);

  const refused = project.run("vocab", "delete", "Grade", "fine");
  assert.equal(refused.status, 7);
  assert.match(refused.stderr, /used by feature Site\/quality, column grade, of execution/);
  assert.match(project.succeed("vocab", "find", "Grade", "OK"), /used by feature Site\/quality/);
});

test("a command in any language leaves features and records; an empty catalog takes them over from results", (t) => {
  const { project, sites } = surveyed(t);
  const line = (target: string | undefined, grade: string) =>
    JSON.stringify({ feature: "Site/quality", target, values: { grade, map: "map.png" } });
  project.write(
    "judge.sh",
    `cd "$ALMANAC_EXECUTION"
echo pixels > map.png
mkdir records
printf 'name,height\\nBasel,260\\n' > records/Site.csv
cat > features.jsonl <<END
${line(sites[0], "OK")}
${line(sites[1], "poor")}
END
`,
  );
  project.succeed("run", "--", "sh", "judge.sh");
  const listings = () => [
    project.json("features", "values", "Site/quality").items,
    project.json("records", "list", "Site").items,
    project.json("vocab", "show", "Grade").items.map(({ name, synonyms }) => [name, synonyms]),
  ];
  const before = listings();
  assert.deepEqual(
    before.map(({ length }) => length),
    [2, 3, 2],
  );
  rmSync(project.path(".almanac"), { recursive: true });
  project.succeed("init");
  project.succeed("executions", "ingest");
  project.succeed("executions", "ingest");
  assert.deepEqual(listings(), before);

  const script = `echo '{"feature":"Site/quality","target":"?"}' > "$ALMANAC_EXECUTION/features.jsonl"`;
  const { status, stderr, stdout } = project.run("run", "--", "sh", "-c", script);
  assert.equal(status, 4);
  assert.match(
    stdout + stderr,
    /features.jsonl: none of 1 feature records was added: record 1 .*"\?" is not a RID/,
  );
});

test("what is named wrongly is told, with what was meant", (t) => {
  const project = new CommandLineProject(t);
  project.succeed("init");
  const failing: readonly (readonly [RegExp, ...string[]])[] = [
    [/no vocabulary "Asset_Tipe"; did you mean "Asset_Type"/, "vocab", "show", "Asset_Tipe"],
    [/gains and loses no terms/, "vocab", "add", "Asset_Role", "Neither"],
    [
      /no source type, asset kind or record type "cmip66"; did you mean "cmip6"/,
      "features",
      "define",
      "cmip66/a",
    ],
    [/the column "a" has no type "numbr"/, "features", "define", "cmip6/a", "--value", "a:numbr"],
    [/"quality" does not name a feature/, "features", "values", "quality"],
    [/does not say which value/, "features", "values", "cmip6/a", "--take", "best"],
    [
      /--optional names "b", which is no column/,
      "records",
      "define",
      "T",
      "--value",
      "a:text",
      "--optional",
      "b",
    ],
  ];
  for (const [message, ...words] of failing) {
    const { status, stderr } = project.run(...words);
    assert.equal(status, 2, stderr);
    assert.match(stderr, message);
  }
  assert.match(project.succeed("vocab", "list"), /Workflow_Type/);
});
