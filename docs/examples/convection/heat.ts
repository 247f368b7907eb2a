import { type Flow, flowOf, type Mesh } from "./stokes.ts";

/** A state of the box: time in diffusion times, temperature on the nodes, and the series so far. */
export interface State {
  readonly step: number;
  readonly time: number;
  readonly temperature: Float64Array;
  readonly series: readonly Moment[];
}

/** Heat flow (1 for rest) and root mean square speed at a time. */
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

/** Mean over the box, by the trapezoid rule. @param value of a node */
function boxMean({ cells }: Mesh, value: (at: number) => number): number {
  const nodes = cells + 1;
  const weight = (place: number) => (place === 0 || place === cells ? 0.5 : 1);
  let sum = 0;
  for (let at = 0; at < nodes * nodes; at++)
    sum += weight(at % nodes) * weight(Math.floor(at / nodes)) * value(at);
  return sum / cells ** 2;
}

/** Heat flow upwards, mean of all levels, in units of what conduction alone carries. When nothing changes any more, each level has it. */
function nusselt(mesh: Mesh, temperature: Float64Array, { up }: Flow): number {
  return 1 + boxMean(mesh, (at) => (up[at] ?? 0) * (temperature[at] ?? 0));
}

function speedOf(mesh: Mesh, { right, up }: Flow): number {
  return Math.sqrt(boxMean(mesh, (at) => (right[at] ?? 0) ** 2 + (up[at] ?? 0) ** 2));
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
    if (step % 20 === 0)
      series.push({ time, nusselt: nusselt(mesh, temperature, flow), speed: speedOf(mesh, flow) });
    temperature = advance(mesh, temperature, { flow, dt });
    time += dt;
  }
  return { step, time, temperature, series };
}
