import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { evolve, initialTemperature, Moment } from "../../../../docs/examples/convection/heat.ts";
import type { buildMesh } from "../../../../docs/examples/convection/stokes.ts";
import type { ProductStore } from "../../src/entry/library/steps.ts";
import { openProducts, WorkflowRunner } from "../../src/entry/library/steps.ts";
import { registerSelfResolve } from "../../src/entry/self-resolve.ts";
import { CommandLineProject } from "../support/command-line.ts";

const example = resolve(import.meta.dirname, "../../../../docs/examples/convection");
registerSelfResolve();
const moduleOf = async <T>(name: string): Promise<T> =>
  (await import(pathToFileURL(join(example, name)).href)) as T;
const { default: convection } = await moduleOf<{ default: ConstructorParameters<typeof WorkflowRunner>[0] }>(
  "pipeline.ts",
);

/** Twice the square of the wave number of one roll in the box. */
const waves = 2 * Math.PI ** 2;
/** Where rest gives way to flow in a square box with free-slip walls. Chandrasekhar (1961), Hydrodynamic and Hydromagnetic Stability, §15. */
const onset = waves ** 3 / Math.PI ** 2;

/** The series of a box of so many cells. */
async function seriesOf(
  cells: number,
  { rayleigh, steps, amplitude = 0.1 }: { rayleigh: number; steps: number; amplitude?: number },
): Promise<readonly Moment[]> {
  const heat = await moduleOf<{ evolve: typeof evolve; initialTemperature: typeof initialTemperature }>(
    "heat.ts",
  );
  const mesh = (await moduleOf<{ buildMesh: typeof buildMesh }>("stokes.ts")).buildMesh(cells);
  const begin = { step: 0, time: 0, temperature: heat.initialTemperature(mesh, amplitude), series: [] };
  return heat.evolve(mesh, begin, { rayleigh, steps }).series;
}

function last(series: readonly Moment[]): Moment {
  return series.at(-1) ?? { time: 0, nusselt: 0, speed: 0 };
}

/** What two grids tell of an infinitely fine one, if errors fall with the square of the spacing. */
function refined(coarse: number, fine: number, ratio: number): number {
  return fine + (fine - coarse) / (ratio ** 2 - 1);
}

test("heat flow and speed are those of the benchmark, and errors fall with the square of the spacing", async () => {
  // Blankenbach et al. (1989), case 1a.
  const [nusselt, speed] = [4.884409, 42.864947];
  const coarse = last(await seriesOf(16, { rayleigh: 1e4, steps: 1200 }));
  const fine = last(await seriesOf(32, { rayleigh: 1e4, steps: 2200 }));
  assert.ok(Math.abs(coarse.nusselt / nusselt - 1) < 0.01, String(coarse.nusselt));
  assert.ok(Math.abs(fine.nusselt / nusselt - 1) < 0.0025, String(fine.nusselt));
  assert.ok(Math.abs(refined(coarse.nusselt, fine.nusselt, 2) / nusselt - 1) < 0.0003);
  assert.ok(Math.abs(refined(coarse.speed, fine.speed, 2) / speed - 1) < 0.0003);
});

test("flow sets in at the Rayleigh number that theory says, and grows as fast", async () => {
  const rate = async (cells: number, rayleigh: number): Promise<number> => {
    const [, begin, ...more] = await seriesOf(cells, { rayleigh, steps: 400, amplitude: 1e-4 });
    const end = last(more);
    return Math.log(end.speed / (begin?.speed ?? 0)) / (end.time - (begin?.time ?? 0));
  };
  const measured = async (cells: number): Promise<number> => {
    const [below, above] = [await rate(cells, 700), await rate(cells, 860)];
    assert.ok(below < 0 && above > 0);
    assert.ok(Math.abs(below - waves * (700 / onset - 1)) < 0.1, String(below));
    return 700 + (160 * -below) / (above - below);
  };
  const [coarse, fine] = [await measured(12), await measured(18)];
  assert.ok(Math.abs(refined(coarse, fine, 1.5) / onset - 1) < 0.0005, `${coarse} ${fine} ${onset}`);
});

