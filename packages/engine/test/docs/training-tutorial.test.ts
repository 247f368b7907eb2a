import assert from "node:assert/strict";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { fitRidge, predict, rootMeanSquare } from "../../../../docs/examples/step-response/ridge.ts";
import {
  mostSimilar,
  type NamedSample,
  predictors,
  predictorsOf,
} from "../../../../docs/examples/step-response/samples.ts";
import type { Rid } from "../../src/core/identity/rid.ts";
import { splitMembers } from "../../src/core/records/split.ts";
import { assertPrinted, gitIdentity, runLine, Tutorial } from "../support/tutorial.ts";

const root = resolve(import.meta.dirname, "../../../..");
const page = new Tutorial("training.md");
const text = readFileSync(join(root, "docs/training.md"), "utf8").replaceAll("\n", " ");

const realFiles = resolve(root, "../shared/data/sample");

test("the tutorial on training", async (t) => {
  const folder = tutorialFolder(t);
  const type = shellOf(folder);
  await t.test("every command does what the page says", () => {
    const commands = page.commands();
    assert.ok(commands.length > 12);
    for (const command of commands) assertPrinted(type(command.line), command);
  });
  await t.test("its figures are those of its files", () => {
    assertErrors(folder);
    assertOverSeeds(folder);
  });
  const skip = !existsSync(realFiles) && "the real CMIP6 files are not beside the repository";
  await t.test("on a real model the regression does as badly as the page says", { skip }, () => {
    const [section = ""] = page.blocks("").slice(-1);
    const lines = section.trimEnd().replace("~/CMIP6", realFiles).split("\n");
    assert.equal(lines.length, 3);
    for (const line of lines) type(line);
    assertOnRealModel(folder);
  });
});

/** Types lines into a shell; what was set once is known in all lines that follow. */
function shellOf(folder: string): (line: string) => readonly string[] {
  const settings = [gitIdentity];
  return (line) => {
    const printed = runLine(folder, `${settings.join("; ")}\n${line}`);
    if (/^[A-Z]+=/.test(line)) settings.push(line);
    return printed;
  };
}

/** The folder that the page's first commands make, below a temporary one. */
function tutorialFolder(t: TestContext): string {
  const parent = mkdtempSync(join(tmpdir(), "almanac-training-"));
  t.after(() => rmSync(parent, { recursive: true, force: true }));
  const folder = join(parent, "my-training");
  const [first = ""] = page.blocks("sh");
  runLine(root, first.replaceAll("my-training", folder).trimEnd().replaceAll("\n", " && "));
  return folder;
}

/** The errors of one evaluation, recomputed from its table of predictions. */
function assertErrors(folder: string): void {
  const [table = ""] = globSync("results/runs/evaluate/*/predictions.csv", { cwd: folder });
  const [heading = "", ...rows] = readFileSync(join(folder, table), "utf8").trim().split("\n");
  assert.equal(heading, "model,member,true,ridge,mean,nearest");
  const cells = rows.map((row) => row.split(",").slice(2).map(Number));
  const errors = [1, 2, 3].map((column) =>
    Math.sqrt(cells.reduce((sum, row) => sum + ((row[column] ?? 0) - (row[0] ?? 0)) ** 2, 0) / cells.length),
  );
  const [ridge = 0, mean = 0, nearest = 0] = errors;
  const said = `${ridge.toFixed(2)} K for the regression, ${nearest.toFixed(2)} K for copying the most similar sample, ${mean.toFixed(2)} K for`;
  assert.ok(text.includes(said), said);
}

function assertOnRealModel(folder: string): void {
  const rows = globSync("results/runs/evaluate/*/predictions.csv", { cwd: folder }).flatMap((table) =>
    readFileSync(join(folder, table), "utf8").split("\n"),
  );
  const [real = ""] = rows.filter((row) => row.startsWith("ACCESS-ESM1-5,r1i1p1f1,"));
  const [truth, ridge, mean] = real
    .split(",")
    .slice(2)
    .map((cell) => `${Number(cell).toFixed(2)} K`);
  assert.ok(text.includes(`The transient climate response of ACCESS-ESM1-5 is ${truth}`), truth);
  assert.ok(text.includes(`The regression says ${ridge}`), ridge);
  assert.ok(text.includes(`the mean of the made-up models, ${mean}`), mean);
}

/** What the page says of many seeds, computed with the example's own functions from the samples it left. */
function assertOverSeeds(folder: string): void {
  const [staged = ""] = globSync("results/runs/prepare/*/features.jsonl", { cwd: folder });
  const samples = samplesOf(join(folder, staged));
  assert.equal(samples.length, 48);
  const disjoint = errorsOverSeeds(samples, true).map((error) => error.toFixed(2));
  const leaking = errorsOverSeeds(samples, false).map((error) => error.toFixed(2));
  for (const [ridge, nearest, mean] of [disjoint, leaking])
    assert.ok(text.includes(`${ridge}, ${nearest} and ${mean} K`), `${ridge}, ${nearest} and ${mean} K`);
}

function samplesOf(staged: string): readonly NamedSample[] {
  return readFileSync(staged, "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const { target, values } = JSON.parse(line) as {
        readonly target: { readonly path: string };
        readonly values: { readonly tcr: number };
      };
      const [model = "", member = ""] = target.path.split("_");
      return { model, member, x: predictorsOf(join(dirname(staged), target.path)), y: values.tcr };
    });
}

/** Root mean square errors over a thousand splits: of the regression, of copying the most similar sample, of the mean. */
function errorsOverSeeds(samples: readonly NamedSample[], disjoint: boolean): readonly number[] {
  const named = new Map(samples.map((sample) => [`${sample.model}${sample.member}` as Rid, sample]));
  const items = [...named].map(([rid, { model }]) => ({ rid, ...(disjoint ? { key: model } : {}) }));
  const parts = [
    { name: "train", fraction: 0.75 },
    { name: "test", fraction: 0.25 },
  ];
  const errors = Array.from({ length: 1000 }, (_, seed) => {
    const split = splitMembers(items, { parts, seed });
    assert.ok(split.ok);
    const [train = [], tested = []] = split.value.parts.map(({ members }) =>
      members.flatMap((rid) => named.get(rid) ?? []),
    );
    const model = fitRidge(train, { predictors, penalty: 0.001 });
    const error = (way: (sample: NamedSample) => number): number =>
      rootMeanSquare(tested.map((sample) => way(sample) - sample.y));
    return [
      error(({ x }) => predict(model, x)),
      error(({ x }) => mostSimilar(train, x).y),
      error(() => model.intercept),
    ];
  });
  return [0, 1, 2].map((way) => rootMeanSquare(errors.map((each) => each[way] ?? 0)));
}
