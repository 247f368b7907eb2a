import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cmip6 } from "../../core/catalog/cmip6.ts";
import type { Dataset } from "../../core/catalog/dataset.ts";
import { snapshotOf } from "../../core/catalog/snapshot-of.ts";
import { addParent } from "../../core/diagnostic/constraints/add-parent.ts";
import { addSupplementary } from "../../core/diagnostic/constraints/add-supplementary.ts";
import { requireContiguousTimerange } from "../../core/diagnostic/constraints/require-contiguous-timerange.ts";
import { requireFacets } from "../../core/diagnostic/constraints/require-facets.ts";
import { requireOverlappingTimerange } from "../../core/diagnostic/constraints/require-overlapping-timerange.ts";
import { defineDiagnostic, defineProvider } from "../../core/diagnostic/define.ts";
import { noHistory } from "../../core/solver/history.ts";
import { solve } from "../../core/solver/solve.ts";
import { catalogArbitraries } from "./catalog-arbitraries.ts";

const arbitraries = catalogArbitraries(fc);

const provider = defineProvider({
  slug: "all-constraints",
  version: "1",
  diagnostics: [
    defineDiagnostic({
      slug: "parents",
      command: ["true"],
      requirements: [
        {
          sourceType: "cmip6",
          filters: { variable_id: ["tas", "rlut"], experiment_id: ["abrupt-4xCO2", "historical", "ssp585"] },
          groupBy: ["source_id", "member_id", "grid_label"],
          constraints: [addParent(), requireContiguousTimerange(), requireOverlappingTimerange()],
        },
      ],
    }),
    defineDiagnostic({
      slug: "areas",
      command: ["true"],
      requirements: [
        {
          sourceType: "cmip6",
          filters: { variable_id: ["tas", "pr"] },
          groupBy: ["source_id", "experiment_id"],
          constraints: [
            requireFacets({ facet: "variable_id", values: "tas" }),
            addSupplementary({ variable_id: "areacella" }),
          ],
        },
      ],
    }),
  ],
});

test("a plan does not depend on the order of the catalog", () => {
  let decisions = 0;
  fc.assert(
    fc.property(
      arbitraries
        .datasets()
        .chain((datasets) =>
          fc.tuple(fc.constant(datasets), fc.shuffledSubarray([...datasets], { minLength: datasets.length })),
        ),
      ([datasets, shuffled]) => {
        const plan = solve(snapshotOf(datasets), [provider], { history: noHistory });
        decisions += plan.decisions.length;
        assert.deepEqual(solve(snapshotOf(shuffled), [provider], { history: noHistory }), plan);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
  assert.ok(decisions > 100, `${decisions} decisions in 200 catalogs`);
});

test("facets are those of the source type, and every id is one dataset", () => {
  const known = new Set([...cmip6.facets.map(({ name }) => name), "instance_id", "version", "mip_era"]);
  fc.assert(
    fc.property(arbitraries.datasets({ maxDatasets: 30 }), (datasets) => {
      assert.equal(new Set(datasets.map(({ id }) => id)).size, datasets.length);
      for (const { id, facets, files } of datasets) {
        assert.deepEqual(
          Object.keys(facets).filter((name) => !known.has(name)),
          [],
        );
        assert.equal(facets["instance_id"], id);
        assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
      }
    }),
  );
});

test("everything that the solver looks at occurs", () => {
  const catalogs = fc.sample(arbitraries.datasets(), { seed: 3, numRuns: 300 });
  const all = catalogs.flat();
  const identity = ({ facets }: Dataset): string => cmip6.identityFacets.map((name) => facets[name]).join();
  const years = ({ files }: Dataset): readonly number[] =>
    files.map(({ start = "" }) => Number(start.slice(0, 4)));
  const following = (dataset: Dataset, step: number): boolean =>
    years(dataset).some((year, at, list) => at > 0 && year - (list[at - 1] ?? 0) === step);
  const seen = {
    versions: catalogs.some((datasets) => new Set(datasets.map(identity)).size < datasets.length),
    parents: catalogs.some((datasets) =>
      datasets.some(({ facets }) =>
        datasets.some(
          (other) =>
            other.facets["experiment_id"] === facets["parent_experiment_id"] &&
            other.facets["source_id"] === facets["parent_source_id"] &&
            other.facets["variant_label"] === facets["parent_variant_label"] &&
            other.facets["variable_id"] === facets["variable_id"],
        ),
      ),
    ),
    orphans: all.some(({ facets }) => facets["parent_variant_label"] !== facets["variant_label"]),
    areas: all.some(({ facets }) => facets["variable_id"] === "areacella" && facets["table_id"] === "fx"),
    unopened: all.some(({ finalised }) => !finalised),
    gaps: all.some((dataset) => following(dataset, 12)),
    overlaps: all.some((dataset) => following(dataset, 8)),
    contiguous: all.some((dataset) => following(dataset, 10)),
    timeless: all.some(({ facets, files }) => facets["table_id"] === "Amon" && files[0]?.start === undefined),
  };
  assert.deepEqual(
    Object.entries(seen).filter(([, occurs]) => !occurs),
    [],
  );
  assert.equal(new Set(all.flatMap(({ files }) => files.map(({ calendar }) => calendar))).size, 7);
});

test("facets can be chosen and left out", () => {
  const facets = { source_id: ["ONLY"], version: [] };
  for (const { facets: made, id } of fc.sample(arbitraries.dataset({ facets }), 20)) {
    assert.equal(made["source_id"], "ONLY");
    assert.equal(made["version"], undefined);
    assert.match(id, /ONLY.*\.g[nr]$/);
  }
});
