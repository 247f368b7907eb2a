import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

suite("a dataset is named by its RID or its name wherever one is asked for", () => {
  const cleanUps: (() => void)[] = [];
  let project: CommandLineProject;

  before(() => {
    project = new CommandLineProject({ after: (body) => void cleanUps.push(body) });
    project.succeed("init");
    project.succeed("run", "--", "sh", "-c", 'echo a > "$ALMANAC_EXECUTION/a.txt"');
    // Four letters, and a name like a RID: what has the RID goes first, and nothing has this one.
    project.succeed("datasets", "create", "test", "--member", assetRid(), "--release");
    project.succeed("datasets", "create", "whole", "--member", "test@0.1.0=part", "--release");
    project.succeed("datasets", "create", "twin");
    project.succeed("datasets", "create", "twin");
  });
  after(() => cleanUps.forEach((body) => body()));

  function assetRid(): string {
    return String(project.json("assets", "list", "--kind", "execution-asset").items[0]?.["rid"]);
  }

  function ridsNamed(name: string): readonly string[] {
    const { items } = project.json("datasets", "list", "--origin", "authored");
    return items
      .filter((item) => (item["authored"] as { name: string }).name === name)
      .map((item) => String(item["rid"]));
  }

  test("lineage and impact", () => {
    const [part, whole] = [ridsNamed("test")[0], ridsNamed("whole")[0]];
    const up = JSON.parse(project.succeed("lineage", "whole@0.1.0", "--json"));
    assert.equal(up.start, `dataset:${whole}@0.1.0`);
    assert.ok(up.nodes.some(({ key }: { key: string }) => key === `dataset:${part}@0.1.0`));
    assert.equal(
      project.succeed("impact", "test", "--json"),
      project.succeed("impact", String(part), "--json"),
    );
  });

  test("members to add and to take out", () => {
    project.succeed("datasets", "create", "mixed", "--member", "test", "whole");
    project.succeed("datasets", "change", "mixed", "--remove", "test");
    const { items } = project.json("datasets", "members", "mixed");
    assert.deepEqual(
      items.map(({ rid }) => rid),
      ridsNamed("whole"),
    );
    project.succeed("datasets", "delete", "mixed");
  });

  for (const words of [
    ["lineage"],
    ["impact"],
    ["datasets", "delete"],
    ["datasets", "show"],
    ["datasets", "retract"],
    ["datasets", "remove"],
    ["datasets", "versions"],
    ["datasets", "change", "whole", "--add"],
    ["datasets", "change", "whole", "--remove"],
    ["datasets", "bag", "export"],
    ["explain"],
    ["run", "--dry-run", "--dataset"],
  ])
    test(`${words.join(" ")}: a name that several have is told with their RIDs`, () => {
      const command = words[0] === "run" ? [...words, "twin@0.1.0", "--", "true"] : [...words, "twin"];
      const { status, stderr } = project.run(...command);
      assert.equal(status, 2, stderr);
      for (const rid of ridsNamed("twin")) assert.match(stderr, new RegExp(`\\b${rid}\\b`));
    });

  test("what is not there is told with what is like it", () => {
    for (const words of [
      ["lineage", "whol"],
      ["datasets", "delete", "whol"],
    ]) {
      const { status, stderr } = project.run(...words);
      assert.deepEqual([status, /nearest: whole/.test(stderr)], [2, true], stderr);
    }
  });

  test("members that are not there are told together, as they were named", () => {
    for (const how of ["--add", "--remove"]) {
      const { status, stderr } = project.run(
        "datasets",
        "change",
        "whole",
        how,
        "gone",
        "test",
        "far@0.1.0=a",
      );
      assert.equal(status, 2);
      assert.match(stderr, /there is no asset, record or dataset "gone", "far@0\.1\.0=a"/);
    }
  });

  test("solving's verbs say that a dataset was put together here", () => {
    for (const words of [
      ["datasets", "retract", "whole"],
      ["datasets", "remove", "whole"],
      ["explain", "whole"],
    ]) {
      const { status, stderr } = project.run(...words);
      assert.deepEqual([status, /put together here/.test(stderr)], [2, true], stderr);
    }
  });

  test("a version is not deleted alone; the dataset is, by its name", () => {
    const refused = project.run("datasets", "delete", "whole@0.1.0");
    assert.deepEqual([refused.status, /with all its versions/.test(refused.stderr)], [2, true]);
    const used = project.run("datasets", "delete", "test");
    assert.equal(used.status, 7, used.stderr);
    project.succeed("datasets", "delete", "whole");
    project.succeed("datasets", "delete", "test");
    assert.deepEqual([ridsNamed("whole"), ridsNamed("test")], [[], []]);
  });
});
