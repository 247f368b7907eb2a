import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compare, type Files, identify } from "../../../test/support/identified-code.ts";

const project: Files = {
  "main.ts": `
    import { helper as h } from "./helper.ts";
    import * as shapes from "./shapes.ts";
    import { Solver } from "./index.ts";
    const size: number = 3;
    const table = { a: 1, b: [1, 2] };
    function unrelated(): number { return 1; }
    function local(x: number): number { return x + size; }
    const kernel = (x: number) => x * 2;
    export const step = ({ config }: { config?: unknown } = {}): unknown => {
      const apply = (f: (x: number) => number) => f(table.a);
      return [h(1), local(2), apply(kernel), shapes.circle(1), new Solver().solve()];
    };
    void unrelated;
  `,
  "helper.ts": `
    import { deep } from "./lib/deep.ts";
    export function helper(x: number): number { return deep(x) + 1; }
    export function other(): number { return 2; }
  `,
  "lib/deep.ts": `export { deepest as deep } from "./deepest.ts";`,
  "lib/deepest.ts": `export const deepest = (x: number): number => x * 3;\nexport const more = 5;`,
  "shapes.ts": `export const circle = (r: number) => r * 3;\nexport const square = (r: number) => r * r;`,
  "index.ts": `export * from "./solver.ts";`,
  "solver.ts": `export class Solver { #x = 1; solve(): number { return this.#x; } }\nexport class Unused {}`,
};

describe("changes that count", () => {
  const changes: Readonly<Record<string, readonly [file: keyof typeof project, from: string, to: string]>> = {
    "the function itself": ["main.ts", "[h(1)", "[h(2)"],
    "a function of the same file": ["main.ts", "x + size", "x - size"],
    "a constant that it reads": ["main.ts", "size: number = 3", "size: number = 4"],
    "a constant object": ["main.ts", "b: [1, 2]", "b: [1, 3]"],
    "a function passed as argument": ["main.ts", "x * 2", "x * 3"],
    "a helper in another file": ["helper.ts", "deep(x) + 1", "deep(x) + 2"],
    "a helper's helper, re-exported under another name": ["lib/deepest.ts", "x * 3", "x * 4"],
    "a member of an imported namespace": ["shapes.ts", "r * 3", "r * 4"],
    "a class behind a re-export of everything": ["solver.ts", "#x = 1", "#x = 2"],
  };
  for (const [title, [file, from, to]] of Object.entries(changes))
    test(title, async (t) => {
      const text = project[file] ?? "";
      assert.ok(text.includes(from));
      assert.equal(await compare(t, project, { [file]: text.replace(from, to) }), false);
    });

  test("two imported names that change places", async (t) => {
    const files = {
      "main.ts": `import { a as x, b as y } from "./two.ts";\nexport const step = () => x() - y();`,
      "two.ts": "export const a = () => 1;\nexport const b = () => 2;",
    };
    assert.equal(
      await compare(t, files, { "main.ts": files["main.ts"].replace("a as x, b as y", "b as x, a as y") }),
      false,
    );
  });
});

describe("changes that do not count", () => {
  const changes: Readonly<Record<string, Files>> = {
    "a comment": {
      "main.ts": (project["main.ts"] ?? "").replace("const apply", "/* note */ const apply // more\n"),
    },
    layout: {
      "helper.ts": `import { deep } from "./lib/deep.ts";\nexport function helper(\n  x: number,\n): number {\n  return (\n    deep(x) +\n    1\n  );\n}\nexport function other(): number { return 2; }`,
    },
    "a type": {
      "helper.ts": (project["helper.ts"] ?? "").replace("helper(x: number)", "helper(x: 1 | 2 | number)"),
    },
    "an unrelated function of the same file": {
      "main.ts": (project["main.ts"] ?? "").replace("return 1; }", "return 99; }"),
    },
    "an unrelated export of a file": {
      "helper.ts": (project["helper.ts"] ?? "").replace("return 2", "return 3"),
      "shapes.ts": (project["shapes.ts"] ?? "").replace("r * r", "r + r"),
    },
    "an unused class behind a re-export of everything": {
      "solver.ts": (project["solver.ts"] ?? "").replace("class Unused {}", "class Unused { y = 1 }"),
    },
    "another place of a helper": {
      "lib/deep.ts": `export { deepest as deep } from "./moved.ts";`,
      "lib/moved.ts": project["lib/deepest.ts"] ?? "",
    },
  };
  for (const [title, files] of Object.entries(changes))
    test(title, async (t) => assert.equal(await compare(t, project, files), true));
});

