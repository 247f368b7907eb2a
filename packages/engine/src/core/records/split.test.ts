import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { formatRid, type Rid } from "../identity/rid.ts";
import { type Split, splitMembers } from "./split.ts";
import type { PartRequest, SplitItem, SplitRequest } from "./split-request.ts";

function itemsOf(strata: readonly (string | undefined)[], keys?: readonly string[]): readonly SplitItem[] {
  return strata.map((stratum, at) => ({
    rid: formatRid(at + 1),
    ...(stratum === undefined ? {} : { stratum }),
    ...(keys === undefined ? {} : { key: keys[at] ?? "" }),
  }));
}

function plain(count: number): readonly SplitItem[] {
  return itemsOf(Array.from({ length: count }, () => undefined));
}

function split(items: readonly SplitItem[], request: SplitRequest): Split {
  const result = splitMembers(items, request);
  if (!result.ok) throw new Error(result.error.join("; "));
  return result.value;
}

function problems(items: readonly SplitItem[], request: SplitRequest): readonly string[] {
  const result = splitMembers(items, request);
  return result.ok ? [] : result.error;
}

function sizes({ parts, leftOut }: Split): readonly number[] {
  return [...parts.map(({ members }) => members.length), leftOut.length];
}

const thirds: readonly PartRequest[] = [
  { name: "train", fraction: 0.7 },
  { name: "test", fraction: 0.2 },
  { name: "validation", fraction: 0.1 },
];

const seed = fc.nat();
const stratum = fc.constantFrom("a", "b", "c", "d");
const key = fc.integer({ min: 0, max: 14 }).map((number) => `key ${number}`);
/** Tenths that add up to at most 1, as parts. */
const fractions = fc
  .array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 })
  .filter((tenths) => tenths.reduce((sum, each) => sum + each, 0) <= 10)
  .map((tenths) => tenths.map((each, at): PartRequest => ({ name: `part ${at}`, fraction: each / 10 })));
const stratified = fc.array(stratum, { minLength: 4, maxLength: 80 }).map((strata) => itemsOf(strata));
const keyed = fc
  .array(fc.tuple(stratum, key), { minLength: 4, maxLength: 60 })
  .filter((all) => new Set(all.map(([, each]) => each)).size >= 4)
  .map((all) => itemsOf(...columns(all)));
const any = fc.oneof(fc.integer({ min: 4, max: 80 }).map(plain), stratified, keyed);

function columns(all: readonly (readonly [string, string])[]): [string[], string[]] {
  return [all.map(([each]) => each), all.map(([, each]) => each)];
}

describe("what every split is", () => {
  test("parts have no member in common, none is empty, and with what is left out they are all members", () => {
    fc.assert(
      fc.property(any, fractions, seed, (items, parts, number) => {
        const { parts: got, leftOut } = split(items, { parts, seed: number });
        const all = [...got.flatMap(({ members }) => members), ...leftOut];
        assert.deepEqual(all.toSorted(), items.map(({ rid }) => rid).toSorted());
        assert.deepEqual(
          got.map(({ name }) => name),
          parts.map(({ name }) => name),
        );
        for (const { members } of got) assert.ok(members.length > 0);
        const asked = parts.reduce((sum, part) => sum + ("fraction" in part ? part.fraction : 0), 0);
        if (asked > 1 - 1e-9) assert.deepEqual(leftOut, []);
      }),
    );
  });

  test("members of one key stay together", () => {
    fc.assert(
      fc.property(keyed, fractions, seed, (items, parts, number) => {
        const result = split(items, { parts, seed: number });
        const keyOf = new Map(items.map((item) => [item.rid, item.key ?? ""]));
        const seen = new Map<string, string>();
        const whole = [...result.parts, { name: "left out", members: result.leftOut }];
        for (const { name, members } of whole)
          for (const rid of members) {
            const own = keyOf.get(rid) ?? "";
            assert.equal(seen.get(own) ?? name, name);
            seen.set(own, name);
          }
        for (const { members, keys } of result.parts)
          assert.equal(keys, new Set(members.map((rid) => keyOf.get(rid))).size);
      }),
    );
  });

  test("the same seed gives the same split, in whatever order the members come", () => {
    const shuffled = any.chain((items) =>
      fc.tuple(fc.constant(items), fc.shuffledSubarray([...items], { minLength: items.length })),
    );
    fc.assert(
      fc.property(shuffled, fractions, seed, ([items, others], parts, number) => {
        const request = { parts, seed: number };
        assert.deepEqual(split(others, request), split(items, request));
      }),
    );
  });

  test("another seed gives another split, and over many seeds every member comes to every part as often", () => {
    const items = plain(10);
    const tests = Array.from({ length: 2000 }, (_, at) => split(items, { parts: thirds, seed: at }).parts[1]);
    assert.equal(new Set(tests.map((part) => part?.members.join())).size, 45, "every pair of ten occurs");
    for (const { rid } of items) {
      const share = tests.filter((part) => part?.members.includes(rid)).length / tests.length;
      assert.ok(Math.abs(share - 0.2) < 0.03, `${rid} is in ${share} of the test parts`);
    }
  });
});

