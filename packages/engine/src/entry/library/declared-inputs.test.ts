import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { isAlmanacError } from "../../core/errors.ts";
import { openProducts, pipeline, WorkflowRunner } from "./steps.ts";

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-declared-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function codeOf(error: unknown): string {
  return isAlmanacError(error) ? error.code : String(error);
}

describe("declared files and environment", () => {
  test("a file that changes while the step runs: an error, nothing is stored", async (t) => {
    const folder = folderOf(t);
    mkdirSync(join(folder, "in"));
    const file = join(folder, "in", "data");
    writeFileSync(file, "before");
    let meddle = true;
    const made = pipeline("p").step("a", {
      produces: "a",
      version: "1",
      files: [join(folder, "in")],
      run: () => {
        const text = readFileSync(file, "utf8");
        if (meddle) writeFileSync(file, "meanwhile");
        meddle = false;
        return text;
      },
    });
    await using runner = new WorkflowRunner(made, {}, openProducts(join(folder, "products")));
    await assert.rejects(runner.get("a"), (error) => codeOf(error) === "INPUT_CHANGED");
    assert.equal(await runner.has("a"), false);
    assert.equal(await runner.get("a"), "meanwhile");
    rmSync(file);
    const [planned] = await runner.plan(["a"]);
    assert.equal(planned?.reasons[0]?.code, "file");
  });

  test("an environment variable that is declared counts", async (t) => {
    const folder = folderOf(t);
    const made = pipeline("p").step("a", {
      produces: "a",
      version: "1",
      environment: ["ALMANAC_TEST_X", "node"],
      run: () => process.env["ALMANAC_TEST_X"] ?? "",
    });
    t.after(() => delete process.env["ALMANAC_TEST_X"]);
    for (const value of ["1", "2", "1"]) {
      process.env["ALMANAC_TEST_X"] = value;
      await using runner = new WorkflowRunner(made, {}, openProducts(folder));
      assert.equal(await runner.get("a"), value);
    }
  });
});

describe("non-determinism", () => {
  test("a check names the product that comes out different, and stores nothing", async (t) => {
    const folder = folderOf(t);
    let count = 0;
    const made = pipeline("p")
      .step("steady", { produces: "steady", version: "1", run: () => 1 })
      .step("moody", {
        produces: "moody",
        requires: ["steady"],
        version: "1",
        run: ({ steady }) => steady + ++count,
      });
    await using runner = new WorkflowRunner(made, {}, openProducts(folder));
    assert.equal(await runner.get("moody"), 2);
    const report = await runner.check(10);
    assert.deepEqual(report.differing, [{ step: "moody", product: "moody" }]);
    assert.deepEqual([...report.checked].sort(), ["moody", "steady"]);
    assert.equal(await runner.get("moody"), 2);
  });
});
