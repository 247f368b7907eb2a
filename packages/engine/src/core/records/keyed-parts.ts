/** Members that stay together: how many of them belong to each stratum. */
export interface KeyUnit {
  /** Stratum → members, only those above 0. */
  readonly strata: ReadonlyMap<number, number>;
  readonly size: number;
}

/** What is to be filled with whole units. */
export interface KeyedRequest {
  /** Members that each part should get; the last may be what is left out. */
  readonly wanted: readonly number[];
  /** Members of each stratum. */
  readonly strata: readonly number[];
  /** Parts, the first of all, that must get a unit. */
  readonly filled: number;
}

/** Rounds of improving; far more than there ever are for what is divided in practice. */
const mostRounds = 50;
/** Units up to which exchanging two is tried: it costs their square. */
const mostExchanged = 400;
/** Gains below are round-off. */
const worthwhile = 1e-9;

/**
 * Divides units among parts so that sizes, of all and of each stratum, come near to what is wanted: the largest unit first,
 * each to the part that lacks it most; then single units move, and pairs change places, as long as that brings it nearer.
 * Nearness is the sum of squared deviations, each divided by the members of its stratum.
 * @param units in the order in which equal ones are taken
 * @returns the part of every unit
 */
export function keyedParts(units: readonly KeyUnit[], request: KeyedRequest): readonly number[] {
  const state = new Deviations(units, request);
  const order = [...units.keys()].toSorted((a, b) => (units[b]?.size ?? 0) - (units[a]?.size ?? 0));
  for (const [at, unit] of order.entries()) {
    const empty = state.emptyParts();
    const choice = empty.length >= units.length - at ? empty : request.wanted.map((_, part) => part);
    state.put(
      unit,
      lowest(choice, (part) => state.costOf(unit, part)),
    );
  }
  for (let round = 0; round < mostRounds && improve(order, state); round += 1);
  return state.parts;
}

function lowest(parts: readonly number[], cost: (part: number) => number): number {
  const costs = parts.map(cost);
  return parts[costs.indexOf(Math.min(...costs))] ?? 0;
}

/** @returns true if something has changed */
function improve(order: readonly number[], state: Deviations): boolean {
  let changed = false;
  for (const unit of order) changed = state.move(unit) || changed;
  if (order.length > mostExchanged) return changed;
  for (const [at, unit] of order.entries())
    for (const other of order.slice(at + 1)) changed = state.exchange(unit, other) || changed;
  return changed;
}

/** How far parts are from what is wanted, as units come and go. */
class Deviations {
  readonly parts: number[];
  readonly #units: readonly KeyUnit[];
  readonly #filled: number;
  readonly #strata: readonly number[];
  readonly #total: number;
  /** Part → members it lacks; and of each stratum. */
  readonly #lacking: number[];
  readonly #lackingOf: Float64Array[];
  readonly #held: number[];

  constructor(units: readonly KeyUnit[], { wanted, strata, filled }: KeyedRequest) {
    this.#units = units;
    this.#filled = filled;
    this.#strata = strata;
    this.#total = strata.reduce((sum, count) => sum + count, 0);
    this.#lacking = [...wanted];
    this.#lackingOf = wanted.map((count) =>
      Float64Array.from(strata, (members) => (members * count) / this.#total),
    );
    this.#held = wanted.map(() => 0);
    this.parts = units.map(() => -1);
  }

  /** Parts that must get a unit and have none. */
  emptyParts(): readonly number[] {
    return [...this.#held.keys()].filter((part) => part < this.#filled && this.#held[part] === 0);
  }

  put(unit: number, part: number): void {
    this.parts[unit] = part;
    this.#change(unit, { part, by: 1 });
  }

  /** What the sum of deviations changes by when a unit comes to a part, or leaves it. */
  costOf(unit: number, part: number, by: 1 | -1 = 1): number {
    const { size, strata } = this.#unit(unit);
    let cost = change((this.#lacking[part] ?? 0) * by, size) / this.#total;
    for (const [stratum, members] of strata)
      cost += change((this.#lackingOf[part]?.[stratum] ?? 0) * by, members) / (this.#strata[stratum] ?? 1);
    return cost;
  }

  /** Moves a unit where it brings things nearer, if there is such a part. */
  move(unit: number): boolean {
    const from = this.parts[unit] ?? 0;
    if (from < this.#filled && this.#held[from] === 1) return false;
    const leaving = this.costOf(unit, from, -1);
    const others = [...this.#lacking.keys()].filter((part) => part !== from);
    if (others.length === 0) return false;
    const to = lowest(others, (part) => this.costOf(unit, part));
    if (leaving + this.costOf(unit, to) > -worthwhile) return false;
    this.#take(unit);
    this.put(unit, to);
    return true;
  }

  /** Lets two units change places if that brings things nearer. */
  exchange(unit: number, other: number): boolean {
    const [from, to] = [this.parts[unit] ?? 0, this.parts[other] ?? 0];
    if (from === to) return false;
    let cost = this.costOf(unit, from, -1);
    this.#take(unit);
    cost += this.costOf(other, to, -1);
    this.#take(other);
    cost += this.costOf(unit, to);
    this.put(unit, to);
    cost += this.costOf(other, from);
    this.put(other, from);
    if (cost <= -worthwhile) return true;
    this.#take(unit);
    this.#take(other);
    this.put(unit, from);
    this.put(other, to);
    return false;
  }

  #take(unit: number): void {
    this.#change(unit, { part: this.parts[unit] ?? 0, by: -1 });
  }

  #change(unit: number, { part, by }: { readonly part: number; readonly by: 1 | -1 }): void {
    const { size, strata } = this.#unit(unit);
    this.#lacking[part] = (this.#lacking[part] ?? 0) - by * size;
    this.#held[part] = (this.#held[part] ?? 0) + by;
    const lackingOf = this.#lackingOf[part];
    for (const [stratum, members] of strata)
      if (lackingOf !== undefined) lackingOf[stratum] = (lackingOf[stratum] ?? 0) - by * members;
  }

  #unit(unit: number): KeyUnit {
    return this.#units[unit] ?? { strata: new Map(), size: 0 };
  }
}

/** (lacking − members)² − lacking² */
function change(lacking: number, members: number): number {
  return members * (members - 2 * lacking);
}
