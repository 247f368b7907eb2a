import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";

const files: Readonly<Record<string, string>> = {
  "package.json": `{ "name": "demo", "type": "module" }`,
  "pipeline.ts": `
import { pipeline } from "almanac/steps";
import greet from "greeting";
import * as ways from "./lib/ways.ts";
import halve, { scale } from "./lib/index.ts";
import { steps } from "./lib/steps.ts";

const apply = (values: number[], way: (value: number) => number) => values.map(way);
function unrelated() { return 1; }
const origin = { x: 1, y: [2, 3] };
void unrelated;

class Counter {
  #start = 100;
  count(values: number[]) { return values.length + this.#start; }
}

export default pipeline("code", { config: { n: 3 } })
  .step("numbers", { produces: "numbers", run: ({ config }) => Array.from({ length: config.n }, (_, at) => at) })
  .step("scaled", { produces: "scaled", requires: ["numbers"], run: ({ numbers }) => scale(numbers) })
  .step("applied", { produces: "applied", requires: ["numbers"], run: ({ numbers }) => apply(numbers, ways.double) })
  .step("halved", { produces: "halved", requires: ["numbers"], run: ({ numbers }) => numbers.map(halve) })
  .step("greeted", { produces: "greeted", run: () => greet("you") })
  .step("moved", { produces: "moved", run: () => origin.x + origin.y[1]! })
  .step("counted", { produces: "counted", requires: ["numbers"], run: ({ numbers }) => new Counter().count(numbers) })
  .step("elsewhere", { produces: "elsewhere", run: steps.elsewhere });
`,
  "lib/index.ts": `export { scale } from "./scale.ts";\nexport * from "./more.ts";\nexport { default } from "./halve.ts";\n`,
  "lib/scale.ts": `import { offset } from "./index.ts";
export function scale(values: number[]) {
  return values.map((value) => value * 2 + offset());
}
export function beside() { return 1; }
`,
  "lib/more.ts": `import { base } from "./base.ts";\nexport const offset = (): number => base;\n`,
  "lib/base.ts": `export const base = 10;\n`,
  "lib/halve.ts": `export default (value: number): number => value / 2;\n`,
  "lib/ways.ts": `export const double = (value: number) => value * 2;\nexport const triple = (value: number) => value * 3;\n`,
  "lib/steps.ts": `export const steps = { elsewhere: () => "there", other: () => "other" };\n`,
  "node_modules/greeting/package.json": `{ "name": "greeting", "version": "1.0.0", "type": "module", "exports": "./index.js" }`,
  "node_modules/greeting/index.js": `export default (name) => "hello " + name;\n`,
};

interface Change {
  readonly what: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly runs: readonly string[];
}

/** One after the other, each upon those before. */
const changes: readonly Change[] = [
  {
    what: "a comment",
    file: "lib/scale.ts",
    from: "return values",
    to: "/* as ever */ return values",
    runs: [],
  },
  {
    what: "layout",
    file: "lib/scale.ts",
    from: "value * 2 + offset()",
    to: "(\n  value*2\n  + offset()\n  )",
    runs: [],
  },
  {
    what: "a comment and layout in the step itself",
    file: "pipeline.ts",
    from: "=> scale(numbers)",
    to: "=> /* é */\n  scale(numbers,)",
    runs: [],
  },
  {
    what: "types",
    file: "lib/ways.ts",
    from: "double = (value: number)",
    to: "double = (value: number): number",
    runs: [],
  },
  {
    what: "an unrelated function in the same file",
    file: "lib/scale.ts",
    from: "return 1",
    to: "return 2",
    runs: [],
  },
  {
    what: "another export of a namespace",
    file: "lib/ways.ts",
    from: "value * 3",
    to: "value * 4",
    runs: [],
  },
  {
    what: "an unrelated function beside the steps",
    file: "pipeline.ts",
    from: "return 1;",
    to: "return 2;",
    runs: [],
  },
  { what: "a helper", file: "lib/scale.ts", from: "value*2", to: "value*3", runs: ["scaled"] },
  {
    what: "a helper's helper, re-exported",
    file: "lib/more.ts",
    from: "=> base",
    to: "=> base + 1",
    runs: ["scaled"],
  },
  { what: "a constant of a helper's helper", file: "lib/base.ts", from: "10", to: "11", runs: ["scaled"] },
  {
    what: "a re-exported default",
    file: "lib/halve.ts",
    from: "value / 2",
    to: "value / 2 + 0",
    runs: ["halved"],
  },
  {
    what: "a function passed as argument",
    file: "lib/ways.ts",
    from: "value * 2",
    to: "2 * value",
    runs: ["applied"],
  },
  {
    what: "the function that calls it",
    file: "pipeline.ts",
    from: "values.map(way)",
    to: "values.slice().map(way)",
    runs: ["applied"],
  },
  {
    what: "the version of an imported package",
    file: "node_modules/greeting/package.json",
    from: "1.0.0",
    to: "1.0.1",
    runs: ["greeted"],
  },
  { what: "a literal that a step reads", file: "pipeline.ts", from: "[2, 3]", to: "[2, 4]", runs: ["moved"] },
  {
    what: "a private field of a class",
    file: "pipeline.ts",
    from: "#start = 100",
    to: "#start = 200",
    runs: ["counted"],
  },
  {
    what: "a step's function in another file",
    file: "lib/steps.ts",
    from: `"there"`,
    to: `"here"`,
    runs: ["elsewhere"],
  },
  {
    what: "a step itself",
    file: "pipeline.ts",
    from: "length: config.n }",
    to: "length: config.n + 0 }",
    runs: ["numbers"],
  },
];

