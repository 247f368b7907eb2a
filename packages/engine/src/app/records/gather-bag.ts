import { AlmanacError } from "../../core/errors.ts";
import type { RunDefinition } from "../../core/execution/definition.ts";
import { compareCodeUnits } from "../../core/identity/compare.ts";
import { compareRids } from "../../core/identity/compare-rids.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Json } from "../../core/json.ts";
import type { BagContents, BaggedDataset } from "../../core/provenance/bag-contents.ts";
import type { AllowedRecords, AllowedVocabulary } from "../../core/records/allowed-records.ts";
import type { FrozenMember } from "../../core/records/authored-dataset.ts";
import { bagPathProblem, type PlacedFile, payloadFolder, placeFiles } from "../../core/records/bag-paths.ts";
import type { Column } from "../../core/records/column.ts";
import { datasetSpecText } from "../../core/records/dataset-version.ts";
import { type FeatureValue, featureName } from "../../core/records/feature.ts";
import type { TypedRecord } from "../../core/records/record-type.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetReader, ReadAsset, ReadOnlyDatasets, ReleasedSpec } from "../../ports/dataset-reader.ts";
import type { ExecutionCatalog } from "../../ports/execution-catalog.ts";
import type { VocabularyCatalog } from "../../ports/vocabulary-catalog.ts";

/** What a bag is gathered from. */
export interface GatherPorts {
  readonly reader: ReadOnlyDatasets;
  readonly assets: Pick<AssetCatalog, "kinds">;
  readonly executions: Pick<ExecutionCatalog, "definition">;
  readonly vocabularies: Pick<VocabularyCatalog, "vocabularies" | "terms">;
}

/**
 * Everything that a bag of a version says: the datasets below it, their files and records, what these refer to, the values
 * of features that they have, the runs that made all that, and what is declared of it.
 * @throws UNKNOWN_NAME when there is no such version; FILE_INVALID naming files without sha256
 */
export async function gatherBag(
  root: ReleasedSpec & {
    /** Where files are to be, where that is decided already: paths of the bag by RID. */
    readonly places?: ReadonlyMap<Rid, string>;
  },
  ports: GatherPorts,
): Promise<BagContents> {
  const { reader } = ports;
  const { places: decided = new Map<Rid, string>(), ...spec } = root;
  const datasets = await datasetsBelow(spec, reader);
  const gathered = new Gathering(reader);
  for (const { members } of datasets) for (const member of members) await gathered.member(member);
  const features = await featuresOf(spec, reader);
  await gathered.references(features);
  const { assets, records } = gathered.found();
  requireDigests(assets);
  const places = placeFiles([...inPayload(decided), ...placesIn(datasets, assets)]);
  const declared = await declarations({ records, features }, ports);
  return {
    ...{ root: spec, datasets, records, features, declared },
    assets: assets.map(({ file: _, ...asset }) => ({ ...asset, place: places.get(asset.rid) ?? "" })),
    kinds: (await ports.assets.kinds()).filter(({ name }) => assets.some(({ kind }) => kind === name)),
    executions: await definitionsOf({ datasets, assets, records, features }, ports),
  };
}

/** Versions of a tree of datasets, children before parents, each once. */
async function datasetsBelow(root: ReleasedSpec, reader: DatasetReader): Promise<readonly BaggedDataset[]> {
  const found: BaggedDataset[] = [];
  const seen = new Set<string>();
  const visit = async (spec: ReleasedSpec): Promise<void> => {
    if (seen.has(datasetSpecText(spec))) return;
    seen.add(datasetSpecText(spec));
    const dataset = await reader.dataset(spec.rid);
    const version = (await reader.versions(spec.rid)).find((each) => each.version === spec.version);
    const members: FrozenMember[] = [];
    for await (const member of reader.members(spec)) members.push(member);
    for (const { kind, rid, version: of = "" } of members)
      if (kind === "dataset") await visit({ rid, version: of });
    if (dataset !== undefined && version !== undefined) found.push({ dataset, version, members });
  };
  await visit(root);
  return found;
}

/** Collects files and records, and what records and features refer to. */
class Gathering {
  readonly #reader: DatasetReader;
  readonly #assets = new Map<Rid, ReadAsset>();
  readonly #records = new Map<Rid, TypedRecord>();
  readonly #columns = new Map<string, readonly Column[]>();

  constructor(reader: DatasetReader) {
    this.#reader = reader;
  }

