import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset, snapshotOf } from "../../test/fixtures/small-catalog.ts";
import type { PackedTables } from "../core/catalog/packed-snapshot.ts";
import { packTables, unpackTables } from "../core/catalog/packed-snapshot.ts";
import { memoryVersion, ragged } from "../core/solver/memory/solver-memory.ts";
import type { KeptDecisions, KeptSnapshot, SolverMemoryStore } from "./solver-memory.ts";

const tables = snapshotOf([dataset(), dataset({ source: "é", files: [] })]).tables;

/** A snapshot to keep. */
export const sampleSnapshot: KeptSnapshot = {
  ...{ mark: "7.1", revision: 7, declarations: "types" },
  tables: packTables(tables) as PackedTables,
};

/** Decisions to keep. */
export const sampleDecisions: KeptDecisions = {
  declarations: "types",
  memory: {
    ...{ version: memoryVersion, mark: "7.1", revision: 7, historyMark: "0.0", settled: true },
    names: new Map([["cmip6", ["a", "b"]]]),
    answers: new Map([
      [
        "text",
        {
          sourceType: "cmip6",
          facets: ["source_id"],
          values: ["M1", "M2"],
          steps: ["addParent"],
          removedBy: Int16Array.from([-1, 0]),
          datasets: ragged([[0, 1], []]),
          lookups: ragged([[-5], [7]]),
        },
      ],
    ]),
    diagnostics: [],
  },
};

/** Registers the tests that every `SolverMemoryStore` passes. @param open a store that holds nothing */
export function testSolverMemoryStore(
  name: string,
  open: (body: (store: SolverMemoryStore) => Promise<void>) => Promise<void>,
): void {
  describe(`solver memory: ${name}`, () => {
    test("nothing is kept at first", () =>
      open(async (store) => {
        assert.equal(await store.decisions(), undefined);
        assert.equal(await store.snapshot(), undefined);
      }));

    test("what was kept last comes back", () =>
      open(async (store) => {
        await store.keepSnapshot(sampleSnapshot);
        await store.keepDecisions({ ...sampleDecisions, declarations: "others" });
        await store.keepDecisions(sampleDecisions);
        assert.deepEqual(await store.decisions(), sampleDecisions);
        const kept = await store.snapshot();
        assert.deepEqual({ ...kept, tables: undefined }, { ...sampleSnapshot, tables: undefined });
        assert.deepEqual(unpackTables(kept?.tables ?? new Map()), tables);
      }));
  });
}
