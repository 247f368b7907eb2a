import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { openProducts, pipeline } from "../../src/entry/library/steps.ts";

/** A store of its own for one test. */
export function storeOf(t: TestContext): () => ReturnType<typeof openProducts> {
  const folder = mkdtempSync(join(tmpdir(), "almanac-runner-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return () => openProducts(folder);
}

/** Which steps were called. */
export interface Calls {
  /** Names of the steps called since the last look. */
  taken(): readonly string[];
  add(name: string): void;
}

/** Counts calls from now on. */
export function callsOf(): Calls {
  const calls: string[] = [];
  return { taken: () => calls.splice(0), add: (name) => void calls.push(name) };
}

const defaults = { size: 3, rayleigh: 1e4, plot: { colour: "red", dpi: 100 } };

/** Mesh, evolution with two products, figure, live solver and what comes of it. */
export function convection(calls: Calls) {
  return pipeline("convection", { config: defaults })
    .step("mesh", {
      produces: "mesh",
      version: "1",
      run: ({ config }) => {
        calls.add("mesh");
        return Array.from({ length: config.size }, (_, at) => at);
      },
    })
    .step("evolve", {
      produces: ["temperature", "log"],
      requires: ["mesh"],
      version: "1",
      run: async ({ config, mesh }) => {
        calls.add("evolve");
        return {
          temperature: Float64Array.from(mesh, (x) => x * config.rayleigh),
          log: { steps: mesh.length },
        };
      },
    })
    .step("figure", {
      produces: "figure",
      requires: ["temperature"],
      version: "1",
      run: ({ config, temperature }) => {
        calls.add("figure");
        return `${config.plot.colour} ${temperature.join(",")}`;
      },
    })
    .step("solver", {
      produces: "solver",
      requires: ["mesh"],
      version: "1",
      run: ({ mesh }) => {
        calls.add("solver");
        return { solve: () => mesh.length };
      },
    })
    .step("solution", {
      produces: "solution",
      requires: ["solver"],
      version: "1",
      run: ({ solver }) => {
        calls.add("solution");
        return solver.solve();
      },
    });
}
