import { type Flow, flowOf, type Mesh } from "./stokes.ts";

/** A state of the box: time in diffusion times, temperature on the nodes, and the series so far. */
export interface State {
  readonly step: number;
  readonly time: number;
  readonly temperature: Float64Array;
  readonly series: readonly Moment[];
}

/** Heat flow through the top (1 for rest) and mean speed at a time. */
export interface Moment {
  readonly time: number;
  readonly nusselt: number;
  readonly speed: number;
}

/** Rest, hot below and cold above, with one gentle wave that decides which way the flow turns. */
export function initialTemperature({ cells }: Mesh, amplitude: number): Float64Array {
  const nodes = cells + 1;
  return Float64Array.from({ length: nodes * nodes }, (_, at) => {
    const [x, z] = [(at % nodes) / cells, Math.floor(at / nodes) / cells];
    return 1 - z + amplitude * Math.cos(Math.PI * x) * Math.sin(Math.PI * z);
  });
}

/** One explicit step of ∂T/∂t + u·∇T = ∇²T; T = 1 at the bottom, 0 at the top, no heat through the sides. */
function advance(
  { cells }: Mesh,
  temperature: Float64Array,
  { flow, dt }: { flow: Flow; dt: number },
): Float64Array {
  const nodes = cells + 1;
  const next = temperature.slice();
  const value = (row: number, column: number) =>
    temperature[row * nodes + (column < 0 ? 1 : column > cells ? cells - 1 : column)] ?? 0;
  for (let row = 1; row < cells; row++)
    for (let column = 0; column <= cells; column++) {
      const at = row * nodes + column;
      const here = temperature[at] ?? 0;
      const [left, right] = [value(row, column - 1), value(row, column + 1)];
      const [below, above] = [value(row - 1, column), value(row + 1, column)];
      const spread = (left + right + below + above - 4 * here) * cells * cells;
      const carried =
        (((flow.right[at] ?? 0) * (right - left) + (flow.up[at] ?? 0) * (above - below)) * cells) / 2;
      next[at] = here + dt * (spread - carried);
    }
  return next;
}

/** Mean temperature gradient at the top, to second order. */
function nusselt({ cells }: Mesh, temperature: Float64Array): number {
  const nodes = cells + 1;
  let sum = 0;
  for (let column = 0; column <= cells; column++) {
    const at = (row: number) => temperature[row * nodes + column] ?? 0;
    const gradient = ((3 * at(cells) - 4 * at(cells - 1) + at(cells - 2)) * cells) / 2;
    sum += (column === 0 || column === cells ? 0.5 : 1) * -gradient;
  }
  return sum / cells;
}

function speedOf({ right, up }: Flow): number {
  const squares = right.reduce((sum, u, at) => sum + u * u + (up[at] ?? 0) ** 2, 0);
  return Math.sqrt(squares / right.length);
}

/** Lets time go on by some steps, each as long as heat and flow allow. */
export function evolve(
  mesh: Mesh,
  state: State,
  { rayleigh, steps }: { rayleigh: number; steps: number },
): State {
  let { step, time, temperature } = state;
  const series = [...state.series];
  for (const end = step + steps; step < end; step++) {
    const flow = flowOf(mesh, temperature, rayleigh);
    const fastest = flow.right.reduce(
      (most, u, at) => Math.max(most, Math.abs(u), Math.abs(flow.up[at] ?? 0)),
      1,
    );
    const dt = Math.min(0.2 / mesh.cells ** 2, 0.5 / mesh.cells / fastest, 1.5 / fastest ** 2);
    temperature = advance(mesh, temperature, { flow, dt });
    time += dt;
    if (step % 20 === 0) series.push({ time, nusselt: nusselt(mesh, temperature), speed: speedOf(flow) });
  }
  return { step, time, temperature, series };
}
