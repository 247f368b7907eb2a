import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Files, identify } from "../../../test/support/identified-code.ts";

const modules: Files = {
  "table.ts": "export const table = { x: 0, rows: [[0]] };\nexport const other = { x: 0 };",
  "again.ts": `export * from "./table.ts";`,
  "named.ts": `export * as all from "./table.ts";`,
  "whole.ts": "export default { x: 0 };",
  "fill.ts": "export const fill = (into: { x: number }) => { into.x = 1; };",
  "fill-all.ts": `import { fill } from "./fill.ts";\nexport const fillAll = (a: { x: number }[]) => { for (const each of a) fill(each); };`,
};

/** The step returns `table`, declared as `{ x: 0, rows: [[0]] }`, unless a case imports it. */
const own = "const table = { x: 0, rows: [[0]] };\n";
const step = "\nexport const step = () => table;";

describe("a change by another name is seen", () => {
  const changes: Readonly<Record<string, string>> = {
    "through the namespace of a module":
      `import { table } from "./table.ts";\nimport * as ns from "./table.ts";\nns.table.x = 1;` + step,
    "through the default of a namespace":
      `import table from "./whole.ts";\nimport * as ns from "./whole.ts";\nns.default.x = 1;` + step,
    "through a member of a namespace that is not plain":
      `import { table } from "./table.ts";\nimport * as ns from "./table.ts";\nconst name = "table" as const;\nns[name].x = 1;` +
      step,
    "through a namespace under another name":
      `import { table } from "./table.ts";\nimport * as ns from "./table.ts";\nconst m = ns;\nm.table.x = 1;` +
      step,
    "through an exported namespace":
      `import { table } from "./table.ts";\nimport { all } from "./named.ts";\nall.table.x = 1;` + step,
    "behind a re-export of everything":
      `import { table } from "./table.ts";\nimport { table as t } from "./again.ts";\nt.x = 1;` + step,
    "by a method, behind a re-export of everything, through a namespace":
      `import { table } from "./table.ts";\nimport * as ns from "./again.ts";\nns.table.rows.push([1]);` +
      step,
    "of a default export without a name": `import table from "./whole.ts";\ntable.x = 1;` + step,
    "by an alias": own + "const t = table;\nt.x = 1;" + step,
    "by an alias in a function": own + "const go = () => { const t = table; t.x = 1; };\ngo();" + step,
    "by a variable that is assigned": own + "let t;\nt = table;\nt.x = 1;" + step,
    "by a member of what holds it": own + "const all = { table };\nall.table.x = 1;" + step,
    "by what it was put into": own + "const all: any = {};\nall.one = table;\nall.one.x = 1;" + step,
    "by an element of a list that took it in":
      own + "const all: any[] = [];\nall.push(table);\nall[0].x = 1;" + step,
    "by the variable of a loop": own + "for (const t of [table]) t.x = 1;" + step,
    "by the variable of a loop over its members": own + "for (const row of table.rows) row[0] = 1;" + step,
    "by the parts of entries": own + "for (const [, t] of Object.entries({ table })) t.x = 1;" + step,
    "by the variable of a loop over a copy": own + "for (const row of [...table.rows]) row.push(1);" + step,
    "by a function that is called with each": own + "table.rows.forEach((row) => { row[0] = 1; });" + step,
    "by an element that is found": own + "const first = table.rows.find(Boolean)!;\nfirst[0] = 1;" + step,
    "by a function, in a declaration":
      own +
      "const fill = (t: { x: number }) => { t.x = 1; return true; };\nexport const done = fill(table);" +
      step,
    "by a function that hands it on":
      own +
      "function deep({ t }: any) { t.x = 1; }\nfunction fill(t: any) { deep({ t }); return true; }\nexport const done = fill(table);" +
      step,
    "by a function of another file":
      own + `import { fill } from "./fill.ts";\nexport const done = fill(table);` + step,
    "by functions of other files, with a list of them":
      own + `import * as ways from "./fill-all.ts";\nexport const done = ways.fillAll([table]);` + step,
    "by a class that is made":
      own + "class F { constructor(t: any) { t.x = 1; } }\nexport const made = new F(table);" + step,
    "along a chain of links": own + "let at: any = table;\nwhile (at) { at.x = 1; at = at.next; }" + step,
  };
  for (const [title, code] of Object.entries(changes))
    test(title, async (t) => {
      const { unfollowed } = await identify(t, { ...modules, "main.ts": code });
      assert.deepEqual(
        unfollowed.map(({ name }) => name.replace("the default export of whole.ts", "table")),
        ["table"],
      );
      assert.match(unfollowed[0]?.reason ?? "", /changed after its declaration/);
    });
});

describe("what leaves a variable as it is raises no alarm", () => {
  const harmless: Readonly<Record<string, string>> = {
    "a number taken from it that is counted down":
      own + "const go = () => { let n = table.x; while (n > 0) n--; };\nvoid go;" + step,
    "a copy that is changed":
      own +
      "const copy = { ...table };\ncopy.x = 1;\nconst rows = table.rows.slice();\nrows.push([1]);" +
      step,
    "a list that holds it and grows": own + "const all: unknown[] = [table];\nall.push(1);" + step,
    "a new list of what is computed":
      own + "const rows = table.rows.map((row) => row.length);\nrows[0] = 3;" + step,
    "what an accumulator takes":
      own +
      "const sum = table.rows.reduce((all: any, row) => { all.n = row.length; return all; }, {});\nvoid sum;" +
      step,
    "a function that changes another of its parameters":
      own +
      "function into({ out, from }: any) { out.x = from.x; return out; }\nexport const made = into({ out: {}, from: table });" +
      step,
    "a parameter that is given another value":
      own + "function first(t: any) { t = t.rows; return t; }\nexport const got = first(table);" + step,
    "another export of a namespace that is changed":
      `import { table } from "./table.ts";\nimport * as ns from "./table.ts";\nns.other.x = 1;` + step,
    "a local of the step that a function changes":
      own +
      "const fill = (t: any) => { t.x = 1; };\nexport const step = () => { const t = structuredClone(table); fill(t); return t; };",
  };
  for (const [title, code] of Object.entries(harmless))
    test(title, async (t) => {
      assert.deepEqual((await identify(t, { ...modules, "main.ts": code })).unfollowed, []);
    });
});

describe("the object around an arrow function", () => {
  const code = (body: string): Files => ({
    "main.ts": `class Solver { order = 2; run = ${body}; }\nexport const step = new Solver().run;`,
  });

  test("cannot be followed, unless its value is given", async (t) => {
    for (const body of ["() => this.order", "() => [1].map(() => this.order)", "(x = this.order) => x"]) {
      const { unfollowed } = await identify(t, code(body));
      assert.deepEqual(unfollowed, [{ name: "this", reason: "it is an object around the step" }], body);
      assert.deepEqual((await identify(t, code(body), ["this"])).unfollowed, []);
    }
  });

  test("is not asked for by what has one of its own", async (t) => {
    const inside =
      "() => { class A { x = 1; y = this.x; } return [function () { return this; }, new A().y]; }";
    assert.deepEqual((await identify(t, code(inside))).unfollowed, []);
  });
});
