import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { before, describe, test } from "node:test";
import { parse } from "yaml";
import { explain } from "../../src/core/solver/explain.ts";
import type { Explanation } from "../../src/core/solver/explanation.ts";
import { explanationText } from "../../src/core/solver/explanation-text.ts";
import type { IgnoreList } from "../../src/core/solver/options.ts";
import { solve } from "../../src/core/solver/solve.ts";
import { applyRemedies, type Situation } from "./counterfactual.ts";
import { loadPeerProviders } from "./peer-requirements.ts";
import { loadRealCatalogs } from "./real-catalogs.ts";
import { conformanceFolder, skipWithoutCases } from "./shared-folder.ts";
import { type Unsatisfied, unsatisfiedOf } from "./unsatisfied.ts";

const history = { groups: [] };
const randomOnes = 30;

/** Diagnostics whose groups hold many models, and models that are left out of some: by times, variables, or ignored. */
const broad = ["climate-at-global-warming-levels", "sea-ice-sensitivity"];
const models = ["CIESM", "KACE-1-0-G", "MCM-UA-1-0", "NorESM2-LM"];

describe("what explain names lets a group of the real catalogs run", { skip: skipWithoutCases }, () => {
  const file = (...parts: readonly string[]): string => path.join(conformanceFolder, ...parts);
  let situation: Situation;
  let unsatisfied: readonly Unsatisfied[];

  const ask = (target: string, ...facets: readonly string[]): Explanation => {
    const [provider = "", diagnostic = ""] = target.split("/");
    const { snapshot, providers, ignore } = situation;
    return explain(snapshot, providers, { provider, diagnostic, facets, history, ignore });
  };

  before(async () => {
    situation = {
      snapshot: await loadRealCatalogs(file("catalogs")),
      providers: loadPeerProviders(file("solve", "requirements.json"), "by-spelling"),
      ignore: parse(readFileSync(file("solve", "ignore.yaml"), "utf8")) as IgnoreList,
    };
    const all = situation.providers.flatMap(({ slug, diagnostics }) =>
      diagnostics.map((each) => ask(`${slug}/${each.slug}`)),
    );
    const narrowed = broad.flatMap((slug) =>
      models.map((model) => ask(`esmvaltool/${slug}`, `source_id=${model}`)),
    );
    unsatisfied = [...all, ...narrowed].flatMap(unsatisfiedOf);
  });

  const assertRuns = ({ diagnostic, remedies, enough, name, sourceType, runsIn }: Unsatisfied): void => {
    const providers = situation.providers.map((provider) => ({
      ...provider,
      diagnostics: provider.diagnostics.filter(({ slug }) => `${provider.slug}/${slug}` === diagnostic),
    }));
    assert.ok(enough, `${name}: not said to be enough`);
    const asked = { ...situation, providers };
    const plan = ({ snapshot, providers: mended, ignore }: Situation) =>
      solve(snapshot, mended, { history, ignore });
    assert.ok(!runsIn(plan(asked)), `${name} runs as it is`);
    assert.ok(runsIn(plan(applyRemedies(asked, remedies, sourceType))), `${name} does not run`);
  };

  test("of every kind", () => {
    const kinds = Map.groupBy(unsatisfied, ({ kind }) => kind);
    assert.ok(kinds.size >= 15, [...kinds.keys()].join("\n"));
    for (const [first] of kinds.values()) if (first !== undefined) assertRuns(first);
  });

  test("drawn by lot", () => {
    const alone = unsatisfied.filter(({ kind }) => !kind.startsWith("lonely"));
    assert.ok(alone.length > 500);
    // Numbers that look random and are the same every time: multiples of the golden ratio.
    const drawn = Array.from({ length: randomOnes }, (_, at) => ((at + 1) * 0.618_033_988_75) % 1);
    for (const share of drawn) assertRuns(alone[Math.floor(share * alone.length)] as Unsatisfied);
  });

  test("and all of them say that it is enough", () => {
    assert.deepEqual(
      unsatisfied.filter(({ enough }) => !enough).map(({ name }) => name),
      [],
    );
  });

  test("the missing variable, experiment, parent and time gap of climate sensitivity are named", () => {
    const sensitivity = "esmvaltool/equilibrium-climate-sensitivity";
    const text = (...facets: readonly string[]): string => explanationText(ask(sensitivity, ...facets));
    assert.match(text("source_id=CIESM"), /the parent \(.*experiment_id=piControl variant_label=r2i1p1f1\)/);
    assert.match(text("source_id=CIESM"), /variant_label r1i1p1f1 \(1\) instead of r2i1p1f1/);
    assert.match(
      text("source_id=EC-Earth3P-VHR"),
      /filter variable_id=rlut,rsdt,rsut,tas .* <- nothing left/,
    );
    assert.match(
      text("source_id=GISS-E2-1-G-CC"),
      /filter experiment_id=abrupt-4xCO2 .* <- nothing left\n.*with experiment_id piControl \(4\), historical/,
    );
    const gap = explanationText(ask("example/global-mean-timeseries", "source_id=EC-Earth3-Veg"));
    assert.match(
      gap,
      /gap of 3683 days \(at most 45\) between\n.*_201701-201712\.nc.*\n.*_202801-202812\.nc/,
    );
  });
});
