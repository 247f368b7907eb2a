import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { test } from "node:test";
import { probeProject, wellBehaved } from "../support/probe-project.ts";

/** One way a diagnostic goes wrong, and what its execution must say. */
interface Case {
  readonly declaration: string;
  readonly class: "diagnostic" | "system";
  readonly code: string;
  readonly message: RegExp;
}

const shell = (script: string, rest = ""): string =>
  `${rest} command: ["sh", "-c", ${JSON.stringify(script)}]`;

const cases: Readonly<Record<string, Case>> = {
  throws: {
    declaration: `run: () => { throw new Error("no such luck"); }`,
    class: "diagnostic",
    code: "DIAGNOSTIC_FAILED",
    message: /no such luck/,
  },
  "exits-inside": {
    declaration: `run: () => { process.exit(3); }`,
    class: "system",
    code: "EXECUTION_LOST",
    message: /./,
  },
  "hangs-awake": {
    declaration: `limits: { timeoutSeconds: 1 }, run: () => { for (;;); }`,
    class: "system",
    code: "TIMEOUT",
    message: /1 s/,
  },
  killed: {
    declaration: `run: () => { process.kill(process.pid, "SIGKILL"); return sleep(600_000); }`,
    class: "system",
    code: "EXECUTION_LOST",
    message: /./,
  },
  "gives-nan": {
    declaration: `run: (context) => give(context, Number.NaN)`,
    class: "diagnostic",
    code: "BUNDLE_INVALID",
    message: /NaN|finite/,
  },
  "unknown-dimension": {
    declaration: `run: (context) => context.scalar({ dimensions: { sorce_id: "x" }, value: 1, units: "1" })`,
    class: "diagnostic",
    code: "VOCABULARY_REFUSED",
    message: /sorce_id/,
  },
  "leaves-folder": {
    declaration: `run: (context) => { writeFileSync(context.outputPath("../outside.txt"), "x"); }`,
    class: "diagnostic",
    code: "ARTIFACT_INVALID",
    message: /\.\.\/outside\.txt/,
  },
  "command-exits": {
    declaration: shell("echo oh dear; exit 7"),
    class: "diagnostic",
    code: "EXIT_7",
    message: /7/,
  },
  "command-hangs": {
    declaration: shell("sleep 600", "limits: { timeoutSeconds: 1 },"),
    class: "system",
    code: "TIMEOUT",
    message: /1 s/,
  },
  "command-killed": {
    declaration: shell("kill -9 $$"),
    class: "system",
    code: "SIGNAL_SIGKILL",
    message: /SIGKILL|signal/,
  },
  "command-missing": {
    declaration: `command: ["no-such-program-anywhere"]`,
    class: "diagnostic",
    code: "ENVIRONMENT_INVALID",
    message: /no-such-program-anywhere/,
  },
  "half-a-bundle": {
    declaration: shell(`printf '{"DIMENSIONS": {"json_str' > diagnostic.json`),
    class: "diagnostic",
    code: "BUNDLE_INVALID",
    message: /diagnostic\.json/,
  },
};

const logBytes = 20_000_000;
const megabytes = 1_000_000;

test("each misbehaviour ends its own execution with a class, a code and a reason; all others go on", (t) => {
  const diagnostics = Object.fromEntries(
    Object.entries(cases).map(([name, { declaration }]) => [name, declaration]),
  );
  const project = probeProject(t, {
    diagnostics: {
      ...diagnostics,
      "writes-much": shell(`head -c ${logBytes} /dev/zero | tr '\\0' x`),
      fine: wellBehaved,
    },
  });
  const solved = project.run("solve", "--json");
  assert.equal(solved.status, 4, solved.stderr);
  const { items } = project.json("executions", "list");
  const ends = new Map(items.map((item) => [item["diagnostic"], item]));
  const found: Record<string, unknown> = {};
  for (const name of Object.keys(cases)) {
    const { state, failure } = ends.get(name) as { state: string; failure?: Record<string, string> };
    found[name] = { state, class: failure?.["class"], code: failure?.["code"] };
  }
  const expected = Object.fromEntries(
    Object.entries(cases).map(([name, each]) => [
      name,
      { state: "failed", class: each.class, code: each.code },
    ]),
  );
  assert.deepEqual(found, expected);
  for (const [name, { message }] of Object.entries(cases))
    assert.match((ends.get(name)?.["failure"] as { message: string }).message, message, name);
  for (const name of ["fine", "writes-much"]) assert.equal(ends.get(name)?.["state"], "published", name);
  assert.equal(project.json("values", "list").total, 1);
  assert.ok(!existsSync(project.path(".almanac/scratch/probe/outside.txt")));

  const log = project.succeed("logs", String(ends.get("writes-much")?.["rid"]));
  assert.ok(log.length < 12 * megabytes, `${log.length} characters of log`);
  assert.match(log, /\d+ bytes/);
  assert.match(project.succeed("logs", String(ends.get("command-exits")?.["rid"])), /oh dear/);

  const status = project.json("status");
  assert.equal(
    status.items.reduce((sum, { count }) => sum + Number(count), 0),
    Object.keys(cases).length,
  );
  const again = project.json("plan");
  const decisions = new Map(
    again.items.map((item) => [
      item["diagnostic"],
      item as { decision: string; reasons: { code: string }[] },
    ]),
  );
  assert.equal(decisions.get("throws")?.decision, "skip", "what failed by itself fails again");
  assert.equal(decisions.get("killed")?.reasons[0]?.code, "retries-exhausted", "tried three times");
  assert.equal(decisions.get("fine")?.reasons[0]?.code, "up-to-date");
  const results = readdirSync(project.path("results"), { recursive: true, withFileTypes: true });
  for (const each of results)
    if (each.isFile())
      assert.ok(statSync(`${each.parentPath}/${each.name}`).size < 12 * megabytes, each.name);
});
