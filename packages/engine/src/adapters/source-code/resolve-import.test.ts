import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { compare, type Files, identify } from "../../../test/support/identified-code.ts";

describe("what imports lead to counts", () => {
  test("a CommonJS module, and one imported by a name of package.json", async (t) => {
    const files = {
      "package.json": '{"type":"module","imports":{"#helper":"./lib/helper.ts"}}',
      "main.ts": `import * as all from "./one.cjs";\nimport one from "./one.cjs";\nimport { f } from "#helper";\nexport const step = () => [one.f(), all, f()];`,
      "one.cjs": "const g = () => 1;\nexports.f = () => g();",
      "lib/helper.ts": "export const f = (): number => 1;",
    };
    assert.equal(await compare(t, files, { "one.cjs": files["one.cjs"].replace("=> 1", "=> 2") }), false);
    assert.equal(await compare(t, files, { "one.cjs": `// note\n${files["one.cjs"]}` }), true);
    assert.equal(
      await compare(t, files, { "lib/helper.ts": files["lib/helper.ts"].replace("=> 1", "=> 2") }),
      false,
    );
  });

  test("a package that lies elsewhere in the project, and the project by its own name", async (t) => {
    const lib = (text: string): Files => ({
      "package.json": '{"name":"own","type":"module","exports":{"./f":"./f.ts"}}',
      "main.ts": `import { f } from "own/f";\nimport { g } from "linked";\nexport const step = () => [f(), g()];`,
      "f.ts": `export const f = () => ${text};`,
      "libs/linked/package.json": '{"name":"linked","version":"0.0.0","type":"module","exports":"./g.js"}',
      "libs/linked/g.js": `export const g = () => 1;`,
      "node_modules/linked": "-> ../libs/linked",
    });
    const changed = { "libs/linked/g.js": "export const g = () => 2;" };
    assert.equal(await compare(t, lib("1"), {}), true);
    assert.equal(await compare(t, lib("1"), lib("2")), false);
    assert.equal(await compare(t, lib("1"), changed), false);
    const conditional = lib("1")["libs/linked/package.json"]?.replace(
      '"./g.js"',
      '{"import":"./g.js","require":"./h.cjs"}',
    );
    const { unfollowed } = await identify(t, { ...lib("1"), "libs/linked/package.json": conditional ?? "" });
    assert.deepEqual(
      unfollowed.map(({ name }) => name),
      ["linked"],
    );
  });

  test("the version of an imported package", async (t) => {
    const manifest = (version: string) =>
      JSON.stringify({ name: "dependency", version, type: "module", main: "index.js" });
    const files = {
      "main.ts": `import { f } from "dependency";\nimport { join } from "node:path";\nexport const step = () => [f(), join("a")];`,
      "node_modules/dependency/package.json": manifest("1.0.0"),
      "node_modules/dependency/index.js": "export const f = () => 1;",
    };
    assert.equal(
      await compare(t, files, { "node_modules/dependency/package.json": manifest("1.0.1") }),
      false,
    );
    const { packages } = await identify(t, files);
    assert.deepEqual(packages, [
      { name: "dependency", version: "1.0.0" },
      { name: "node:path", version: process.versions.node.split(".")[0] },
    ]);
  });
});
