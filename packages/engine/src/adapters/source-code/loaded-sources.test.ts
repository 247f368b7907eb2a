import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { Session } from "node:inspector";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Files } from "../../../test/support/identified-code.ts";
import type { CodeFacts } from "../../core/steps/code-facts.ts";
import { createSourceCode } from "./source-code.ts";

describe("sources that were changed after they had been loaded", () => {
  const files: Files = {
    "package.json": '{"type":"module"}',
    "main.ts": `import { helper } from "./helper.ts";\nexport const step = (): number => helper(1);\n`,
    "helper.ts": `import type { Never } from "./types.ts";\nexport const helper = (x: number): number => x + 1;\nexport type Each = Never;\n`,
    "types.ts": `export type Never = never;\n`,
  };

  /** Imports the project. @returns its folder, and what identifies the function that runs */
  async function loaded(t: TestContext) {
    const folder = mkdtempSync(join(tmpdir(), "almanac-source-"));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const main = join(folder, "main.ts");
    const { step } = (await import(pathToFileURL(main).href)) as { step: () => unknown };
    const same = new Map<string, string>();
    /** Each time as a new runner of the same pipeline does. */
    const identify = async (): Promise<CodeFacts> => {
      const [facts] = await createSourceCode(same).identify([
        { function: step, module: main, captures: [], name: "step" },
      ]);
      assert.ok(facts);
      return facts;
    };
    return { folder, identify };
  }

  /** Imports the project, changes files, then identifies the function that runs. */
  async function identifyAfter(t: TestContext, change: (folder: string) => void): Promise<CodeFacts> {
    const { folder, identify } = await loaded(t);
    change(folder);
    return identify();
  }
  const helperOf = (folder: string): string => join(folder, "helper.ts");

  test("are told by name, also when their times were put back or another file took their place", async (t) => {
    const changed = files["helper.ts"]?.replace("x + 1", "x + 2") ?? "";
    const before = await identifyAfter(t, () => {});
    assert.equal(before.outdated, undefined);
    const edited = await identifyAfter(t, (folder) => writeFileSync(helperOf(folder), changed));
    assert.deepEqual(edited.outdated, ["helper.ts"]);
    assert.notEqual(edited.digest, before.digest);
    assert.match(edited.unfollowed[0]?.reason ?? "", /changed after this program had loaded it/);
    const replaced = await identifyAfter(t, (folder) => {
      writeFileSync(join(folder, "other.ts"), changed);
      utimesSync(join(folder, "other.ts"), 1, 1);
      renameSync(join(folder, "other.ts"), helperOf(folder));
    });
    assert.deepEqual(replaced.outdated, ["helper.ts"]);
    const itself = await identifyAfter(t, (folder) =>
      writeFileSync(join(folder, "main.ts"), (files["main.ts"] ?? "").replace("helper(1)", "helper(2)")),
    );
    assert.deepEqual(itself.outdated, ["main.ts"]);
  });

  test("are not those that were only touched, nor types, which nothing loads", async (t) => {
    const touched = await identifyAfter(t, (folder) =>
      writeFileSync(helperOf(folder), files["helper.ts"] ?? ""),
    );
    assert.deepEqual([touched.outdated, touched.unfollowed], [undefined, []]);
    const types = await identifyAfter(t, (folder) =>
      writeFileSync(join(folder, "types.ts"), "export type Never = 1;\n"),
    );
    assert.deepEqual([types.outdated, types.unfollowed], [undefined, []]);
  });

  test("the engine is asked once for sources that stay as they are, and told of those that do not", async (t) => {
    const connect = t.mock.method(Session.prototype, "connect");
    const { folder, identify } = await loaded(t);
    const first = await identify();
    assert.equal(connect.mock.callCount(), 1);
    assert.deepEqual(await identify(), first);
    assert.equal(connect.mock.callCount(), 1, "nothing was changed");
    writeFileSync(helperOf(folder), files["helper.ts"]?.replace("x + 1", "x + 2") ?? "");
    assert.deepEqual((await identify()).outdated, ["helper.ts"]);
    assert.deepEqual((await identify()).outdated, ["helper.ts"], "what is outdated stays so");
    writeFileSync(helperOf(folder), files["helper.ts"] ?? "");
    assert.deepEqual(await identify(), first, "it was put back");
  });
});
