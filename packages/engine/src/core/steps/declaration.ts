import type { Names, StepContext, StepOptions } from "./step.ts";

/** What a step's function is called with: the configuration and exactly what it requires. */
export type StepArguments<C, P, R extends readonly (keyof P & string)[]> = {
  readonly [name in R[number]]: P[name];
} & { readonly config: C };

/** Products by name, from what a step declares and returns. */
export type Produced<N extends Names, O> = N extends string
  ? Record<N, Awaited<O>>
  : N extends readonly [infer Only extends string]
    ? Record<Only, Awaited<O>>
    : { [name in N[number]]: Member<Awaited<O>, name> };

type Member<O, K extends string> = O extends readonly (infer E)[] ? E : K extends keyof O ? O[K] : unknown;

/** A step as its user writes it. */
export interface StepDeclaration<C, P, N extends Names, R extends Names, O> extends StepOptions<C> {
  /** What it makes. One name: the function returns the product; several: an object by name, or a list in this order. */
  readonly produces?: N;
  /** Products it needs, by name. */
  readonly requires?: R;
  readonly run: (
    inputs: StepArguments<C, P, R extends readonly (keyof P & string)[] ? R : readonly []>,
    context: StepContext,
  ) => O;
}

/** A map step as its user writes it: one call for each item of `over`. */
export interface MapDeclaration<
  C,
  P,
  N extends string,
  V extends keyof P & string,
  R extends readonly (keyof P & string)[],
  O,
> extends Omit<StepOptions<C>, "checkpoints" | "freshness"> {
  /** The list of results, in the order of the items. */
  readonly produces: N;
  /** The product whose items it goes over. */
  readonly over: V;
  /** Further products it needs, for every item. */
  readonly requires?: R;
  readonly item: (
    inputs: StepArguments<C, P, R> & { readonly item: ItemOf<P[V]> },
    context: StepContext,
  ) => O;
  /** Names an item for people. */
  readonly itemName?: (item: ItemOf<P[V]>) => string;
}

type ItemOf<L> = L extends readonly (infer E)[] ? E : unknown;