test("heat is conducted below the onset; a little above, flow carries what weakly nonlinear theory says", async () => {
  const end = async (rayleigh: number) => last(await seriesOf(12, { rayleigh, steps: 2500 })).nusselt;
  assert.ok(Math.abs((await end(650)) - 1) < 1e-4);
  // Malkus and Veronis (1958), Journal of Fluid Mechanics 4, 225–260: 2 (1 − onset / Ra) to first order.
  const carried = (await end(860)) - 1;
  assert.ok(Math.abs(carried - 2 * (1 - onset / 860)) < 0.02, String(carried));
});

/** Builds all with some configuration. @returns steps that ran, checkpoints saved, bytes of the temperature */
async function build(
  config: object,
  products?: ProductStore,
): Promise<{ ran: readonly string[]; checkpoints: number; temperature: Buffer }> {
  await using runner = new WorkflowRunner(
    convection,
    { cells: 12, steps: 500, ...config } as never,
    products,
  );
  let checkpoints = 0;
  runner.observe(({ kind }) => {
    if (kind === "checkpoint") checkpoints++;
  });
  const { ran } = await runner.buildProducts(runner.leaves());
  const temperature = (await runner.get("temperature")) as Float64Array;
  return { ran: ran.toSorted(), checkpoints, temperature: Buffer.from(temperature.buffer) };
}

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), "almanac-convection-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, "products");
}

const all = [
  "build_mesh",
  "evolve",
  "initial_state",
  "nusselt_number",
  "plot_nusselt",
  "plot_temperature",
] as const;
const afterEvolution = ["evolve", "nusselt_number", "plot_nusselt", "plot_temperature"];

test("each change of the configuration runs the steps that it concerns, and going back none", async (t) => {
  const folder = folderOf(t);
  const ran = async (config: object) => (await build(config, openProducts(folder))).ran;
  assert.deepEqual(await ran({}), all);
  assert.deepEqual(await ran({ figure: { palette: "grey" } }), ["plot_temperature"]);
  assert.deepEqual(await ran({ rayleigh: 2e4 }), afterEvolution);
  assert.deepEqual(await ran({ perturbation: 0.05 }), [...afterEvolution, "initial_state"].toSorted());
  assert.deepEqual(await ran({ cells: 10 }), all);
  assert.deepEqual(await ran({}), []);
});

test("a larger budget goes on from the checkpoint, a smaller one does not; each is as if made at once", async (t) => {
  const folder = folderOf(t);
  const grown = async (steps: number) => build({ steps }, openProducts(folder));
  assert.equal((await build({ steps: 1000 })).checkpoints, 4);
  await grown(500);
  const more = await grown(1000);
  assert.deepEqual([more.ran, more.checkpoints], [afterEvolution, 2]);
  assert.deepEqual(more.temperature, (await build({ steps: 1000 })).temperature);
  const less = await grown(300);
  assert.deepEqual([less.ran, less.checkpoints], [afterEvolution, 2]);
  assert.deepEqual(less.temperature, (await build({ steps: 300 })).temperature);
  assert.notDeepEqual(less.temperature, more.temperature);
});

test("each change of the code runs the steps that reach it, and what comes out the same nothing after them", (t) => {
  const project = new CommandLineProject(t);
  for (const name of readdirSync(example).filter((each) => each.endsWith(".ts")))
    project.write(name, readFileSync(join(example, name), "utf8"));
  const change = (name: string, from: string, to: string): void => {
    const text = readFileSync(project.path(name), "utf8");
    assert.ok(text.includes(from), `${name} has no "${from}"`);
    project.write(name, text.replace(from, to));
  };
  const ran = (): unknown =>
    (project.json("build", "--set", "cells=8", "--set", "steps=100")["ran"] as string[]).toSorted();
  assert.deepEqual(ran(), all);
  change("heat.ts", "/** One explicit", "export const unrelated = () => 1;\n\n/** A note. One explicit");
  assert.deepEqual(ran(), [], "a comment and a function that nothing reaches");
  change("figure.ts", "* 2;", "* 1.9;");
  assert.deepEqual(ran(), ["plot_temperature"], "a helper of the picture, two calls away");
  change("heat.ts", "0.5 : 1);", "0.5 : 1 * 1);");
  assert.deepEqual(ran(), ["evolve"], "other code, same values");
  change("heat.ts", "0.5 : 1 * 1);", "0.25 : 1);");
  assert.deepEqual(
    ran(),
    ["evolve", "nusselt_number", "plot_nusselt"],
    "the log differs, the field does not",
  );
});
