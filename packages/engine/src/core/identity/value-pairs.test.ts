import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect, isDeepStrictEqual } from "node:util";
import { digestOfValue } from "./value-encoding.ts";

/** The same numbers in every run, fast: xorshift. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

type Random = (below: number) => number;

const scalars: readonly unknown[] = [
  0,
  -0,
  1,
  Number.NaN,
  "",
  "0",
  "1",
  0n,
  1n,
  true,
  false,
  null,
  undefined,
  "a",
];

function scalar(random: Random): unknown {
  return scalars[random(scalars.length)];
}

const names = ["a", "b", "c", "0", "__proto__"];

/** A value whose objects may be met again inside it when `shared` is given. */
function randomValue(random: Random, depth: number, shared?: object[]): unknown {
  if (depth === 0 || random(3) === 0) return scalar(random);
  if (shared !== undefined && shared.length > 0 && random(4) === 0) return shared[random(shared.length)];
  const make = makers[random(makers.length)] ?? leaf;
  const keep = <T extends object>(made: T): T => {
    shared?.push(made);
    return made;
  };
  const inner = (): unknown => randomValue(random, depth - 1, shared);
  return make({ random, size: random(4), inner, keep, sharing: shared !== undefined });
}

interface Making {
  readonly random: Random;
  readonly size: number;
  readonly inner: () => unknown;
  readonly keep: <T extends object>(made: T) => T;
  readonly sharing: boolean;
}

function randomList({ size, inner, keep }: Making): object {
  const list: unknown[] = keep([]);
  for (let at = 0; at < size; at++) list[at] = inner();
  return list;
}

function randomObject({ random, size, inner, keep, sharing }: Making): object {
  // The runtime's equality throws on objects without prototype in sets.
  const object: object = keep(sharing && random(6) === 0 ? Object.create(null) : {});
  for (let at = 0; at < size; at++) define(object, names[random(names.length)] ?? "", inner());
  return object;
}

function randomMap({ random, size, inner, keep }: Making): object {
  const map = keep(new Map<unknown, unknown>());
  for (let at = 0; at < size; at++) map.set(scalar(random), inner());
  return map;
}

function randomSet({ random, size, inner, keep, sharing }: Making): object {
  const set = keep(new Set<unknown>());
  // The runtime's equality throws on null and undefined beside objects in a set.
  for (let at = 0; at < size; at++) set.add(sharing ? scalar(random) : (inner() ?? 0));
  return set;
}

function randomHoles({ random, size, inner, keep }: Making): object {
  const sparse: unknown[] = keep([]);
  sparse.length = size;
  if (size > 1) sparse[random(size)] = inner();
  return sparse;
}

function leaf({ random, keep }: Making): object {
  const number = random(2);
  const made = [
    () => new Date(number),
    () => (number === 0 ? /a/ : /a/g),
    () => new Uint8Array([number]),
    () => new Int8Array([number]),
    () => new Float64Array([number === 0 ? -0 : 0]),
    () => new Float32Array(number),
    () => new Uint8Array([number]).buffer,
    () => Buffer.from([number]),
  ];
  return keep(made[random(made.length)]?.() ?? {});
}

const makers = [randomList, randomList, randomObject, randomObject, randomMap, randomSet, randomHoles, leaf];

function define(object: object, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A copy with the same sharing, whose names, keys and members come in another order. */
function copyOf(value: unknown, known = new Map<object, object>()): unknown {
  if (typeof value !== "object" || value === null) return value;
  const before = known.get(value);
  if (before !== undefined) return before;
  const keep = <T extends object>(made: T): T => {
    known.set(value, made);
    return made;
  };
  if (Array.isArray(value)) {
    const list: unknown[] = keep([]);
    list.length = value.length;
    for (const at of Object.keys(value)) list[Number(at)] = copyOf(value[Number(at)], known);
    return list;
  }
  if (value instanceof Map) {
    const map = keep(new Map<unknown, unknown>());
    for (const [key, member] of [...value].reverse()) map.set(copyOf(key, known), copyOf(member, known));
    return map;
  }
  if (value instanceof Set) {
    const set = keep(new Set<unknown>());
    for (const member of [...value].reverse()) set.add(copyOf(member, known));
    return set;
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype !== null && prototype !== Object.prototype)
    return keep(Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value));
  const object: object = keep(Object.create(prototype));
  for (const [name, member] of Object.entries(value).reverse()) define(object, name, copyOf(member, known));
  return object;
}