test("changed code is run again, exactly where it counts", (t) => {
  const project = new CommandLineProject(t);
  const now = { ...files };
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  assert.match(project.succeed("build"), /^8 of 8 steps ran$/m);
  for (const { what, file, from, to, runs } of changes) {
    assert.ok(now[file]?.includes(from), `${what}: ${from} is in ${file}`);
    now[file] = now[file]?.replace(from, to) ?? "";
    project.write(file, now[file]);
    assert.deepEqual(project.json("build")["ran"], runs, what);
  }
  // Back to the first state of all files: everything is stored.
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  assert.deepEqual(project.json("build")["ran"], []);
});

test("the reason names the function and the package", (t) => {
  const project = new CommandLineProject(t);
  for (const [name, text] of Object.entries(files)) project.write(name, text);
  project.succeed("build", "scaled", "greeted");
  project.write("lib/base.ts", "export const base = 12;\n");
  project.write(
    "node_modules/greeting/package.json",
    `{ "name": "greeting", "version": "2.0.0", "type": "module", "exports": "./index.js" }`,
  );
  const explained = project.succeed("build", "scaled", "greeted", "--explain");
  assert.match(explained, /base \(lib\/base\.ts\)/);
  assert.match(explained, /greeting 1\.0\.0 → 2\.0\.0/);
});

describe("what cannot be followed", () => {
  const unfollowed: readonly (readonly [what: string, name: string, body: string])[] = [
    ["a variable that is assigned to", "factor", `let factor = 1; factor = 2;\nconst run = () => factor;`],
    [
      "a list that is filled",
      "list",
      `const list: number[] = []; list.push(Number(process.argv.length));\nconst run = () => list;`,
    ],
    [
      "a parameter around the step",
      "n",
      `const make = (n: number) => () => n;\nconst run = make(Date.now());`,
    ],
    [
      "a loop's variable",
      "i",
      `const all = []; for (let i = 0; i < 3; i++) all.push(() => i);\nconst run = all[0]!;`,
    ],
    [
      "an initial value that was read from a file",
      "table",
      `import { readFileSync } from "node:fs";\nconst table = readFileSync("table.txt", "utf8");\nconst run = () => table;`,
    ],
    [
      "an initial value that a function read from a file",
      "table",
      `import { load } from "./load.ts";\nconst table = load();\nconst run = () => table;`,
    ],
    [
      "an initial value that depends on the environment",
      "home",
      `const home = process.env.HOME;\nconst run = () => home;`,
    ],
    [
      "an initial value made by a function that asks the time",
      "start",
      `const now = () => new Date().toISOString();\nconst start = now();\nconst run = () => start;`,
    ],
    [
      "a module that is chosen when it runs",
      "import",
      `const run = async ({ config }) => (await import(config.module)).default;`,
    ],
    ["code that is evaluated", "eval", `const run = () => eval("1 + 1");`],
    [
      "a bound function",
      "step's function",
      `const run = (function (this: number) { return this; }).bind(1);`,
    ],
  ];
  for (const [what, name, body] of unfollowed)
    test(`is an error that says so: ${what}`, (t) => {
      const project = new CommandLineProject(t);
      project.write("table.txt", "1");
      project.write(
        "load.ts",
        `import { readFileSync } from "node:fs";\nexport const load = () => readFileSync("table.txt", "utf8");\n`,
      );
      const text = (options: string, step = ""): string =>
        `import { pipeline } from "almanac/steps";\n${body}\nexport default pipeline("p", { config: { module: "./load.ts" }, ${options} }).step("s", { produces: "s", run, ${step} });\n`;
      project.write("pipeline.ts", text(""));
      const { status, stderr } = project.run("build");
      assert.equal(status, 3, stderr);
      assert.match(stderr, /CODE_UNFOLLOWED/);
      assert.match(stderr, new RegExp(`step "s" depends on what cannot be followed: .*${name}`));
      assert.match(stderr, /version: "1"/);
      if (what !== "a list that is filled") return;
      project.write("pipeline.ts", text(`unfollowed: "always-stale"`));
      assert.deepEqual(project.json("build")["ran"], ["s"]);
      assert.deepEqual(project.json("build")["ran"], ["s"]);
      assert.match(project.succeed("build", "--plan"), /list/);
      project.write("pipeline.ts", text("", `version: "1"`));
      assert.deepEqual(project.json("build")["ran"], ["s"]);
      assert.deepEqual(project.json("build")["ran"], []);
    });

  test("captured values that are given count by value", (t) => {
    const project = new CommandLineProject(t);
    const text = (factor: number): string => `
import { pipeline } from "almanac/steps";
let made = pipeline("p", { config: {} });
for (let i = 0; i < 3; i++) made = made.step("s" + i, { produces: "s" + i, captures: { i, factor: ${factor} * i }, run: () => i });
export default made;
`;
    project.write("pipeline.ts", text(1));
    assert.match(project.succeed("build"), /^3 of 3 steps ran$/m);
    assert.match(project.succeed("build"), /nothing to do/);
    project.write("pipeline.ts", text(2));
    assert.deepEqual((project.json("build")["ran"] as string[]).sort(), ["s1", "s2"]);
  });
});
