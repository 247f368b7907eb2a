import { compareCodeUnits } from "../identity/compare.ts";
import { dependents, type StepGraph } from "./graph.ts";

/**
 * Every product, transitively, that would be made again if this one changed: siblings included, because a step makes
 * all of its products; the product itself not.
 * @returns names in order
 */
export function whatInvalidates(graph: StepGraph, product: string): readonly string[] {
  const producer = graph.producers.get(product);
  if (producer === undefined) return [];
  const { starts, targets } = dependents(graph.needs);
  const seen = new Uint8Array(graph.steps.length);
  // Only the steps that require this very product start; from there on all products of a step count.
  const open = slice(targets, starts, producer).filter((number) =>
    graph.steps[number]?.requires.includes(product),
  );
  for (const number of open) seen[number] = 1;
  const found: string[] = (graph.steps[producer]?.produces ?? []).filter((name) => name !== product);
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    found.push(...(graph.steps[number]?.produces ?? []));
    for (const next of slice(targets, starts, number))
      if (seen[next] === 0) {
        seen[next] = 1;
        open.push(next);
      }
  }
  return found.sort(compareCodeUnits);
}

/** allow-parameters: a packed list of lists and which of them */
function slice(targets: Int32Array, starts: Int32Array, number: number): number[] {
  return Array.from(targets.subarray(starts[number], starts[number + 1]));
}

/** Products that no step requires, inputs left out, in order. */
export function leavesOf({ steps, needs }: StepGraph): readonly string[] {
  const needed = new Uint8Array(steps.length);
  for (const each of needs) for (const need of each) needed[need] = 1;
  const leaves: string[] = [];
  // Of a step with several products some may be required and others not.
  const several: string[] = [];
  for (const [number, { kind, produces }] of steps.entries()) {
    if (kind === "input") continue;
    if (needed[number] === 0) leaves.push(...produces);
    else if (produces.length > 1) several.push(...produces);
  }
  if (several.length > 0) {
    const required = new Set(steps.flatMap(({ requires }) => requires));
    leaves.push(...several.filter((product) => !required.has(product)));
  }
  return leaves.sort(compareCodeUnits);
}
