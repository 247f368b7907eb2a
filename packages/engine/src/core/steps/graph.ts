import { AlmanacError } from "../errors.ts";
import { nearestNames } from "../identity/nearest-names.ts";
import { findCycle } from "./cycle.ts";
import type { Step } from "./step.ts";

/** The steps of a pipeline by number, with who needs whom. */
export interface StepGraph {
  readonly name: string;
  readonly steps: readonly Step[];
  /** Number of the step that produces a product. */
  readonly producers: ReadonlyMap<string, number>;
  /** For each step the numbers of the steps it needs, each once. */
  readonly needs: readonly (readonly number[])[];
  /** Every step's number, after those it needs. */
  readonly order: Int32Array;
}

/**
 * Joins steps to a graph. Their order does not matter.
 * @throws PIPELINE_INVALID when two steps have one name or one product, a requirement has no producer, or steps need
 * each other in a circle
 */
export function buildGraph(name: string, steps: readonly Step[]): StepGraph {
  const producers = producersOf(steps);
  const needs = steps.map((step) => needsOf(step, producers));
  const order = orderOf(needs);
  if (order === undefined) throw circular(steps, needs);
  return { name, steps, producers, needs, order };
}

function producersOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const producers = new Map<string, number>();
  const ids = new Set<string>();
  for (const [number, { id, produces }] of steps.entries()) {
    if (ids.has(id))
      throw new AlmanacError("PIPELINE_INVALID", `two steps have the name "${id}"`, {
        hint: "rename one of them",
      });
    ids.add(id);
    for (const product of produces) {
      const other = producers.get(product);
      if (other !== undefined) throw twoProducers(product, [steps[other]?.id ?? "", id]);
      producers.set(product, number);
    }
  }
  return producers;
}

/** The error of a product with two producers. */
export function twoProducers(product: string, ids: readonly [string, string]): AlmanacError {
  return new AlmanacError("PIPELINE_INVALID", `two steps produce "${product}": ${ids[0]} and ${ids[1]}`, {
    hint: "give one of the products another name",
    facts: { product, steps: ids },
  });
}

/** The error of a requirement that nothing produces. */
// allow-parameters: whose requirement, what it is, and what there is
export function unknownRequirement(id: string, product: string, available: Iterable<string>): AlmanacError {
  const near = nearestNames(product, available);
  return new AlmanacError("PIPELINE_INVALID", `step "${id}" requires "${product}", which no step produces`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(" or ")}?`
        : `add a step that produces it, or .input("${product}") if it is saved from outside`,
    facts: { step: id, product },
  });
}

function needsOf(
  { id, requires, produces }: Step,
  producers: ReadonlyMap<string, number>,
): readonly number[] {
  const needs = requires.map((product) => {
    if (produces.includes(product))
      throw new AlmanacError(
        "PIPELINE_INVALID",
        `step "${id}" requires "${product}", which it produces itself`,
        {
          hint: "a step cannot need its own product; keep states of a running step in checkpoints",
        },
      );
    const producer = producers.get(product);
    if (producer === undefined) throw unknownRequirement(id, product, producers.keys());
    return producer;
  });
  return needs.some((need, at) => needs.indexOf(need) < at) ? [...new Set(needs)] : needs;
}

/** Kahn's order, ties by number; undefined when there is a circle. */
function orderOf(needs: readonly (readonly number[])[]): Int32Array | undefined {
  const forward = needs.every((each, number) => each.every((need) => need < number));
  if (forward) return Int32Array.from(needs.keys());
  const { starts, targets } = dependents(needs);
  const waiting = Int32Array.from(needs, (each) => each.length);
  const order = new Int32Array(needs.length);
  let filled = 0;
  for (const [number, count] of waiting.entries()) if (count === 0) order[filled++] = number;
  for (let done = 0; done < filled; done++) {
    const number = order[done] ?? 0;
    for (let at = starts[number] ?? 0; at < (starts[number + 1] ?? 0); at++) {
      const next = targets[at] ?? 0;
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) order[filled++] = next;
    }
  }
  return filled === needs.length ? order : undefined;
}

/** The reverse of `needs`, packed: the dependents of step n are `targets[starts[n]]` up to `targets[starts[n + 1]]`. */
export function dependents(needs: readonly (readonly number[])[]): {
  readonly starts: Int32Array;
  readonly targets: Int32Array;
} {
  const starts = new Int32Array(needs.length + 1);
  for (const each of needs) for (const need of each) starts[need + 1] = (starts[need + 1] ?? 0) + 1;
  for (let number = 0; number < needs.length; number++)
    starts[number + 1] = (starts[number + 1] ?? 0) + (starts[number] ?? 0);
  const filled = starts.slice();
  const targets = new Int32Array(starts[needs.length] ?? 0);
  for (const [number, each] of needs.entries())
    for (const need of each) {
      const at = filled[need] ?? 0;
      targets[at] = number;
      filled[need] = at + 1;
    }
  return { starts, targets };
}

function circular(steps: readonly Step[], needs: readonly (readonly number[])[]): AlmanacError {
  const path = findCycle(needs).map((number) => steps[number]?.id ?? "");
  return new AlmanacError("PIPELINE_INVALID", `steps require each other in a circle: ${path.join(" → ")}`, {
    hint: "take one of these requirements away",
    facts: { cycle: path },
  });
}

/** Numbers of the steps that some steps need, they included, each after those it needs. */
export function coneOf({ needs, order }: StepGraph, targets: readonly number[]): readonly number[] {
  const inside = new Uint8Array(needs.length);
  const open = [...targets];
  for (const target of targets) inside[target] = 1;
  for (let number = open.pop(); number !== undefined; number = open.pop())
    for (const need of needs[number] ?? [])
      if (inside[need] === 0) {
        inside[need] = 1;
        open.push(need);
      }
  const cone: number[] = [];
  for (const number of order) if (inside[number] === 1) cone.push(number);
  return cone;
}
