import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, suite, test } from "node:test";
import { parse } from "csv-parse/sync";
import type { CommandLineProject } from "../support/command-line.ts";
import { probeProject, wellBehaved } from "../support/probe-project.ts";

/** A row of JSON. */
type Item = Readonly<Record<string, unknown>>;

/** A listing, and how its first columns are made of a row of JSON. */
interface Listing {
  readonly words: string;
  /** Name of the JSON envelope. */
  readonly kind: string;
  readonly first: (item: Item) => string;
  /** Takes `--limit` and `--offset`. */
  readonly paged?: boolean;
}

const text = (name: string) => (item: Item) => String(item[name]);

const listings: readonly Listing[] = [
  { words: "datasets list", kind: "datasets", first: text("rid"), paged: true },
  { words: "datasets list source_id!=MODEL-A", kind: "datasets", first: text("rid"), paged: true },
  { words: "diagnostics list", kind: "diagnostics", first: (item) => `${item["provider"]}/${item["slug"]}` },
  { words: "providers list", kind: "providers", first: text("slug") },
  { words: "groups list", kind: "groups", first: text("rid"), paged: true },
  { words: "executions list", kind: "executions", first: text("rid"), paged: true },
  { words: "executions list --state failed", kind: "executions", first: text("rid"), paged: true },
  { words: "values list", kind: "values", first: text("rid"), paged: true },
  { words: "values list --kind series", kind: "values", first: text("rid"), paged: true },
  { words: "plan", kind: "plan", first: text("decision") },
  { words: "plan --runs", kind: "plan", first: text("decision") },
  { words: "status", kind: "status", first: text("state") },
  { words: "config list --origin", kind: "settings", first: text("key") },
];

/** The rows of each format below the headings, as the text of their first cell. */
const readers = {
  ndjson: (stdout: string, { first }: Listing) =>
    stdout.split("\n").flatMap((line) => (line === "" ? [] : [first(JSON.parse(line) as Item)])),
  csv: (stdout: string) => (parse(stdout) as string[][]).slice(1).map(([cell]) => cell),
  md: (stdout: string) => {
    const [, rule, ...rows] = stdout.trimEnd().split("\n");
    assert.match(rule ?? "", /^(\| --- )+\|$/);
    return rows.map((row) => row.split(" | ")[0]?.replace(/^\| /, ""));
  },
  table: (stdout: string, { words }: Listing) => {
    const lines = stdout.trimEnd().split("\n");
    // A plan's summary stands before its table.
    const from = words.startsWith("plan") ? lines.findIndex((line) => line.startsWith("decision ")) : 0;
    return from < 0 ? [] : lines.slice(from + 1).map((line) => line.split("  ")[0]);
  },
} as const;

suite("every listing gives the same rows in every format", () => {
  const cleanUps: (() => void)[] = [];
  let project: CommandLineProject;
  before(() => {
    const series = `run: (context) => { context.series({ dimensions: { source_id: model(context), metric: "s" }, values: [1, 2], index: [1, 2], indexName: "year" }); give(context, 1); }`;
    const fails = `run: () => { throw new Error("no, \\"never\\" | nowhere"); }`;
    project = probeProject(
      { after: (action) => cleanUps.push(action) },
      { models: ["MODEL-A", "MODEL-B", "MODEL-C"], diagnostics: { fails, fine: wellBehaved, series } },
    );
    assert.equal(project.run("solve", "--exclude", "fine").status, 4);
    project.succeed("solve", "--diagnostic", "fine", "--dataset", "source_id!=MODEL-C");
  });
  after(() => {
    for (const cleanUp of cleanUps) cleanUp();
  });

  for (const listing of listings)
    test(listing.words, () => {
      for (const paging of listing.paged === true ? [[], ["--limit", "1", "--offset", "1"]] : [[]]) {
        const words = [...listing.words.split(" "), ...paging];
        const { format, items, total } = project.json(...words);
        assert.equal(format, `almanac.${listing.kind}/1`);
        assert.ok(items.length > 0 && total >= items.length, `${items.length} of ${total}`);
        const expected = items.map(listing.first);
        for (const [name, read] of Object.entries(readers)) {
          const { status, stdout, stderr } = project.run(...words, "--format", name);
          assert.equal(status, 0, stderr);
          assert.deepEqual(read(stdout, listing), expected, `${name} ${paging.join(" ")}`);
          const footer = items.length === total ? `${total} ` : `${items.length} of ${total} `;
          assert.ok(stderr.includes(`\n${footer}`) || stderr.startsWith(footer), `${name}: ${stderr}`);
        }
      }
    });

  test("cells of CSV and Markdown keep their borders", () => {
    const words = ["executions", "list", "--state", "failed", "--format"];
    const [headings = [], ...rows] = parse(project.succeed(...words, "csv")) as string[][];
    const failure = headings.indexOf("failure");
    for (const row of rows) assert.match(row[failure] ?? "", /no, "never" \| nowhere/);
    for (const line of project
      .succeed(...words, "md")
      .trimEnd()
      .split("\n")
      .slice(2))
      assert.match(line, /no, "never" \\\| nowhere/);
  });

  test("CSV of values holds everything: a column for each dimension, every number of a series", () => {
    const rowsOf = (...words: readonly string[]): readonly Record<string, string>[] =>
      parse(project.succeed("values", "list", ...words, "--format", "csv"), { columns: true });
    const [scalar] = rowsOf("--limit", "1");
    assert.equal(scalar?.["source_id"], "MODEL-A");
    assert.ok(Number.isFinite(Number(scalar["value"])) && scalar["execution"] !== "");
    const [series] = rowsOf("--kind", "series", "--limit", "1");
    assert.equal(series?.["metric"], "s");
    assert.deepEqual(JSON.parse(series["value"] ?? ""), [1, 2]);
    assert.deepEqual(JSON.parse(series["index"] ?? ""), [1, 2]);
    assert.equal(series["index_name"], "year");
  });

  test("a reader that closes both outputs early changes no exit code into that of a bug", () => {
    const quoted = [...project.commandLine(), "plan", "--strict"].map((word) => `'${word}'`).join(" ");
    // The shell waits before it ends the reader's side, so that the program writes into nothing.
    const script = `{ sleep 0.2; ${quoted}; echo $? >code; } 2>&1 | true; cat code`;
    const code = execFileSync("bash", ["-c", script], { cwd: project.folder, encoding: "utf8" });
    assert.ok(["0", "5"].includes(code.trim()), code);
  });

  test("a facet that no source type has: each that there is is named once", () => {
    const { status, stderr } = project.run("plan", "--dataset", "qqqqqq=1");
    assert.equal(status, 2);
    assert.equal(stderr.match(/\binstance_id\b/g)?.length, 1, stderr);
  });

  test("one document is text or JSON", () => {
    const { status, stderr } = project.run("explain", "probe/fine", "--format", "csv");
    assert.equal(status, 2, stderr);
    assert.match(stderr, /error\[USAGE\][\s\S]*text, json, ndjson/);
    const line = project.succeed("explain", "probe/fine", "--format", "ndjson");
    assert.equal((JSON.parse(line) as Item)["diagnostic"], "fine");
    const [head] = project.succeed("explain", "probe/fine", "--format", "text").split("\n");
    assert.equal(head, "probe/fine, version 1");
  });
});
