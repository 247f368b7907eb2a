import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { copyProduct, fileProduct, folderProduct, openProducts, pipeline, WorkflowRunner } from "./steps.ts";

test("files and folders as products: the store has copies, which are verified, and never touches the originals", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-files-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const work = join(folder, "work");
  let runs = 0;
  const made = pipeline("files", { config: { text: "one" } })
    .step("write", {
      produces: ["table", "maps"],
      version: "1",
      run: ({ config }) => {
        runs++;
        mkdirSync(join(work, "maps", "deep"), { recursive: true });
        writeFileSync(join(work, "table.csv"), config.text);
        writeFileSync(join(work, "maps", "a.txt"), "a");
        writeFileSync(join(work, "maps", "deep", "b.txt"), "b");
        return { table: fileProduct(join(work, "table.csv")), maps: folderProduct(join(work, "maps")) };
      },
    })
    .step("read", {
      produces: "length",
      requires: ["table", "maps"],
      version: "1",
      run: ({ table, maps }) =>
        `${table.name} ${readFileSync(table.path, "utf8")} ${Object.keys(maps.files).join(",")}`,
    });
  const get = async (text: string): Promise<string> => {
    await using runner = new WorkflowRunner(made, { text }, openProducts(join(folder, "products")));
    return await runner.get("length");
  };
  assert.equal(await get("one"), "table.csv one a.txt,deep/b.txt");
  assert.equal(await get("two"), "table.csv two a.txt,deep/b.txt");
  assert.equal(await get("one"), "table.csv one a.txt,deep/b.txt");
  assert.equal(runs, 2);
  await using runner = new WorkflowRunner(made, { text: "one" }, openProducts(join(folder, "products")));
  const [table, maps] = [await runner.get("table"), await runner.get("maps")];
  assert.equal(readFileSync(table.path, "utf8"), "one", "although the original now says two");
  copyProduct(maps, join(folder, "out"));
  assert.equal(readFileSync(join(folder, "out", "deep", "b.txt"), "utf8"), "b");
  await runner.invalidate("table");
  assert.equal(readFileSync(join(work, "table.csv"), "utf8"), "two");
});

test("an altered file of a product is made again", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "almanac-files-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const made = pipeline("files").step("write", {
    produces: "table",
    version: "1",
    run: () => {
      writeFileSync(join(folder, "table.csv"), "content");
      return fileProduct(join(folder, "table.csv"));
    },
  });
  const path = async (): Promise<string> => {
    await using runner = new WorkflowRunner(made, {}, openProducts(join(folder, "products")));
    return (await runner.get("table")).path;
  };
  const first = await path();
  writeFileSync(first, "kontent");
  assert.equal(readFileSync(await path(), "utf8"), "content");
});