  found(): { readonly assets: readonly ReadAsset[]; readonly records: readonly TypedRecord[] } {
    return {
      assets: [...this.#assets.values()].sort((a, b) => compareRids(a.rid, b.rid)),
      records: [...this.#records.values()].sort((a, b) => compareRids(a.rid, b.rid)),
    };
  }

  async member({ kind, rid }: FrozenMember): Promise<void> {
    if (kind === "asset") await this.#asset(rid);
    if (kind === "record") await this.#record(rid);
  }

  async references(features: readonly FeatureValue[]): Promise<void> {
    for (const feature of await this.#reader.features())
      this.#columns.set(`feature ${featureName(feature)}`, feature.columns);
    for (const { feature, values } of features) await this.#values(`feature ${feature}`, values);
  }

  async #asset(rid: Rid): Promise<void> {
    const asset = this.#assets.has(rid) ? undefined : await this.#reader.asset(rid);
    if (asset !== undefined) this.#assets.set(asset.rid, asset);
  }

  async #record(rid: Rid): Promise<void> {
    const record = this.#records.has(rid) ? undefined : await this.#reader.record(rid);
    if (record === undefined) return;
    this.#records.set(record.rid, record);
    if (!this.#columns.has(record.type))
      for (const { name, columns } of await this.#reader.recordTypes()) this.#columns.set(name, columns);
    await this.#values(record.type, record.values);
  }

  // allow-parameters: columns of what, and the values in them
  async #values(of: string, values: Readonly<Record<string, Json>>): Promise<void> {
    for (const { holds, name } of this.#columns.get(of) ?? []) {
      const value = values[name];
      if (typeof value !== "string") continue;
      if (holds === "asset") await this.#asset(value as Rid);
      if (holds === "record") await this.#record(value as Rid);
    }
  }
}

async function featuresOf(root: ReleasedSpec, reader: DatasetReader): Promise<readonly FeatureValue[]> {
  const found: FeatureValue[] = [];
  for (const feature of await reader.features())
    for await (const value of reader.values({ feature: featureName(feature), in: root })) found.push(value);
  return found;
}

function requireDigests(assets: readonly ReadAsset[]): void {
  const without = assets.filter(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256)).map(({ rid }) => rid);
  if (without.length === 0) return;
  throw new AlmanacError("FILE_INVALID", `files without sha256 cannot be in a bag: ${without.join(", ")}`, {
    hint: "register them with their sha256, or run something that has them as inputs",
    facts: { assets: without },
  });
}

function inPayload(places: ReadonlyMap<Rid, string>): readonly PlacedFile[] {
  return [...places].map(([rid, path]) => ({ rid, path: path.slice(payloadFolder.length + 1) }));
}

/** Where files would like to be: at their paths, below the paths or names of the datasets that lead to them. */
function placesIn(datasets: readonly BaggedDataset[], assets: readonly ReadAsset[]): readonly PlacedFile[] {
  const names = new Map(assets.map(({ rid, fileName }) => [rid, fileName]));
  const bySpec = new Map(
    datasets.map((each) => [datasetSpecText({ rid: each.dataset.rid, version: each.version.version }), each]),
  );
  const found: PlacedFile[] = [];
  const seen = new Set<BaggedDataset>();
  const visit = (each: BaggedDataset | undefined, below: string): void => {
    if (each === undefined || seen.has(each)) return;
    seen.add(each);
    for (const { kind, rid, path } of each.members)
      if (kind === "asset") found.push({ rid, path: `${below}${path ?? safe(names.get(rid) ?? rid, rid)}` });
    for (const { kind, rid, path, version = "" } of each.members) {
      if (kind !== "dataset") continue;
      const child = bySpec.get(datasetSpecText({ rid, version }));
      visit(child, `${below}${path ?? safe(child?.dataset.name ?? rid, rid)}/`);
    }
  };
  visit(datasets.at(-1), "");
  const referred = assets.map(({ rid, fileName }) => ({ rid, path: `${rid}/${safe(fileName, rid)}` }));
  return [...found, ...referred];
}

/** A name as a part of a path; the RID for one that cannot be. */
function safe(name: string, rid: Rid): string {
  const part = name.replaceAll("/", "_");
  return bagPathProblem(part) === undefined ? part : rid;
}

interface Rows {
  readonly records: readonly TypedRecord[];
  readonly features: readonly FeatureValue[];
}

/** Vocabularies of the types of datasets and assets. */
const typeVocabularies = ["Dataset_Type", "Asset_Type"];

async function declarations(
  { records, features }: Rows,
  { reader, vocabularies }: GatherPorts,
): Promise<AllowedRecords> {
  const usedFeatures = new Set(features.map(({ feature }) => feature));
  const usedTypes = new Set(records.map(({ type }) => type));
  const found = {
    features: (await reader.features()).filter((feature) => usedFeatures.has(featureName(feature))),
    recordTypes: withReferred(await reader.recordTypes(), usedTypes),
  };
  const names = new Set([
    ...typeVocabularies,
    ...[...found.features, ...found.recordTypes].flatMap(({ columns }) =>
      columns.flatMap((column) => (column.holds === "term" ? [column.vocabulary] : [])),
    ),
  ]);
  const used: AllowedVocabulary[] = [];
  for (const { name, description } of await vocabularies.vocabularies()) {
    if (!names.has(name)) continue;
    used.push({ name, description, terms: await reader.terms(name) });
  }
  return { ...found, vocabularies: used };
}

/** Record types in use, and those that their columns name. */
function withReferred<T extends { readonly name: string; readonly columns: readonly Column[] }>(
  types: readonly T[],
  used: Set<string>,
): readonly T[] {
  const pending = [...used];
  for (let name = pending.pop(); name !== undefined; name = pending.pop())
    for (const column of types.find((type) => type.name === name)?.columns ?? [])
      if (column.holds === "record" && !used.has(column.recordType)) {
        used.add(column.recordType);
        pending.push(column.recordType);
      }
  return types.filter(({ name }) => used.has(name));
}

/** The runs that made any of it, oldest first. */
async function definitionsOf(
  {
    datasets,
    assets,
    records,
    features,
  }: Rows & { readonly datasets: readonly BaggedDataset[]; readonly assets: readonly ReadAsset[] },
  { executions }: GatherPorts,
): Promise<readonly RunDefinition[]> {
  const rids = new Set([
    ...datasets.flatMap(({ dataset, version }) => [dataset.madeBy, version.madeBy]),
    ...assets.map(({ madeBy }) => madeBy),
    ...[...records, ...features].map(({ execution }) => execution),
  ]);
  const found: RunDefinition[] = [];
  for (const rid of rids) {
    const definition = rid === undefined ? undefined : await executions.definition(rid);
    if (definition?.origin !== undefined) found.push(definition);
  }
  return found.sort((a, b) => compareCodeUnits(a.createdAt, b.createdAt) || compareRids(a.rid, b.rid));
}
