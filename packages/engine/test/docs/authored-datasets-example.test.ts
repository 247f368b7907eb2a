import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { begunFolder, gitIdentity, runLine, Tutorial } from "../support/tutorial.ts";

const docs = path.resolve(import.meta.dirname, "../../../../docs");

test("the commands of the page on datasets put together here do what it says", (t) => {
  const page = new Tutorial("authored-datasets.md");
  const folder = begunFolder(t, page);
  const commands = page.blocks("sh").slice(1).join("").trim().split("\n");
  assert.equal(commands.length, 8);
  const printed = commands.map((command) => runLine(folder, command).join("\n"));
  const [, shown, changed, diff, released, , children, impact] = printed;
  assert.match(shown ?? "", /@0\.1\.0 {2}stations {2}\(2 members\)\nReadings of stations/);
  assert.match(changed ?? "", /draft differs in 1, 3 members/);
  assert.match(diff ?? "", /1 added, 0 removed, 0 changed\n\+ asset {3}600-0001-0003 {2}stations\/aarau.csv/);
  assert.match(released ?? "", /released \S+@0\.2\.0 {2}\(3 members/);
  assert.match(children ?? "", /@0\.1\.0 +1/);
  assert.match(impact ?? "", /stations@0\.2\.0 \(authored\)[\s\S]*execution/);
  const log = runLine(folder, `almanac logs ${/execution (\S+)/.exec(impact ?? "")?.[1]}`);
  assert.match(log.join("\n"), /9 readings/);
});

/** Commands that are refused, with the exit code and what is said. */
const refusals: readonly (readonly [command: string, status: number, message: RegExp])[] = [
  ["datasets create x --member nothing", 2, /there is no asset, record or dataset "nothing"/],
  ["datasets create x --type trian", 2, /there is no dataset type "trian"; did you mean "train"/],
  ["datasets release nothing", 2, /there is no authored dataset "nothing"/],
  ["datasets release stations", 2, /cannot be released: nothing has changed since its version 0.1.0/],
  ["datasets release stations --bump minor --to 3.0.0", 2, /exclude each other/],
  ["datasets change stations", 2, /nothing to change was named/],
  ["datasets change stations@0.1.0 --name x", 2, /is a released version, which never changes/],
  ["datasets members stations@7.0.0", 2, /has no version 7.0.0; there are 0.1.0/],
  ["datasets diff stations 0.1", 2, /has no version 0.1/],
  ["run stations.ts#average --dataset stations", 2, /needs a version; there are \S+@0.1.0/],
  ["run stations.ts#average --dataset stations@draft", 2, /not released and may change: --allow-draft/],
  ["vocab delete Dataset_Type Complete", 7, /"Complete" of Dataset_Type is used by dataset/],
];

test("what cannot be done with datasets is refused with the way out, and listings are JSON for machines", (t) => {
  const project = new CommandLineProject(t);
  const source = readFileSync(path.join(docs, "examples/authored-datasets/stations.ts"), "utf8");
  project.write("stations.ts", source);
  project.succeed("init");
  project.succeed("run", "stations.ts#collect");
  for (const [command, status, message] of refusals) {
    const ended = project.run(...command.split(" "));
    assert.equal(ended.status, status, `${command}: ${ended.stderr}`);
    assert.match(ended.stderr, message);
    assert.match(ended.stderr, /to do: /);
  }
  const listed = JSON.parse(project.succeed("datasets", "list", "--origin", "authored", "--json"));
  assert.equal(listed.total, 2);
  assert.deepEqual(
    listed.items.map((item: { authored: { name: string; version: string } }) => [
      item.authored.name,
      item.authored.version,
    ]),
    [
      ["checked", "0.1.0"],
      ["stations", "0.1.0"],
    ],
  );
  const members = JSON.parse(project.succeed("datasets", "members", "stations@0.1.0", "--json"));
  assert.equal(members.format, "almanac.members/1");
  assert.deepEqual(
    members.items.map(({ kind, path: place }: { kind: string; path: string }) => [kind, place]),
    [
      ["dataset", "checked"],
      ["asset", "stations/bern.csv"],
    ],
  );
});

test("the page's example of solving with released datasets, typed in a clone, gives its value", (t) => {
  const page = new Tutorial("authored-datasets.md");
  const block = page.blocks("").find((each) => each.includes("examples/released-datasets")) ?? "";
  const folder = begunFolder(t, page);
  const lines = runLine(`${folder}/..`, `set -e; ${gitIdentity}\n${block}`);
  assert.match(
    lines.join("\n"),
    /run +new +readings\/sum[^]*executions: 1 published[^]*metric=sum-of-alps +9/,
  );
});
