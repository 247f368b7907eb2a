import { readFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { AlmanacError } from "../../src/core/errors.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { loadPeerProviders } from "../conformance/peer-requirements.ts";
import { loadRealCatalogs } from "../conformance/real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "../conformance/shared-folder.ts";
import { temporaryFolder } from "./built.ts";
import { elapsedMs, type Figure, figure } from "./figure.ts";
import { measuredApart } from "./solve-apart.ts";
import { commandFigures } from "./solve-commands.ts";
import type { SolveCase } from "./solve-project.ts";

const passes = 7;

/** What the reference needs for the same on two shared cores, in one thread, in memory. @units ms */
const referenceMs = 296_000;

/**
 * The peer's fifty diagnostics on the five real catalogs: solving in memory, whole commands, the same with ten times the
 * models, and each diagnostic for itself.
 */
export async function run(): Promise<readonly Figure[]> {
  if (skipWithoutCases !== false) throw new AlmanacError("ENVIRONMENT_INVALID", skipWithoutCases);
  const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
  const requirements = file("solve", "requirements.json");
  const solved: SolveCase = {
    snapshot: await loadRealCatalogs(file("catalogs")),
    providers: loadPeerProviders(requirements, "by-spelling"),
    ignore: parse(readFileSync(file("solve", "ignore.yaml"), "utf8")) as IgnoreList,
    requirements,
  };
  using work = temporaryFolder();
  return [
    await fullSolve(solved),
    ...measuredApart(),
    ...(await commandFigures(solved, work.folder)),
    ...(await eachDiagnostic(solved)),
  ];
}

/** A new workspace each time: what a solve remembers of a snapshot ends with it. */
async function fullSolve({ snapshot, providers, ignore }: SolveCase): Promise<Figure> {
  const times: number[] = [];
  let decisions = 0;
  for (let pass = 0; pass < passes; pass += 1)
    times.push(
      await elapsedMs(() => {
        decisions = solve(snapshot, providers, { history: { groups: [] }, ignore }).decisions.length;
      }),
    );
  const diagnostics = providers.reduce((total, provider) => total + provider.diagnostics.length, 0);
  const datasets = [...snapshot.tables.values()].reduce((total, { ids }) => total + ids.length, 0);
  const what = `full solve in memory, ${diagnostics} diagnostics × ${datasets} datasets, ${decisions} decisions`;
  return figure({ id: "fullSolve", what, unit: "ms", aim: 600, reference: referenceMs }, times);
}

/** Each diagnostic alone; together they take longer than the full solve, which computes what they share once. */
async function eachDiagnostic({ snapshot, providers, ignore }: SolveCase): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const { slug, diagnostics } of providers)
    for (const diagnostic of diagnostics) {
      const chosen = { providers: [slug], diagnostics: [diagnostic.slug], exactNames: true };
      const times: number[] = [];
      for (let pass = 0; pass < 3; pass += 1)
        times.push(
          await elapsedMs(() => solve(snapshot, providers, { ...chosen, history: { groups: [] }, ignore })),
        );
      const id = `diagnostic:${slug}/${diagnostic.slug}`;
      figures.push(figure({ id, what: "this diagnostic alone, in memory", unit: "ms" }, times));
    }
  return figures;
}
