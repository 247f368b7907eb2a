import assert from "node:assert/strict";
import { test } from "node:test";
import { probeConfig, probeProject, probeProvider } from "../support/probe-project.ts";

const giving = (value: number) => `run: (context) => give(context, ${value})`;

test("an execution is invalidated with a reason, runs again, and is compared with the new one", (t) => {
  const project = probeProject(t, { diagnostics: { fine: giving(1) } });
  project.succeed("solve");
  const [first] = project.json("executions", "list").items.map(({ rid }) => String(rid));
  assert.ok(first !== undefined);
  project.succeed("executions", "invalidate", first, "--reason", "a broken disk");
  const [group] = project.json("groups", "list").items;
  assert.equal(group?.["dirtyReason"], "flagged by a user: a broken disk");
  project.succeed("solve");
  const [second] = project.json("executions", "list").items.map(({ rid }) => String(rid));
  assert.ok(second !== undefined && second !== first);
  assert.equal(project.succeed("executions", "diff", first, second), `${first} and ${second} are equal\n`);

  project.write("probe.ts", probeProvider({ fine: giving(1.5) }).replace('version: "1"', 'version: "2"'));
  project.write("almanac.config.ts", probeConfig("probe.ts"));
  project.succeed("executions", "invalidate", second);
  project.succeed("solve");
  const [third = ""] = project.json("executions", "list").items.map(({ rid }) => String(rid));
  const differs = project.run("executions", "diff", first, third, "--json");
  assert.equal(differs.status, 9);
  const { equal, differences } = JSON.parse(differs.stdout) as { equal: boolean; differences: unknown[] };
  assert.equal(equal, false);
  assert.deepEqual(differences, [
    { aspect: "code", name: "provider.version", change: "changed", from: "1", to: "2" },
    { aspect: "values", name: "scalar metric=probe source_id=MODEL-A", change: "changed", from: 1, to: 1.5 },
  ]);
  const tolerant = project.run("executions", "diff", first, third, "--tolerance", "0.5");
  assert.match(tolerant.stdout, /\ncode\n {2}~ provider.version {2}1 → 2\n$/);
});
