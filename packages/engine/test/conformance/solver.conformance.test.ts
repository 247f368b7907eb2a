import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { parse } from "yaml";
import type { Snapshot } from "../../src/core/catalog/snapshot.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import type { Plan } from "../../src/core/solver/plan.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { type Comparison, compareWithPeer } from "./compare.ts";
import { type Calendars, loadPeerProviders } from "./peer-requirements.ts";
import { loadRealCatalogs } from "./real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";

describe("the peer's answers on real catalogs", { skip: skipWithoutCases }, () => {
  const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
  let snapshot: Snapshot;
  before(async () => {
    snapshot = await loadRealCatalogs(file("catalogs"));
  });

  const plan = (calendars: Calendars): Plan =>
    solve(snapshot, loadPeerProviders(file("solve", "requirements.json"), calendars), {
      history: { groups: [] },
      ignore: parse(readFileSync(file("solve", "ignore.yaml"), "utf8")) as IgnoreList,
    });

  const compareAll = (calendars: Calendars): readonly Comparison[] => {
    const made = plan(calendars);
    const providers = loadPeerProviders(file("solve", "requirements.json"), calendars);
    const names = providers.flatMap(({ slug, diagnostics }) =>
      diagnostics.map((each) => `${slug}/${each.slug}`),
    );
    return names.flatMap((name) => compareWithPeer(made, file("solve", "expected"), name) ?? []);
  };

  test("by spelling, every key, dataset id and hash of the 19 diagnostics is equal", () => {
    const comparisons = compareAll("by-spelling");
    const different = comparisons.filter(
      ({ missing, extra, differing }) => missing.length + extra.length + differing.length > 0,
    );
    assert.deepEqual(different, []);
    assert.equal(comparisons.length, 19);
    assert.equal(
      comparisons.reduce((total, { matched }) => total + matched, 0),
      8024,
    );
  });

  test("by meaning, thirteen keys differ", () => {
    const keys = compareAll("by-meaning").flatMap(({ missing, extra, differing }) => [
      ...missing,
      ...extra,
      ...differing,
    ]);
    assert.equal(keys.length, 13, keys.join("\n"));
  });

  test("all fifty diagnostics give the peer's number of executions", () => {
    const counted = plan("by-spelling").decisions.filter(({ reasons }) => reasons[0].code !== "shadowed");
    assert.equal(counted.length, 15_132);
  });
});
