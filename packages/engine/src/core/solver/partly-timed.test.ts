import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dataset, idOf, type SmallDataset, snapshotOf } from "../../../test/fixtures/small-catalog.ts";
import type { SourceTable } from "../catalog/snapshot.ts";
import type { Constraint } from "../diagnostic/constraint.ts";
import { customConstraint } from "../diagnostic/constraints/custom.ts";
import { requireContiguousTimerange } from "../diagnostic/constraints/require-contiguous-timerange.ts";
import { defineDiagnostic, defineProvider } from "../diagnostic/define.ts";
import { sha1Hex } from "../identity/digest.ts";
import { splitPartlyTimed } from "./partly-timed.ts";
import type { Decision } from "./plan.ts";
import { solve } from "./solve.ts";

const late = ["1900-01-16 00:00:00", "1950-12-16 00:00:00"] as const;
const early = ["1850-01-16 00:00:00", "1860-12-16 00:00:00"] as const;
/** A file without times between two that leave a gap. */
const partly: SmallDataset = { files: [early, null, late] };

function tableOf(...smalls: readonly SmallDataset[]): SourceTable {
  return snapshotOf(smalls.map(dataset)).tables.get("cmip6") as SourceTable;
}

function decide(constraints: readonly Constraint[], small: SmallDataset): readonly Decision[] {
  const diagnostic = defineDiagnostic({
    slug: "d",
    command: ["true"],
    requirements: [{ sourceType: "cmip6", groupBy: ["source_id"], constraints }],
  });
  const provider = defineProvider({ slug: "p", version: "1", diagnostics: [diagnostic] });
  return solve(snapshotOf([dataset(small)]), [provider], { history: { groups: [] } }).decisions;
}

function compatHash(id: string, rows: number): string {
  return sha1Hex(`cmip6:${sha1Hex(Array.from({ length: rows }, () => id).join("\n"))}`);
}

describe("datasets of which only some files have times", () => {
  test("a table without any is returned as it is", () => {
    const table = tableOf({}, { variable: "areacella", files: [null] });
    assert.equal(splitPartlyTimed(table), table);
  });

  test("are two rows of one id, the timed files first", () => {
    const { ids, fileOffsets, paths } = splitPartlyTimed(tableOf(partly, { variable: "ts" }));
    assert.deepEqual(ids, [idOf(partly), idOf(partly), idOf({ variable: "ts" })]);
    assert.deepEqual([...fileOffsets], [0, 2, 3, 4]);
    assert.match(paths[2] as string, /_1\.nc$/);
  });

  test("a time constraint that fails drops their timed files only", () => {
    const [decision] = decide([requireContiguousTimerange()], partly);
    assert.deepEqual(decision?.datasets, { cmip6: [idOf(partly)] });
    assert.equal(decision?.compatHash, compatHash(idOf(partly), 1));
  });

  test("otherwise they are one dataset, with the fingerprint of one", () => {
    const [decision] = decide([], partly);
    assert.deepEqual(decision?.datasets, { cmip6: [idOf(partly)] });
    assert.equal(decision?.compatHash, compatHash(idOf(partly), 3));
    const [opened] = decide([], { files: [early, early, late] });
    assert.equal(decision?.fingerprint, opened?.fingerprint, "times are not part of it");
  });

  test("users' constraints see one dataset with all its files", () => {
    const seen: unknown[] = [];
    const constraint = customConstraint({
      name: "look",
      apply: (group) => {
        seen.push(group.map(({ id, files }) => [id, files.map(({ path }) => path.slice(-4))]));
        return { keep: group.map(({ id }) => id) };
      },
    });
    const [decision] = decide([constraint], partly);
    assert.deepEqual(seen, [[[idOf(partly), ["0.nc", "1.nc", "2.nc"]]]]);
    assert.equal(decision?.compatHash, compatHash(idOf(partly), 3));
  });
});
