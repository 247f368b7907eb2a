// Slow flow in a box with free-slip walls, driven by temperature: the stream function of the Stokes equations.

/** A square grid of (cells + 1)² nodes on the unit square; row by row from the bottom. */
export interface Mesh {
  readonly cells: number;
  /** sin(π i k / cells): interior nodes in terms of sine waves, and back. */
  readonly sines: Float64Array;
  /** 1 / eigenvalues of the discrete Laplace operator. */
  readonly inverse: Float64Array;
}

/** Makes the grid. Poisson's equation is solved exactly in sine waves, which are zero on every wall. */
export function buildMesh(cells: number): Mesh {
  const inner = cells - 1;
  const sines = new Float64Array(inner * inner);
  const inverse = new Float64Array(inner * inner);
  const eigenvalue = (wave: number) => (2 * Math.cos((Math.PI * wave) / cells) - 2) * cells * cells;
  for (let k = 0; k < inner; k++)
    for (let i = 0; i < inner; i++) {
      sines[k * inner + i] = Math.sin((Math.PI * (k + 1) * (i + 1)) / cells);
      inverse[k * inner + i] = 1 / (eigenvalue(k + 1) + eigenvalue(i + 1));
    }
  return { cells, sines, inverse };
}

/** Both directions of a field of interior nodes turned into sine waves (or back: the same but for a factor). */
function transform(field: Float64Array, sines: Float64Array, inner: number): Float64Array {
  const half = multiply(sines, field, inner);
  return multiply(half, sines, inner);
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let row = 0; row < size; row++)
    for (let k = 0; k < size; k++) {
      const factor = a[row * size + k] ?? 0;
      for (let column = 0; column < size; column++)
        product[row * size + column] =
          (product[row * size + column] ?? 0) + factor * (b[k * size + column] ?? 0);
    }
  return product;
}

/** Solves ∇²x = right side with x = 0 on the walls; interior nodes. */
function solvePoisson({ cells, sines, inverse }: Mesh, right: Float64Array): Float64Array {
  const inner = cells - 1;
  const waves = transform(right, sines, inner);
  for (let at = 0; at < waves.length; at++) waves[at] = (waves[at] ?? 0) * (inverse[at] ?? 0);
  const field = transform(waves, sines, inner);
  const scale = 4 / (cells * cells);
  return field.map((value) => value * scale);
}

/** Velocities on all nodes. */
export interface Flow {
  readonly right: Float64Array;
  readonly up: Float64Array;
}

/**
 * The flow that a temperature field drives: ∇²ω = Ra ∂T/∂x, ∇²ψ = ω, u = ∂ψ/∂z, w = −∂ψ/∂x, with ψ = ω = 0 on free-slip walls.
 * Blankenbach et al. (1989), Geophysical Journal International 98, 23–38.
 */
export function flowOf(mesh: Mesh, temperature: Float64Array, rayleigh: number): Flow {
  const { cells } = mesh;
  const nodes = cells + 1;
  const inner = cells - 1;
  const buoyancy = new Float64Array(inner * inner);
  for (let row = 1; row < cells; row++)
    for (let column = 1; column < cells; column++) {
      const at = row * nodes + column;
      buoyancy[(row - 1) * inner + column - 1] =
        (rayleigh * ((temperature[at + 1] ?? 0) - (temperature[at - 1] ?? 0)) * cells) / 2;
    }
  const stream = solvePoisson(mesh, solvePoisson(mesh, buoyancy));
  const psi = (row: number, column: number) =>
    row < 1 || column < 1 || row >= cells || column >= cells
      ? 0
      : (stream[(row - 1) * inner + column - 1] ?? 0);
  // ψ is odd across a free-slip wall: what lies one node beyond is the mirror image with the other sign.
  const beyond = (row: number, column: number): number => {
    if (row < 0) return -psi(-row, column);
    if (row > cells) return -psi(2 * cells - row, column);
    if (column < 0) return -psi(row, -column);
    return column > cells ? -psi(row, 2 * cells - column) : psi(row, column);
  };
  const right = new Float64Array(nodes * nodes);
  const up = new Float64Array(nodes * nodes);
  for (let row = 0; row < nodes; row++)
    for (let column = 0; column < nodes; column++) {
      right[row * nodes + column] = ((beyond(row + 1, column) - beyond(row - 1, column)) * cells) / 2;
      up[row * nodes + column] = (-(beyond(row, column + 1) - beyond(row, column - 1)) * cells) / 2;
    }
  return { right, up };
}
