/** The h5wasm library, started. */
export type Hdf5 = typeof import("h5wasm/node");

/** The WebAssembly module below `Hdf5`, with the calls of the HDF5 C library. */
export type Hdf5Module = Awaited<Hdf5["ready"]>;

/**
 * Starts the HDF5 library (about 30 ms the first time, nothing after). Errors of the C library throw from then on; without
 * that a truncated or foreign file would open as an empty one.
 */
export async function loadHdf5(): Promise<Hdf5> {
  const hdf5 = await import("h5wasm/node");
  const module = await hdf5.ready;
  module.activate_throwing_error_handler();
  return hdf5;
}