describe("what cannot be followed is said", () => {
  const cases: Readonly<Record<string, readonly [code: string, name: string, reason: RegExp]>> = {
    "a parameter around the step": [
      "const make = (k: number) => () => k;\nexport const step = make(3);",
      "k",
      /parameter/,
    ],
    "a variable that is assigned again": ["let n = 1;\nn = 2;\nexport const step = () => n;", "n", /changed/],
    "a counter": ["let n = 1;\nexport const step = () => n++;", "n", /changed/],
    "a list that is pushed to": [
      "const seen: number[] = [];\nexport const step = () => seen.push(1);",
      "seen",
      /changed/,
    ],
    "an object whose member is assigned": [
      "const o = { a: 1 };\no.a = 2;\nexport const step = () => o.a;",
      "o",
      /changed/,
    ],
    "what is entered into a registry": [
      "class R { m = new Map(); enter(k: string, v: number) { this.m.set(k, v); } }\nconst r = new R();\nr.enter('a', 1);\nexport const step = () => r.m.get('a');",
      "r",
      /changed/,
    ],
    "an object whose property is defined": [
      "const o = {} as { a: number };\nObject.defineProperty(o, 'a', { value: 1 });\nexport const step = () => o.a;",
      "o",
      /changed/,
    ],
    "an object that a constructor changes": [
      "class Filler { constructor(o: { a: number }) { o.a = 1; } }\nconst o = { a: 0 };\nnew Filler(o);\nexport const step = () => o.a;",
      "o",
      /changed/,
    ],
    "a member assigned under another type": [
      "const o: object = { a: 0 };\n(o as { a: number }).a = 1;\nexport const step = () => o;",
      "o",
      /changed/,
    ],
    "an object changed by a name that stands for one of two": [
      "const a = { v: 0 };\nconst b = { v: 0 };\nconst c = b.v === 0 ? a : b;\nc.v = 1;\nexport const step = () => a.v;",
      "a",
      /changed/,
    ],
    "a variable that is declared twice": [
      "var x = 0;\nvar x = 1;\nexport const step = () => x;",
      "x",
      /changed/,
    ],
    "the environment": ["const home = process.env;\nexport const step = () => home;", "home", /process/],
    "the time": ["const now = Date.now();\nexport const step = () => now;", "now", /Date/],
    chance: ["const r = Math.random();\nexport const step = () => r;", "r", /Math\.random/],
    "a file read at import": [
      `import { readFileSync } from "node:fs";\nconst text = readFileSync("package.json");\nexport const step = () => text;`,
      "text",
      /node:fs/,
    ],
    "a file that a function of the project reads at import": [
      `import { load } from "./load.ts";\nconst text = load("package.json");\nexport const step = () => text;`,
      "text",
      /node:fs/,
    ],
    "the time, asked by a class that is made": [
      "class Clock { at = Date.now(); }\nconst clock = new Clock();\nexport const step = () => clock.at;",
      "clock",
      /Date/,
    ],
    "a list that a function fills at import": [
      "const fill = (list: number[]) => { list.push(1); };\nconst list: number[] = [];\nfill(list);\nexport const step = () => list;",
      "list",
      /changed/,
    ],
    "an object changed by another name": [
      "const o = { p: { a: 1 } };\nconst { p } = o;\nconst q = p;\nq.a = 2;\nexport const step = () => o.p.a;",
      "o",
      /changed/,
    ],
    "an object that another file changes": [
      `import "./changes.ts";\nimport { shared } from "./shared.ts";\nexport const step = () => shared.a;`,
      "shared",
      /changed/,
    ],
    "an object changed under a condition": [
      "const o = { a: 1 };\nif (process.pid > 0) fill(o);\nfunction fill(x: { a: number }) { x.a = 2; }\nexport const step = () => o.a;",
      "o",
      /changed/,
    ],
    "a value that is waited for": [
      "const v = await Promise.resolve(1);\nexport const step = () => v;",
      "v",
      /waited/,
    ],
    "a loop variable": [
      "const all: (() => number)[] = [];\nfor (const i of [1, 2]) all.push(() => i);\nexport const step = all[1]!;",
      "i",
      /no initial value/,
    ],
    "a bound function": ["export const step = (() => 1).bind(null);", "the step's function", /bound/],
    "a computed import": [
      `const name = "./x" + ".ts";\nexport const step = () => import(name);`,
      "import(…)",
      /cannot be seen/,
    ],
    "a loader of CommonJS modules": [
      `import { createRequire } from "node:module";\nconst load = createRequire(import.meta.url);\nexport const step = () => load("./h.cjs");`,
      "createRequire",
      /what it loads/,
    ],
    "a worker": [
      `import { Worker } from "node:worker_threads";\nexport const step = () => new Worker(new URL("./other.cjs", import.meta.url));`,
      "Worker",
      /what it runs/,
    ],
    "a CommonJS module that loads others": [
      `import h from "./loads.cjs";\nexport const step = () => h.f();`,
      "require",
      /cannot be seen/,
    ],
    eval: [`export const step = () => eval("1");`, "eval", /cannot be seen/],
  };
  for (const [title, [code, name, reason]] of Object.entries(cases))
    test(title, async (t) => {
      const { unfollowed } = await identify(t, {
        "main.ts": code,
        "shared.ts": "export const shared = { a: 0 };",
        "loads.cjs": `const g = require("./other.cjs");\nexports.f = () => g.f();`,
        "other.cjs": "exports.f = () => 1;",
        "changes.ts": `import { shared } from "./shared.ts";\nshared.a = 1;`,
        "load.ts": `import { readFileSync } from "node:fs";\nexport const load = (path: string) => readFileSync(path);`,
      });
      assert.deepEqual(
        unfollowed.map((each) => each.name),
        [name],
      );
      assert.match(unfollowed[0]?.reason ?? "", reason);
    });

  test("a captured variable whose value is given is followed", async (t) => {
    const { unfollowed } = await identify(
      t,
      { "main.ts": "const make = (k: number) => () => k;\nexport const step = make(3);" },
      ["k"],
    );
    assert.deepEqual(unfollowed, []);
  });

  test("pure initialisers are followed", async (t) => {
    const { unfollowed } = await identify(t, {
      "main.ts": `
        import { build } from "./build.ts";
        const levels = new Map([["a", Math.sqrt(2)]]);
        const table = build(3);
        const { a, b: [c] } = { a: 1, b: [2] };
        const recursive = (n: number): number => (n === 0 ? 0 : recursive(n - 1));
        export const step = () => [levels, table, a, c, recursive(3)];`,
      "build.ts": "export const build = (n: number) => Float64Array.from({ length: n });",
    });
    assert.deepEqual(unfollowed, []);
  });
});

