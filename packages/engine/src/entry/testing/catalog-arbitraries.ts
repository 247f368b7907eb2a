import type { Dataset, Facets } from "../../core/catalog/dataset.ts";
import type { Snapshot } from "../../core/catalog/snapshot.ts";
import { snapshotOf } from "../../core/catalog/snapshot-of.ts";
import type { Arbitrary, FastCheck } from "./fast-check.ts";
import { filesArbitrary } from "./file-arbitraries.ts";

/** What random catalogs are made of. Small pools, so that datasets have facets in common. */
export interface CatalogOptions {
  /** Highest number of datasets; default 12. */
  readonly maxDatasets?: number;
  /** Facet → values to choose from, beside or in place of the usual ones; an empty list leaves the facet out. */
  readonly facets?: Readonly<Record<string, readonly string[]>>;
}

/** Arbitraries of catalogs, for property tests of requirements, constraints and diagnostics. */
export interface CatalogArbitraries {
  /** One CMIP6 dataset. */
  dataset(options?: CatalogOptions): Arbitrary<Dataset>;
  /** Datasets with different ids, in random order, and often in versions, members and parents of each other. */
  datasets(options?: CatalogOptions): Arbitrary<readonly Dataset[]>;
  /** The same as the solver sees them. */
  snapshot(options?: CatalogOptions): Arbitrary<Snapshot>;
}

/** Values that facets have. Experiments name their parents; cell areas are of table fx. */
const usualFacets = {
  source_id: ["MODEL-A", "MODEL-B", "MODEL-C"],
  experiment_id: ["historical", "piControl", "abrupt-4xCO2", "1pctCO2", "ssp585"],
  member_id: ["r1i1p1f1", "r2i1p1f1", "r10i1p1f1"],
  variable_id: ["tas", "pr", "rlut", "areacella", "sftlf"],
  grid_label: ["gn", "gr"],
  version: ["v0", "v1", "v20190101", "v20200101"],
} as const;

const activities: Readonly<Record<string, string>> = { ssp585: "ScenarioMIP" };
const parents: Readonly<Record<string, string>> = {
  historical: "piControl",
  "abrupt-4xCO2": "piControl",
  "1pctCO2": "piControl",
  ssp585: "historical",
};
const fixed: ReadonlySet<string> = new Set(["areacella", "sftlf"]);

/**
 * Arbitraries of catalogs. Their datasets overlap in facets and times, come in several versions, calendars (each in both
 * spellings), opened or not, with cell areas, with parents that are there or not, with a facet missing now and then, and
 * with files that follow each other, overlap, leave gaps or have no times.
 * @param fc the caller's fast-check, so that it is no dependency of Almanac's
 * @example fc.assert(fc.property(catalogArbitraries(fc).datasets(), (datasets) => …));
 */
export function catalogArbitraries(fc: FastCheck): CatalogArbitraries {
  const datasets = ({ maxDatasets = 12, facets }: CatalogOptions = {}): Arbitrary<readonly Dataset[]> =>
    narrowed(fc, poolsOf(facets)).chain((pools) =>
      fc.uniqueArray(datasetArbitrary(fc, pools), {
        selector: ({ id }) => id,
        maxLength: maxDatasets,
        size: "max",
      }),
    );
  return {
    dataset: (options) => datasetArbitrary(fc, poolsOf(options?.facets)),
    datasets,
    snapshot: (options) => datasets(options).map((each) => snapshotOf(each)),
  };
}

/** Facet → values to choose from. */
type Pools = Readonly<Record<string, readonly string[]>>;

function poolsOf(facets: Pools = {}): Pools {
  const all: Pools = { ...usualFacets, ...facets };
  return Object.fromEntries(Object.entries(all).filter(([, values]) => values.length > 0));
}

/** A few values of each facet, so that the datasets of one catalog have much in common. */
function narrowed(fc: FastCheck, pools: Pools): Arbitrary<Pools> {
  const some = (values: readonly string[]): Arbitrary<readonly string[]> =>
    fc.subarray([...values], { minLength: 1, maxLength: Math.min(3, values.length) });
  return fc.record(Object.fromEntries(Object.entries(pools).map(([name, values]) => [name, some(values)])));
}

function datasetArbitrary(fc: FastCheck, pools: Pools): Arbitrary<Dataset> {
  const chosenFacets = Object.entries(pools).map(([name, values]) => [name, fc.constantFrom(...values)]);
  return fc
    .record({
      chosen: fc.record(Object.fromEntries(chosenFacets) as Record<string, Arbitrary<string>>),
      finalised: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
      // A parent may be of another member than the child; a facet that only opening tells may be absent.
      parentMember: fc.option(fc.constantFrom(...usualFacets.member_id), { freq: 3, nil: undefined }),
      lacksParent: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
    })
    .chain(({ chosen, finalised, parentMember, lacksParent }) => {
      const all = withDerived(chosen);
      const opened = finalised && !lacksParent ? { ...all, ...parentFacets(all, parentMember) } : all;
      const id = idOf(all);
      const files = filesArbitrary(fc, { id, timeless: all["table_id"] === "fx" });
      return files.map((made): Dataset => {
        const identified = { ...opened, instance_id: id };
        return { sourceType: "cmip6", id, facets: identified, finalised, files: made };
      });
    });
}

/** What the archive's rules make follow from what was chosen. */
function withDerived(chosen: Facets): Facets {
  const { variable_id: variable = "", experiment_id: experiment = "", member_id: member = "" } = chosen;
  const isFixed = fixed.has(variable);
  return {
    mip_era: "CMIP6",
    activity_id: activities[experiment] ?? "CMIP",
    institution_id: "INST",
    table_id: isFixed ? "fx" : "Amon",
    frequency: isFixed ? "fx" : "mon",
    ...(member === "" ? {} : { variant_label: member }),
    ...chosen,
  };
}

function parentFacets(facets: Facets, member: string | undefined): Facets {
  const experiment = parents[facets["experiment_id"] ?? ""];
  if (experiment === undefined) return {};
  const variant = member ?? facets["member_id"];
  return {
    parent_activity_id: "CMIP",
    parent_experiment_id: experiment,
    ...(facets["source_id"] === undefined ? {} : { parent_source_id: facets["source_id"] }),
    ...(variant === undefined ? {} : { parent_variant_label: variant }),
  };
}

const identity = [
  "activity_id",
  "institution_id",
  "source_id",
  "experiment_id",
  "member_id",
  "table_id",
  "variable_id",
  "grid_label",
  "version",
];

function idOf(facets: Facets): string {
  return ["CMIP6", ...identity.flatMap((name) => facets[name] ?? [])].join(".");
}
