import { pipeline } from "almanac/steps";
import { nusseltFigure, temperatureFigure } from "./figure.ts";
import { evolve, initialTemperature, type State } from "./heat.ts";
import { buildMesh } from "./stokes.ts";

/** Time steps between two checkpoints. */
const stride = 250;

/** Thermal convection in a box. */
export default pipeline("convection", {
  config: { cells: 24, rayleigh: 1e4, perturbation: 0.1, steps: 1500, figure: { palette: "fire" } },
})
  .step("build_mesh", { produces: "mesh", run: ({ config }) => buildMesh(config.cells) })
  .step("initial_state", {
    produces: "temperature_initial",
    requires: ["mesh"],
    run: ({ config, mesh }) => initialTemperature(mesh, config.perturbation),
  })
  .step("evolve", {
    produces: ["temperature", "evolution_log"],
    requires: ["mesh", "temperature_initial"],
    // A larger number of steps goes on from where a smaller one ended.
    checkpoints: { across: ["steps"] },
    run: async ({ config, mesh, temperature_initial }, { checkpoint, progress }) => {
      const { rayleigh } = config;
      const begin: State = { step: 0, time: 0, temperature: temperature_initial, series: [] };
      const saved = (await checkpoint.load()) as State | undefined;
      // What a larger number of steps left behind lies beyond the end of this run.
      let state = saved !== undefined && saved.step <= config.steps ? saved : begin;
      while (state.step < config.steps) {
        state = evolve(mesh, state, { rayleigh, steps: Math.min(stride, config.steps - state.step) });
        await checkpoint.save(state);
        progress({ fraction: state.step / config.steps, text: `time ${state.time.toFixed(4)}` });
      }
      return { temperature: state.temperature, evolution_log: state.series };
    },
  })
  .step("nusselt_number", {
    produces: "nusselt",
    requires: ["evolution_log"],
    run: ({ evolution_log }) => evolution_log.at(-1)?.nusselt.toFixed(3) ?? "",
  })
  .step("plot_nusselt", {
    produces: "nusselt_figure",
    requires: ["evolution_log"],
    run: ({ config, evolution_log }) => nusseltFigure(evolution_log, config.rayleigh),
  })
  .step("plot_temperature", {
    produces: "temperature_figure",
    requires: ["temperature"],
    run: ({ config, temperature }) => temperatureFigure(temperature, config.figure.palette),
  });
