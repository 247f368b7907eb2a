import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { CommandLineProject } from "../support/command-line.ts";
import { begunFolder, runLine, Tutorial } from "../support/tutorial.ts";

const example = resolve(import.meta.dirname, "../../../../docs/examples/recorded-run");

type Row = Readonly<Record<string, unknown>>;

test("the example of recorded runs fits a line, describes the model, and tells what it was made from", (t) => {
  const project = new CommandLineProject(t);
  cpSync(example, project.folder, { recursive: true });
  project.succeed("init");
  const fit = project.json(
    ...["run", "train.ts#train", "--input", "growth.csv", "-p", "penalty=0", "--description", "First fit"],
  ) as unknown as Row;
  assert.equal(fit["state"], "published");
  const [slope] = project.json("values", "list", "metric=slope").items;
  assert.ok(Math.abs(Number(slope?.["value"]) - 1.99) < 1e-12, "least squares of the five points, by hand");
  const model = (fit["stored"] as Row[]).find(({ fileName }) => fileName === "model.json");
  assert.deepEqual([model?.["types"], model?.["metadata"]], [["model"], { penalty: 0 }]);
  const card = JSON.parse(
    project.succeed("run", "--json", "--asset", String(model?.["rid"]), "--", "sh", "describe.sh"),
  ) as Row;
  const folder = project.path("results/runs/describe", String(card["rid"]));
  assert.match(readFileSync(`${folder}/model card.txt`, "utf8"), /^model: \{"slope":1\.9/);
  const text = (card["stored"] as Row[]).find(({ fileName }) => fileName === "model card.txt");
  assert.match(project.succeed("lineage", String(text?.["rid"])), /growth\.csv/);
  assert.match(project.succeed("impact", String(model?.["rid"])), /model card\.txt/);
});

test("the page's first commands, typed in a clone, run code that is committed", (t) => {
  const page = new Tutorial("recorded-runs.md");
  const folder = begunFolder(t, page);
  const [first = ""] = page.blocks("");
  const commands = first.split("\n").filter((line) => line !== "" && !line.includes("<rid>"));
  assert.equal(commands.length, 2);
  const [ran, listed] = commands.map((command) => runLine(folder, command).join("\n"));
  assert.match(ran ?? "", /published {2}runs\/train\//);
  assert.match(listed ?? "", /published +runs\/train\/First fit/);
});
