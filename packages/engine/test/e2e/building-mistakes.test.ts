import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const module = `
import { pipeline } from "almanac/steps";
export default pipeline("demo", { config: { n: 3, title: "Text", empty: null, list: [1, 2] } })
  .step("make", { produces: ["a", "b"], version: "1", run: ({ config }) => ({ a: config, b: config.n }) })
  .step("long", { produces: "c", requires: ["b"], version: "1", run: async ({ config, b }, { checkpoint }) => {
    for (let at = 0; at < 5; at++) await checkpoint.save("x".repeat(10_000) + at);
    if (config.title === "broken") throw new Error("no such title");
    return b;
  } });
`;

function project(t: TestContext): CommandLineProject {
  const made = new CommandLineProject(t);
  made.write("pipeline.mjs", module);
  return made;
}

/** Asserts how a command fails: exit code and message. */
function fails(made: CommandLineProject, words: readonly string[], status: number, message: RegExp): void {
  const ended = made.run(...words);
  assert.equal(ended.status, status, ended.stderr);
  assert.match(ended.stderr, message);
  assert.doesNotMatch(ended.stderr, /DEFECT/);
}

test("numbers of steps at once, sizes and ages that are none are refused", (t) => {
  const made = project(t);
  fails(made, ["build", "--jobs", "0"], 2, /whole number of 1 or more/);
  fails(made, ["build", "--check", "0"], 2, /whole number of 1 or more/);
  assert.ok(!existsSync(made.path("products")), "nothing was built, and nobody said so");
  made.succeed("build");
  fails(made, ["products", "gc", "--max-size", "much"], 2, /"much" is no size\n.*500MB/);
  fails(made, ["products", "gc", "--max-age", "old"], 2, /"old" is no number of days/);
  made.succeed("products", "gc", "--max-size", "10GB", "--max-age", "0.5", "--dry-run");
});

test("plans, explanations and checks are asked for one at a time", (t) => {
  fails(project(t), ["build", "--plan", "--check", "2"], 2, /--plan and --check cannot be had at once/);
});

test("a step that is asked for by name says what to ask for", (t) => {
  fails(project(t), ["build", "make"], 2, /"make" is a step, not a product\n.*what it produces: a, b/);
});

test("a setting is JSON, or text where a text is", (t) => {
  const made = project(t);
  fails(
    made,
    ["build", "--set", "n=many"],
    2,
    /--set n=many: a number is there, and this is none\n.*it is 3 now/,
  );
  made.succeed("build", "a", "--set", "n=4", "title=A b", "empty=text", "list=[3]");
  made.succeed("products", "export", "a", "a.json", "--set", "n=4", "title=A b", "empty=text", "list=[3]");
  const written = JSON.parse(readFileSync(made.path("a.json"), "utf8")) as unknown;
  assert.deepEqual(written, { n: 4, title: "A b", empty: "text", list: [3] });
  made.succeed("build", "--plan", "--set", 'n="four"');
});

test("a build of which nothing ran does not say that all is well", (t) => {
  const made = project(t);
  made.succeed("build", "b");
  const failed = made.run("build", "--set", "title=broken");
  assert.equal(failed.status, 4);
  assert.doesNotMatch(failed.stdout, /nothing to do|up to date/);
});

test("places that cannot be written are told", (t) => {
  const made = project(t);
  made.succeed("build");
  fails(made, ["products", "export", "a", "no/a.json"], 4, /no\/a\.json cannot be written: ENOENT/);
  fails(made, ["products", "diagram", "--output", "no/p.svg"], 4, /no\/p\.svg cannot be written/);
  fails(made, ["build", "--products", "pipeline.mjs"], 4, /error\[STORE_UNAVAILABLE\].*pipeline\.mjs/);
});

test("pins are confirmed and shown; checkpoints that later ones replaced are collected", (t) => {
  const made = project(t);
  made.succeed("build");
  assert.match(made.succeed("products", "pin", "c", "--note", "quoted"), /^c is kept as it is now$/m);
  assert.match(made.succeed("products", "list"), /pinned\n[\s\S]*^c .* quoted$/m);
  fails(made, ["products", "unpin", "b"], 2, /product "b" is not pinned/);
  assert.match(made.succeed("products", "unpin", "c"), /^c may be collected again$/m);
  assert.doesNotMatch(made.succeed("products", "list"), /pinned/);
  const blobs = (): number =>
    readdirSync(made.path("products/blobs"), { recursive: true, withFileTypes: true }).filter((each) =>
      each.isFile(),
    ).length;
  assert.equal(blobs(), 5);
  assert.match(made.succeed("products", "gc"), /^removed 0 products, .* stay$/m);
  assert.equal(blobs(), 1, "the last checkpoint stays: a larger budget goes on from it");
});

test("a pipeline is looked for in a folder that is named; what every object has is no setting", (t) => {
  const made = project(t);
  made.write("other/note.txt", "");
  assert.match(made.succeed("build", "a", "--pipeline", "."), /1 of 1 steps ran/);
  fails(made, ["build", "--pipeline", "other"], 3, /there is no pipeline\.ts or .* in .*other\n/);
  fails(made, ["build", "--pipeline", "none.mjs"], 3, /there is no none\.mjs in /);
  fails(made, ["build", "--set", "constructor=3"], 2, /the configuration has no "constructor"/);
  fails(made, ["build", "--set", "__proto__.x=3"], 2, /the configuration has no "__proto__"/);
});

test("folders that nobody can make are told at once", { skip: process.platform !== "linux" }, (t) => {
  const made = project(t);
  const cannot = /\/proc takes no new folders\n {2}to do: name a folder/;
  fails(made, ["build", "--products", "/proc/almanac/products"], 4, cannot);
  fails(made, ["products", "gc", "--products", "/proc/almanac"], 4, cannot);
  fails(made, ["init", "/proc/almanac/project"], 3, cannot);
  fails(made, ["init", "pipeline.mjs/project"], 3, /cannot make a project in .*not a directory/);
  fails(made, ["build", "--products", "pipeline.mjs"], 4, /to do: name a folder, not a file/);
  const shared = made.run("build", "--shared", "/proc");
  assert.equal(shared.status, 0, shared.stderr);
  assert.match(shared.stderr, /warning: shared products: cannot write .* in \/proc: ENOENT/);
});

test("the line of a failed step says what its error says to do; whatever is thrown has words", (t) => {
  const made = project(t);
  made.write(
    "failing.mjs",
    `import { AlmanacError, pipeline } from "almanac/steps";
export default pipeline("failing")
  .step("own", { produces: "own", run: () => { throw new AlmanacError("FILE_MISSING", "none", { hint: "fetch it" }); } })
  .step("shape", { produces: ["x", "y"], run: () => ({ x: 1 }) })
  .step("bare", { produces: "bare", run: () => { throw Object.create(null); } })
  .step("mute", { produces: "mute", run: () => { throw new RangeError(); } });`,
  );
  const { status, stderr } = made.run("build", "--pipeline", "failing.mjs", "--keep-going");
  assert.equal(status, 4, stderr);
  assert.match(stderr, /^failed {3}own: step "own" failed: none\n {9}to do: fetch it$/m);
  assert.match(stderr, /^failed {3}shape: .* returned an object with x\n {9}to do: return \{ x, y \}/m);
  assert.match(stderr, /^failed {3}bare: .*: it threw an object without a message$/m);
  assert.match(stderr, /^failed {3}mute: .*: RangeError without a message$/m);
  assert.doesNotMatch(stderr, /DEFECT/);
});
