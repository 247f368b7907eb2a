import { AlmanacError } from "../../core/errors.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { compareRids } from "../../core/identity/compare-rids.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { BagContents, BaggedDataset } from "../../core/provenance/bag-contents.ts";
import { compareVersions, type DatasetSpec, datasetSpecText } from "../../core/records/dataset-version.ts";
import { type FeatureValue, featureName } from "../../core/records/feature.ts";
import type { TypedRecord } from "../../core/records/record-type.ts";
import type { MemberPage, RelatedDataset, RelationQuery } from "../../ports/dataset-authoring.ts";
import type { FeaturePage } from "../../ports/feature-catalog.ts";
import type { ReaderPorts } from "./dataset-reader.ts";

/** The reading half of a catalog that holds just what a bag says. */
export function catalogOfBag(contents: BagContents): ReaderPorts {
  const assets = new Map(contents.assets.map(({ place: _, ...asset }) => [asset.rid, asset]));
  const { recordTypes, features, vocabularies } = contents.declared;
  const records = recordsOf(contents);
  const values = valuesOf(contents);
  return {
    authored: authoredIn(contents.datasets),
    assets: { asset: async (rid) => assets.get(rid) },
    typedRecords: {
      types: async () => recordTypes,
      record: async (rid) => records.byRid.get(rid),
      list: async ({ type, offset = 0, limit }) => {
        if (!recordTypes.some(({ name }) => name === type)) throw unknown(`record type "${type}"`);
        const all = records.byType.get(type) ?? [];
        return { items: all.slice(offset, limit && offset + limit), total: all.length };
      },
    },
    features: {
      features: async () => features,
      feature: async (name) => features.find((each) => featureName(each) === name),
      values: async (page) => {
        if (!features.some((each) => featureName(each) === page.feature))
          throw unknown(`feature "${page.feature}"`);
        return pageOf(values.get(page.feature) ?? [], page);
      },
    },
    vocabularies: {
      terms: async (vocabulary) => {
        const found = vocabularies.find(({ name }) => name === vocabulary);
        if (found === undefined) throw unknown(`vocabulary "${vocabulary}"`);
        return found.terms.toSorted((a, b) => compareCodeUnits(a.name, b.name));
      },
    },
  };
}

function unknown(what: string): AlmanacError {
  return new AlmanacError("UNKNOWN_NAME", `there is no ${what} in the bag`, {
    hint: "a bag holds what belongs to the members of its dataset",
    facts: { what },
  });
}

function recordsOf({ records }: BagContents): {
  readonly byRid: ReadonlyMap<Rid, TypedRecord>;
  readonly byType: ReadonlyMap<string, readonly TypedRecord[]>;
} {
  const sorted = records.toSorted((a, b) => compareRids(a.rid, b.rid));
  return {
    byRid: new Map(sorted.map((record) => [record.rid, record])),
    byType: Map.groupBy(sorted, ({ type }) => type),
  };
}

function valuesOf({ features }: BagContents): ReadonlyMap<string, readonly FeatureValue[]> {
  return Map.groupBy(features.toSorted(byTarget), ({ feature }) => feature);
}

type Place = Pick<FeatureValue, "target" | "execution">;

function byTarget(a: Place, b: Place): number {
  return compareRids(a.target, b.target) || compareRids(a.execution, b.execution);
}

function pageOf(
  values: readonly FeatureValue[],
  { targets, after, limit }: FeaturePage,
): readonly FeatureValue[] {
  const wanted = targets === undefined ? undefined : new Set(targets);
  const behind = after === undefined ? 0 : values.findIndex((value) => byTarget(value, after) > 0);
  if (behind < 0) return [];
  return values
    .slice(behind)
    .filter(({ target }) => wanted?.has(target) !== false)
    .slice(0, limit);
}

function authoredIn(given: readonly BaggedDataset[]): ReaderPorts["authored"] {
  const datasets = given.map((each) => ({
    ...each,
    members: each.members.toSorted((a, b) => compareRids(a.rid, b.rid)),
  }));
  const bySpec = new Map(datasets.map((each) => [specOf(each), each]));
  const ofDataset = Map.groupBy(datasets, ({ dataset }) => dataset.rid);
  const required = (rid: Rid): readonly BaggedDataset[] => {
    const found = ofDataset.get(rid);
    if (found === undefined) throw unknown(`dataset ${rid}`);
    return found;
  };
  const version = ({
    dataset,
    version: name = "",
  }: Pick<MemberPage, "dataset" | "version">): BaggedDataset => {
    required(dataset);
    const found = bySpec.get(datasetSpecText({ rid: dataset, version: name }));
    if (found === undefined) throw unknown(`version ${name} of the dataset ${dataset}`);
    return found;
  };
  return {
    dataset: async (rid) => ofDataset.get(rid)?.[0]?.dataset,
    versions: async (rid) =>
      required(rid)
        .map((each) => each.version)
        .toSorted((a, b) => compareVersions(b.version, a.version)),
    members: async (page) => {
      const all = version(page).members;
      const { after, limit } = page;
      const from = after === undefined ? 0 : all.findIndex(({ rid }) => compareRids(rid, after) > 0);
      return from < 0 ? [] : all.slice(from, limit && from + limit);
    },
    children: async (query) => {
      version(query);
      return followed(query, (of) =>
        childrenOf(bySpec.get(datasetSpecText(of))).map((child) => ({ parent: of, child, next: child })),
      );
    },
    parents: async (query) => {
      version(query);
      return followed(query, (of) =>
        datasets
          .filter((each) => childrenOf(each).some((child) => datasetSpecText(child) === datasetSpecText(of)))
          .map(({ dataset: { rid }, version: { version: name } }) => ({ rid, version: name }))
          .map((parent) => ({ parent, child: of, next: parent })),
      );
    },
  };
}

function specOf({ dataset, version }: BaggedDataset): string {
  return datasetSpecText({ rid: dataset.rid, version: version.version });
}

function childrenOf(dataset: BaggedDataset | undefined): readonly DatasetSpec[] {
  return (dataset?.members ?? [])
    .filter(({ kind }) => kind === "dataset")
    .map(({ rid, version = "" }) => ({ rid, version }));
}

type Step = Omit<RelatedDataset, "depth"> & { readonly next: DatasetSpec };

/** Relations in order of depth, each once. */
function followed(
  { dataset, version = "", recursive = false }: RelationQuery,
  steps: (of: DatasetSpec) => readonly Step[],
): readonly RelatedDataset[] {
  const found: RelatedDataset[] = [];
  const seen = new Set<string>();
  let level: readonly DatasetSpec[] = [{ rid: dataset, version }];
  for (let depth = 1; level.length > 0 && (recursive || depth === 1); depth++) {
    const met = level
      .flatMap(steps)
      .filter(({ parent, child }) => isFirst(seen, `${datasetSpecText(parent)} ${datasetSpecText(child)}`));
    found.push(...met.map(({ parent, child }) => ({ parent, child, depth })));
    level = met.map(({ next }) => next).filter((next) => isFirst(seen, datasetSpecText(next)));
  }
  return found;
}

function isFirst(seen: Set<string>, key: string): boolean {
  return !seen.has(key) && seen.add(key).has(key);
}
