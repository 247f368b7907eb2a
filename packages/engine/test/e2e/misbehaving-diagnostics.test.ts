import assert from "node:assert/strict";
import { readdirSync, statSync } from "node:fs";
import { test } from "node:test";
import type { CommandLineProject } from "../support/command-line.ts";
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
  "takes-an-asset": {
    declaration: `run: (context) => context.useAsset("3JSE")`,
    class: "diagnostic",
    code: "USAGE",
    message: /asset 3JSE cannot be fetched.*declare it as an input/,
  },
  "takes-a-dataset": {
    declaration: `run: (context) => context.useDataset({ rid: "3JSE", version: "1.0.0" })`,
    class: "diagnostic",
    code: "USAGE",
    message: /dataset 3JSE@1\.0\.0 cannot be fetched.*declare it as an input/,
  },
  "leaves-folder": {
    declaration: `run: (context) => { writeFileSync(context.outputPath("../outside.txt"), "x"); }`,
    class: "diagnostic",
    code: "ARTIFACT_INVALID",
    message: /\.\.\/outside\.txt/,
  },
  "bundle-leaves-folder": {
    declaration: shell(
      `echo x > ../outside.txt; printf '{"provenance": {"environment": {}, "modeldata": [], "obsdata": {}, "log": "execution.log"}, "plots": {"p": {"filename": "../outside.txt"}}}' > output.json`,
    ),
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
    class: "system",
    code: "ENVIRONMENT_INVALID",
    message: /no-such-program-anywhere/,
  },
  "command-greedy": {
    declaration: shell(
      "exec node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e6, 1))'",
      "limits: { memoryBytes: 300_000_000 },",
    ),
    class: "system",
    code: "MEMORY_LIMIT",
    message: /286 MiB/,
  },
  "half-a-bundle": {
    declaration: shell(`printf '{"DIMENSIONS": {"json_str' > diagnostic.json`),
    class: "diagnostic",
    code: "BUNDLE_INVALID",
    message: /diagnostic\.json/,
  },
};

const logBytes = 100_000_000;
const megabytes = 1_000_000;

/** One execution as the listing gives it. */
interface Listed {
  readonly rid: string;
  readonly state: string;
  readonly failure: { readonly class: string; readonly code: string; readonly message: string };
}

/** The oldest execution of each diagnostic. */
function endsOf(project: CommandLineProject): (name: string) => Listed {
  const { items } = project.json("executions", "list");
  const ends = new Map(items.map((item) => [item["diagnostic"], item as unknown as Listed]));
  return (name) => {
    const found = ends.get(name);
    assert.ok(found, name);
    return found;
  };
}

/** Decision and first reason of each diagnostic. */
function decisionsOf(project: CommandLineProject): Readonly<Record<string, string>> {
  const { items } = project.json("plan");
  return Object.fromEntries(
    items.map(({ diagnostic, decision, reasons }) => {
      const [first] = reasons as readonly { readonly code: string }[];
      return [String(diagnostic), `${String(decision)} ${first?.code ?? ""}`];
    }),
  );
}

test("each misbehaviour ends its own execution with a class, a code and a reason; all others go on", (t) => {
  const project = probeProject(t, {
    diagnostics: {
      ...Object.fromEntries(Object.entries(cases).map(([name, { declaration }]) => [name, declaration])),
      "function-writes-much": `run: (context) => {
        const line = "y".repeat(1e6 - 1);
        for (let megabyte = 0; megabyte < ${logBytes / megabytes}; megabyte++) console.log(line);
        give(context, 1);
      }`,
      "writes-much": shell(`head -c ${logBytes} /dev/zero | tr '\\0' x`),
      fine: wellBehaved,
    },
  });
  const solved = project.run("solve", "--json");
  assert.equal(solved.status, 4, solved.stderr);
  const endOf = endsOf(project);
  for (const [name, expected] of Object.entries(cases)) {
    const { state, failure } = endOf(name);
    const found = { state, class: failure.class, code: failure.code };
    assert.deepEqual(found, { state: "failed", class: expected.class, code: expected.code }, name);
    assert.match(failure.message, expected.message, name);
  }
  for (const name of ["fine", "writes-much", "function-writes-much"])
    assert.equal(endOf(name).state, "published", name);
  assert.equal(project.json("values", "list").total, 2);
  const counts = project.json("status").items;
  const countOf = (state: string): number =>
    counts.filter((each) => each["state"] === state).reduce((sum, { count }) => sum + Number(count), 0);
  assert.equal(countOf("failed"), Object.keys(cases).length);
  assert.equal(countOf("published"), project.json("executions", "list", "--state", "published").total);
  const failed = project.json("executions", "list", "--newest", "--state", "failed");
  assert.equal(failed.total, Object.keys(cases).length);

  for (const name of ["writes-much", "function-writes-much"]) {
    const log = project.succeed("logs", endOf(name).rid);
    assert.ok(log.length < 12 * megabytes, `${log.length} characters of log`);
    assert.match(log, /\[9\d{7} bytes cut here/);
  }
  assert.match(project.succeed("logs", endOf("command-exits").rid), /oh dear/);

  const decisions = decisionsOf(project);
  assert.match(decisions["throws"] ?? "", /^skip /, "what failed by itself fails again");
  assert.equal(decisions["killed"], "skip retries-exhausted", "tried three times");
  for (const name of ["hangs-awake", "command-hangs", "command-greedy", "command-missing"]) {
    assert.equal(project.json("executions", "list", "--diagnostic", name).total, 1, `${name} was tried once`);
    assert.equal(decisions[name], "run dirty", `${name} is left to the next solve`);
  }
  assert.equal(decisions["fine"], "skip up-to-date");
  const files = readdirSync(project.folder, { recursive: true, withFileTypes: true });
  for (const each of files.filter((file) => file.isFile())) {
    if (each.parentPath.includes("results")) assert.notEqual(each.name, "outside.txt");
    assert.ok(statSync(`${each.parentPath}/${each.name}`).size < 12 * megabytes, each.name);
  }
});

test("a diagnostic whose command cannot be made is an error of its own; the others run", (t) => {
  const throwing = `command: () => { throw new Error("no conda here"); }`;
  const project = probeProject(t, {
    models: ["MODEL-A", "MODEL-B"],
    diagnostics: { throwing, fine: wellBehaved },
  });
  const { status, stdout, stderr } = project.run("solve");
  assert.equal(status, 4, stderr);
  assert.match(stdout, /^executions: 2 published$/m);
  const told = stderr.match(/^error {2}probe\/throwing: .*no conda here$/gm);
  assert.equal(told?.length, 1, stderr);
  assert.equal(project.json("executions", "list").total, 2);
});