describe("finding the function", () => {
  test("methods, async functions, generators, functions of imported files", async (t) => {
    for (const code of [
      "const o = { async run({ a }: { a?: number } = {}) { return a; } };\nexport const step = o.run;",
      "class C { static go<T>(x?: T): T | undefined { return x; } }\nexport const step = C.go;",
      "export async function step(): Promise<number> { return 1; }",
      "export default function* gen() { yield 1; }\nexport const step = gen;",
      `export { step } from "./other.ts";`,
      "export const step = (x: number) => x as number;",
      "export const step = (x: unknown) => (x as unknown) as number;",
      "export const step = (x: unknown) => x as unknown as (() => 1);",
      "export const step = (x?: number) => [x!][0]!;",
      "export const step = (x?: number) => (x ? 1 : (x)!);",
      "export const step = <T>(x: T) => x satisfies T;",
      "export const step = async <T,>(x?: T) => await x!;",
      "export const step = (x: number) => (y: number) => x + y as number;",
      `import { é } from "./other.ts";\nexport const step = é as (x?: "ü") => unknown;`,
    ]) {
      const { unfollowed, functions } = await identify(t, {
        "main.ts": code,
        "other.ts": "export const step = (x?: 'ä') => x;\nexport const é = (x?: 'ü'): unknown => [x, 'ö'];",
      });
      assert.deepEqual(unfollowed, [], code);
      assert.ok(functions.length > 0);
    }
  });

  test("two functions of one text that mean different things cannot be told apart", async (t) => {
    const code = (n: number) =>
      `const a = () => { const k = 1; return () => k; };\nconst b = () => { const k = ${n}; return () => k; };\nvoid a;\nexport const step = b();`;
    assert.match(
      (await identify(t, { "main.ts": code(2) })).unfollowed[0]?.reason ?? "",
      /mean different things/,
    );
    assert.deepEqual((await identify(t, { "main.ts": code(1) })).unfollowed, []);
  });

  test("nor can two of different files", async (t) => {
    const files = (other: number): Files => ({
      "main.ts": `import { helper } from "./one.ts";\nexport const local = () => helper();\nexport { step } from "./far.ts";`,
      "far.ts": `import { helper } from "./other.ts";\nexport const step = () => helper();`,
      "one.ts": "export const helper = () => 1;",
      "other.ts": `export const helper = () => ${other};`,
    });
    assert.match((await identify(t, files(2))).unfollowed[0]?.reason ?? "", /mean different things/);
    assert.deepEqual((await identify(t, files(1))).unfollowed, []);
  });
});
