import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { linesOfOracle, linesOfPlan, oracleOf, planOf, randomCase, shuffled } from "./differential.ts";

const runs = 3000;

describe("solver and oracle on random catalogs and requirements", () => {
  test("agree on groups, keys, datasets and hashes, and every kind of decision occurs", () => {
    const counts = new Map<string, number>();
    const note = (kind: string): void => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    };
    let groups = 0;
    fc.assert(
      fc.property(randomCase, (each) => {
        const expected = linesOfOracle(oracleOf(each, note));
        groups += expected.length;
        assert.deepEqual(linesOfPlan(planOf(each)), expected);
      }),
      { numRuns: runs },
    );
    assert.ok(groups > runs, `${groups} groups`);
    const rare = kinds.filter((kind) => (counts.get(kind) ?? 0) < 2);
    assert.deepEqual(rare, [], JSON.stringify(Object.fromEntries(counts), null, 1));
    const unknown = [...counts.keys()].filter((kind) => !kinds.includes(kind));
    assert.deepEqual(unknown, [], "every kind that the oracle notes is listed here");
  });

  test("the order of the input changes no byte of the plan", () => {
    fc.assert(
      fc.property(randomCase, fc.infiniteStream(fc.nat()), (each, numbers) => {
        const random = (below: number): number => (numbers.next().value ?? 0) % below;
        assert.equal(JSON.stringify(planOf(shuffled(each, random))), JSON.stringify(planOf(each)));
      }),
      { numRuns: 500 },
    );
  });
});

const kinds: readonly string[] = [
  "addParent: added",
  "addParent: child lacks a facet",
  "addParent: no parent",
  "addParent: version decides",
  "addSupplementary: added",
  "addSupplementary: best lacks a facet",
  "addSupplementary: catalog order decides",
  "addSupplementary: nothing fits",
  "addSupplementary: score decides",
  "addSupplementary: version decides",
  "calendars by-meaning: differ",
  "calendars by-spelling: differ",
  "calendars: one by meaning",
  "filter: one of several matches",
  "gap",
  "gap: exactly the limit",
  "gap: none",
  "gap: only to the file before, not to the longest",
  "group-by: row without key dropped",
  "ignoreFacets: removed",
  "join: excludes",
  "optional: absent",
  "optional: there",
  "overlap: fewer than two timed rows",
  "overlap: no",
  "overlap: only touching",
  "overlap: yes",
  "product: several",
  "requireFacets all: kept",
  "requireFacets all: rejected",
  "requireFacets any: kept",
  "requireFacets any: rejected",
  "requireFacets: rows without key stay",
  "requireTimerange: covered",
  "requireTimerange: ends early",
  "requireTimerange: starts late",
  "selectFirstMember: chosen",
  "selectFirstMember: no member known",
  "selectFirstMember: number, not text, decides",
  "selectFirstMember: row without key dropped",
  "set: shadowed",
  "source type: fallback used",
  "version: older one hidden",
  "version: tie kept",
];
