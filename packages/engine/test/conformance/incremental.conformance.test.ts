import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { parse } from "yaml";
import { patchSnapshot, type Replacement } from "../../src/core/catalog/patch-snapshot.ts";
import type { Snapshot, SourceTable } from "../../src/core/catalog/snapshot.ts";
import { requireSourceType } from "../../src/core/catalog/source-types.ts";
import { datasetAt } from "../../src/core/catalog/table-rows.ts";
import type { Provider } from "../../src/core/diagnostic/diagnostic.ts";
import { openWorkspace } from "../../src/core/solver/answer.ts";
import { recollect } from "../../src/core/solver/memory/recollection.ts";
import { remember } from "../../src/core/solver/memory/remember.ts";
import type { SolverMemory } from "../../src/core/solver/memory/solver-memory.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { decideFindings, type Findings, findAll, solve } from "../../src/core/solver/solve.ts";
import { loadPeerProviders } from "./peer-requirements.ts";
import { loadRealCatalogs } from "./real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";

/** One dataset of so many is changed, each for itself. */
const everyNth = 150;

/** Every so many of these changes is also solved in full, which takes a thousand times longer. */
const comparedNth = 15;

const history = { groups: [], mark: "none" };

describe("one changed dataset of the real catalogs", { skip: skipWithoutCases }, () => {
  const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
  let snapshot: Snapshot;
  let providers: readonly Provider[];
  let ignore: IgnoreList;
  let memory: SolverMemory;

  before(async () => {
    snapshot = { ...(await loadRealCatalogs(file("catalogs"))), mark: "1" };
    providers = loadPeerProviders(file("solve", "requirements.json"), "by-spelling");
    ignore = parse(readFileSync(file("solve", "ignore.yaml"), "utf8")) as IgnoreList;
    memory = remember(findAll(openWorkspace(snapshot), providers, { ignore }), history) as SolverMemory;
  });

  const after = (change: Replacement): { readonly now: Snapshot; readonly found: Findings } => {
    const now = { revision: 1, mark: "2", tables: patchSnapshot(snapshot, [change], requireSourceType) };
    const known = recollect(memory, { before: snapshot, now, changed: [change] });
    return { now, found: findAll(openWorkspace(now, known), providers, { ignore }) };
  };

  const changes = function* (): Generator<Replacement> {
    for (const table of snapshot.tables.values())
      for (let row = 0; row < table.ids.length; row += everyNth) yield gone(table, row);
  };

  test("reaches at most two of a hundred groups, and gives what a full solve gives", () => {
    let [count, worst] = [0, 0];
    for (const change of changes()) {
      const { now, found } = after(change);
      const { groups, computed } = found.workspace.tally;
      assert.ok(computed <= groups * 0.02, `${change.id}: ${computed} of ${groups} groups`);
      worst = Math.max(worst, computed);
      if (count++ % comparedNth > 0) continue;
      const full = solve(now, providers, { ignore, history });
      assert.equal(
        JSON.stringify(decideFindings(found, { ignore, history })),
        JSON.stringify(full),
        change.id,
      );
      assert.ok(computed > 0 || JSON.stringify(full.decisions).includes(change.id) === false);
    }
    assert.ok(count > 50 && worst > 0, `${count} changes, at most ${worst} groups`);
  });

  test("that is replaced or comes back is told from one that is gone", () => {
    const table = snapshot.tables.get("cmip6") as SourceTable;
    const row = table.ids.findIndex((id) => id.includes(".historical.") && id.includes(".Amon.tas."));
    const dataset = datasetAt(table, row);
    const files = dataset.files.map((each) => ({ ...each, contentId: "another" }));
    const { now, found } = after({ sourceType: "cmip6", id: dataset.id, now: { ...dataset, files } });
    const plan = decideFindings(found, { ignore, history });
    assert.equal(JSON.stringify(plan), JSON.stringify(solve(now, providers, { ignore, history })));
    const without = decideFindings(after(gone(table, row)).found, { ignore, history });
    assert.notEqual(JSON.stringify(plan), JSON.stringify(without));
  });
});

function gone({ sourceType, ids }: SourceTable, row: number): Replacement {
  return { sourceType, id: ids[row] as string };
}