/** The containers in a value, each once. */
function containersIn(value: unknown, found = new Set<object>()): Set<object> {
  if (typeof value !== "object" || value === null || found.has(value)) return found;
  if (value instanceof Map)
    for (const member of found.add(value) && value.values()) containersIn(member, found);
  else if (value instanceof Set) for (const member of found.add(value) && value) containersIn(member, found);
  else if (Array.isArray(value) || [null, Object.prototype].includes(Object.getPrototypeOf(value) as null))
    for (const member of found.add(value) && Object.values(value)) containersIn(member, found);
  return found;
}

/** Changes one place: another scalar, one item more, two items exchanged, a shared object copied, a copy shared, one level deeper. */
function changeOnePlace(random: Random, value: unknown): unknown {
  const containers = [...containersIn(value)];
  const place = containers[random(containers.length + 1)];
  if (place === undefined) return random(2) === 0 ? [value] : scalar(random);
  const change = (old: unknown): unknown => {
    const all = containers[random(containers.length)];
    return [scalar(random), [old], copyOf(old), all, structuredCloneOrSelf(old)][random(5)];
  };
  if (place instanceof Map) {
    const keys = [...place.keys()];
    const key: unknown = keys[random(keys.length + 1)];
    place.set(key, change(place.get(key)));
  } else if (place instanceof Set) {
    if (random(2) === 0) place.delete([...place][random(place.size + 1)]);
    else place.add(scalar(random));
  } else if (Array.isArray(place) && random(3) === 0) place.push(...place.splice(0, 1));
  else {
    const keys = Object.keys(place);
    const key = keys[random(keys.length + 1)] ?? (Array.isArray(place) ? String(place.length) : "d");
    define(place, key, change((place as Record<string, unknown>)[key]));
  }
  return value;
}

function structuredCloneOrSelf(value: unknown): unknown {
  return typeof value === "number" ? value + 0 : value;
}

/**
 * Equality with sharing: the two can be walked at once, object by object, so that each object of one always meets the same
 * object of the other. Keys of maps and members of sets are scalars here.
 */
function isSame(one: unknown, other: unknown): boolean {
  const partners = new Map<unknown, unknown>();
  const taken = new Map<unknown, unknown>();
  const walk = (a: unknown, b: unknown): boolean => {
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) return Object.is(a, b);
    if (partners.has(a) || taken.has(b)) return partners.get(a) === b && taken.get(b) === a;
    partners.set(a, b);
    taken.set(b, a);
    return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && isSameWithin(a, b, walk);
  };
  return walk(one, other);
}

function isSameWithin(a: object, b: object, walk: (a: unknown, b: unknown) => boolean): boolean {
  if (a instanceof Map && b instanceof Map)
    return a.size === b.size && [...a].every(([key, member]) => b.has(key) && walk(member, b.get(key)));
  if (a instanceof Set && b instanceof Set)
    return a.size === b.size && [...a].every((member) => b.has(member));
  if (!Array.isArray(a) && ![null, Object.prototype].includes(Object.getPrototypeOf(a) as null))
    return isDeepStrictEqual(a, b);
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const [one, other] = [a, b] as Record<string, unknown>[];
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && walk(one?.[key], other?.[key]))
  );
}

interface Tally {
  equal: number;
  different: number;
}

// allow-parameters: a pair, what is right, and what is counted
function check(pair: readonly [unknown, unknown], equal: boolean, tally: Tally): void {
  if ((digestOfValue(pair[0]) === digestOfValue(pair[1])) !== equal)
    assert.fail(`${equal ? "false different" : "false equal"}: ${inspect(pair, { depth: null })}`);
  if (equal) tally.equal++;
  else tally.different++;
}

test("250,000 pairs of small values: equal digests exactly where the runtime's strict equality says so", () => {
  const random = randomNumbers(20_260_101);
  const tally = { equal: 0, different: 0 };
  for (let pair = 0; pair < 250_000; pair++) {
    const one = randomValue(random, random(4));
    const other = random(2) === 0 ? copyOf(one) : randomValue(random, random(4));
    check([one, other], isDeepStrictEqual(one, other), tally);
  }
  assert.ok(tally.equal > 100_000 && tally.different > 100_000, JSON.stringify(tally));
});

test("250,000 pairs with sharing and circles, copies and copies changed in one place", () => {
  const random = randomNumbers(77);
  const tally = { equal: 0, different: 0 };
  for (let pair = 0; pair < 250_000; pair++) {
    const one = randomValue(random, 1 + random(4), []);
    const copy = copyOf(one);
    const other = random(2) === 0 ? copy : changeOnePlace(random, copy);
    check([one, other], isSame(one, other), tally);
  }
  assert.ok(tally.equal > 100_000 && tally.different > 80_000, JSON.stringify(tally));
});