describe("sizes of parts without keys", () => {
  test("are what is asked, rounded by largest remainders, and of each stratum the exact share, up or down", () => {
    fc.assert(
      fc.property(stratified, fractions, seed, (items, parts, number) => {
        const result = split(items, { parts, seed: number });
        const quotas = parts.map((part) => ("fraction" in part ? part.fraction * items.length : 0));
        if (quotas.some((quota) => quota < 1)) return;
        for (const [at, quota] of quotas.entries())
          assert.ok(
            Math.abs((sizes(result)[at] ?? 0) - quota) < 1,
            `${sizes(result).join()} of ${quotas.join()}`,
          );
        for (const { strata, members } of result.parts)
          for (const name of ["a", "b", "c", "d"]) {
            const there = items.filter((item) => item.stratum === name).length;
            const share = (there * members.length) / items.length;
            assert.ok(Math.abs((strata[name] ?? 0) - share) < 1, `${strata[name]} of ${share} in ${name}`);
          }
      }),
    );
  });

  test("counts are exact", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(stratum, { minLength: 27, maxLength: 60 }),
        counts,
        seed,
        (strata, asked, number) => {
          const parts = asked.map((count, at) => ({ name: `part ${at}`, count }));
          const result = split(itemsOf(strata), { parts, seed: number });
          const left = strata.length - asked.reduce((sum, count) => sum + count, 0);
          assert.deepEqual(sizes(result), [...asked, left]);
        },
      ),
    );
  });

  test("of ten, of eleven, of three; no part is empty", () => {
    const of = (count: number) => sizes(split(plain(count), { parts: thirds, seed: 1 }));
    assert.deepEqual(of(10), [7, 2, 1, 0]);
    assert.deepEqual(of(11), [8, 2, 1, 0]);
    assert.deepEqual(of(3), [1, 1, 1, 0]);
  });

  test("a count keeps its size beside a fraction that is next to nothing", () => {
    const parts = [
      { name: "many", count: 5 },
      { name: "few", fraction: 0.01 },
    ];
    assert.deepEqual(sizes(split(plain(7), { parts, seed: 1 })), [5, 1, 1]);
  });
});

describe("sizes of parts with keys", () => {
  test("no single key can go elsewhere, nor two change places, and bring the parts nearer", () => {
    fc.assert(
      fc.property(keyed, fractions, seed, (items, parts, number) => {
        const { parts: got, leftOut } = split(items, { parts, seed: number });
        const all = [...got.map(({ members }) => members), ...(leftOut.length > 0 ? [leftOut] : [])];
        const place = new Map(all.flatMap((members, part) => members.map((rid) => [rid, part] as const)));
        const keys = new Map(items.map((item) => [item.key ?? "", place.get(item.rid) ?? 0]));
        const wanted = parts.map((part) => ("fraction" in part ? part.fraction : 0));
        const rest = 1 - wanted.reduce((sum, each) => sum + each, 0);
        const shares = rest > 1e-9 ? [...wanted, rest] : wanted;
        const cost = deviation(items, { keys, shares });
        for (const changed of neighbours(keys, shares.length))
          if (wanted.every((_, part) => [...changed.values()].includes(part)))
            assert.ok(deviation(items, { keys: changed, shares }) > cost - 1e-6);
      }),
      { numRuns: 60 },
    );
  });

  test("keys of one size come out as members would: six models for training, two for tests", () => {
    const models = Array.from({ length: 40 }, (_, at) => `model ${at % 8}`);
    const parts = [
      { name: "train", fraction: 0.75 },
      { name: "test", fraction: 0.25 },
    ];
    const { parts: got } = split(
      itemsOf(
        models.map(() => undefined),
        models,
      ),
      { parts, seed: 3 },
    );
    assert.deepEqual(
      got.map(({ keys, members }) => [keys, members.length]),
      [
        [6, 30],
        [2, 10],
      ],
    );
  });
});

interface Assignment {
  readonly keys: ReadonlyMap<string, number>;
  readonly shares: readonly number[];
}

/** Squared deviations of the sizes of parts, of all members and of each stratum, counted afresh. */
function deviation(items: readonly SplitItem[], { keys, shares }: Assignment): number {
  const strata = [...new Set(items.map((item) => item.stratum))];
  const of = (chosen: readonly SplitItem[]): number =>
    shares.reduce((sum, share, part) => {
      const there = chosen.filter((item) => keys.get(item.key ?? "") === part).length;
      return sum + (there - share * chosen.length) ** 2 / chosen.length;
    }, 0);
  return strata.reduce((sum, name) => sum + of(items.filter((item) => item.stratum === name)), of(items));
}

function* neighbours(
  keys: ReadonlyMap<string, number>,
  parts: number,
): Generator<ReadonlyMap<string, number>> {
  for (const [one, from] of keys) {
    for (let to = 0; to < parts; to += 1) if (to !== from) yield new Map([...keys, [one, to]]);
    for (const [other, to] of keys) if (to !== from) yield new Map([...keys, [one, to], [other, from]]);
  }
}

