import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { AlmanacError } from "../../src/core/errors.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { loadPeerProviders } from "../conformance/peer-requirements.ts";
import { loadRealCatalogs } from "../conformance/real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "../conformance/shared-folder.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";

const passes = 7;

/** A full solve of the peer's fifty diagnostics on the five real catalogs, from a snapshot in memory. */
export async function run(): Promise<readonly Figure[]> {
  if (skipWithoutCases !== false) throw new AlmanacError("ENVIRONMENT_INVALID", skipWithoutCases);
  const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
  const ignore = parse(readFileSync(file("solve", "ignore.yaml"), "utf8")) as IgnoreList;
  const providers = loadPeerProviders(file("solve", "requirements.json"), "by-spelling");
  const times: number[] = [];
  const loading: number[] = [];
  let datasets = 0;
  let decisions = 0;
  for (let pass = 0; pass < passes; pass += 1) {
    // A new snapshot each time: what the solver remembers of one would make the next solve cheaper.
    const start = performance.now();
    const snapshot = await loadRealCatalogs(file("catalogs"));
    loading.push(performance.now() - start);
    datasets = [...snapshot.tables.values()].reduce((total, { ids }) => total + ids.length, 0);
    times.push(
      await elapsedMs(() => {
        decisions = solve(snapshot, providers, { history: { groups: [] }, ignore }).decisions.length;
      }),
    );
  }
  const diagnostics = providers.reduce((total, provider) => total + provider.diagnostics.length, 0);
  const sizes = `${diagnostics} diagnostics × ${datasets} datasets, ${decisions} decisions`;
  return [
    figure({ id: "fullSolve", what: `full solve, ${sizes}`, unit: "ms" }, times),
    figure({ id: "loadCatalogs", what: "reading these catalogs, not part of it", unit: "ms" }, loading),
  ];
}
