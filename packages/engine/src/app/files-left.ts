import { inputsFolder } from "../core/execution/run-fragment.ts";
import type { Computation, Computed } from "./worker-ports.ts";

/** Files that a computation left without having registered them, in path order; inputs and bundles are none of them. */
export function filesLeft(
  { folder, collected, definition }: Computation,
  bundles: Computed["bundles"],
): readonly string[] {
  const known = new Set<string>([...collected.manifest.artifacts.keys(), ...Object.values(bundles)]);
  const { origin, datasets } = definition;
  const hasInputs = origin !== undefined || datasets.some(({ authored }) => authored !== undefined);
  const isInput = (path: string): boolean => hasInputs && path.startsWith(`${inputsFolder}/`);
  return folder.left().filter((path) => !known.has(path) && !isInput(path));
}