describe("a sample: one part", () => {
  test("a smaller one lies in a larger one of the same seed", () => {
    const counts = fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 60 }), counts, seed, (total, [a, b], number) => {
        const sample = (count: number) =>
          split(plain(total), { parts: [{ name: "sample", count }], seed: number }).parts[0]?.members ?? [];
        const [small, large] = [sample(Math.min(a, b)), sample(Math.max(a, b))];
        assert.equal(small.length, Math.min(a, b));
        for (const rid of small) assert.ok(large.includes(rid));
      }),
    );
  });

  test("strata are sampled in proportion, keys as a whole", () => {
    const half = split(itemsOf(Array.from({ length: 40 }, (_, at) => (at < 30 ? "land" : "sea"))), {
      parts: [{ name: "sample", fraction: 0.5 }],
      seed: 1,
    });
    assert.deepEqual(half.parts[0]?.strata, { land: 15, sea: 5 });
    const models = Array.from({ length: 40 }, (_, at) => `model ${at % 4}`);
    const items = itemsOf(
      models.map(() => undefined),
      models,
    );
    const quarter = split(items, { parts: [{ name: "sample", fraction: 0.25 }], seed: 1 });
    assert.deepEqual([quarter.parts[0]?.keys, ...sizes(quarter)], [1, 10, 30]);
  });
});

test("everything that is impossible is said at once", () => {
  const parts = thirds;
  assert.deepEqual(problems([], { parts, seed: 1 }), ["there are no members to divide"]);
  assert.deepEqual(problems(plain(2), { parts, seed: 1 }), ["2 members cannot fill 3 parts"]);
  assert.deepEqual(problems(itemsOf(["a", "a", "a"], ["k", "k", "k"]), { parts, seed: 1 }), [
    "1 key cannot fill 3 parts",
  ]);
  assert.deepEqual(problems(plain(9), { parts: [], seed: 1 }), ["no part is asked for"]);
  assert.deepEqual(problems(plain(9), { parts, seed: 0.5 }), ["the seed 0.5 is not a whole number from 0"]);
  assert.deepEqual(
    problems(plain(9), {
      parts: [
        { name: "train", fraction: 0.7 },
        { name: "train", fraction: 0.7 },
      ],
      seed: -1,
    }),
    [
      'two parts are called "train"',
      "the seed -1 is not a whole number from 0",
      "the fractions add up to 1.4, more than 1",
    ],
  );
  const sized = (...all: PartRequest[]) => problems(plain(9), { parts: all, seed: 1 });
  assert.deepEqual(sized({ name: "a", count: 6 }, { name: "b", fraction: 0.5 }), [
    "the parts ask for 10.5 of 9 members",
  ]);
  assert.deepEqual(sized({ name: "a", count: 10 }), ["the parts ask for 10 of 9 members"]);
  assert.deepEqual(sized({ name: "a", count: 1.5 }), ['"a" asks for 1.5 members: not a whole number from 1']);
  assert.deepEqual(sized({ name: "", fraction: 0 }), [
    "a part has no name",
    '"" asks for the fraction 0: not above 0 and at most 1',
  ]);
  const [first = { rid: "1" as Rid }, ...others] = plain(9);
  assert.deepEqual(
    problems([first, first, { ...first, key: "k", stratum: "s" }, ...others], { parts, seed: 1 }),
    ["2 members come twice", "10 of 11 members have no key", "10 of 11 members have no stratum"],
  );
});

test("a count that whole keys do not make is refused, and what they make is said", () => {
  const keys = Array.from({ length: 12 }, (_, at) => `key ${at % 3}`);
  const items = itemsOf(
    keys.map(() => undefined),
    keys,
  );
  const parts = (count: number) => ({ parts: [{ name: "test", count }], seed: 1 });
  assert.deepEqual(problems(items, parts(5)), [
    '"test" asks for 5 members; with whole keys 4 is what was found: ask for a fraction',
  ]);
  assert.deepEqual(problems(items, parts(8)), []);
});

test("a hundred thousand members, each a stratum or a key of its own, are divided too", () => {
  const names = Array.from({ length: 100_000 }, (_, at) => String(at));
  const one = split(itemsOf(names), { parts: thirds, seed: 1 });
  assert.deepEqual(sizes(one), [70_000, 20_000, 10_000, 0]);
  const other = split(
    itemsOf(
      names.map(() => undefined),
      names,
    ),
    { parts: thirds, seed: 1 },
  );
  assert.deepEqual(sizes(other), [70_000, 20_000, 10_000, 0]);
});

test("a part may have more members than a call can have arguments", () => {
  const count = 150_000;
  const parts = [
    { name: "train", fraction: 0.9 },
    { name: "test", fraction: 0.1 },
  ];
  assert.deepEqual(sizes(split(plain(count), { parts, seed: 1 })), [135_000, 15_000, 0]);
  const keys = Array.from({ length: count }, (_, at) => (at < 135_000 ? "many" : "few"));
  const items = itemsOf(
    keys.map(() => undefined),
    keys,
  );
  assert.deepEqual(sizes(split(items, { parts, seed: 1 })), [135_000, 15_000, 0]);
});
