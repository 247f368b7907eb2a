import { AlmanacError } from "../../core/errors.ts";
import type { Rid } from "../../core/identity/rid.ts";
import type { Asset } from "../../core/records/asset.ts";
import type { FrozenMember, Member } from "../../core/records/authored-dataset.ts";
import { datasetSpecText, draftName } from "../../core/records/dataset-version.ts";
import type { FeatureValue } from "../../core/records/feature.ts";
import type { TypedRecord } from "../../core/records/record-type.ts";
import { type NewTerm, spellingsOf } from "../../core/records/vocabulary.ts";
import type { AssetCatalog } from "../../ports/asset-catalog.ts";
import type { DatasetAuthoring } from "../../ports/dataset-authoring.ts";
import {
  type DatasetReader,
  type ReadDataset,
  type ReadOnlyDatasets,
  type RecordReading,
  type RefusedWriting,
  type ReleasedSpec,
  type ValueReading,
  writingVerbs,
} from "../../ports/dataset-reader.ts";
import type { FeatureCatalog } from "../../ports/feature-catalog.ts";
import type { TypedRecordCatalog } from "../../ports/typed-record-catalog.ts";
import { readFeatureValues } from "./read-features.ts";

/** What is read: the reading half of a catalog, or what a bag says in the same form. */
export interface ReaderPorts {
  readonly authored: Pick<DatasetAuthoring, "versions" | "members" | "children" | "parents"> & {
    dataset(rid: Rid): Promise<ReadDataset | undefined>;
  };
  readonly assets: Pick<AssetCatalog, "asset">;
  readonly typedRecords: Pick<TypedRecordCatalog, "types" | "record" | "list">;
  readonly features: Pick<FeatureCatalog, "features" | "feature" | "values">;
  readonly vocabularies: { terms(vocabulary: string): Promise<readonly NewTerm[]> };
}

/** Of what is read. */
export interface ReaderSource {
  /** Such as `the catalog` or `the bag /x`, for messages. */
  readonly source: string;
  /** Absolute path of the file of an asset, if it is on this machine. */
  readonly fileOf: (asset: Asset) => string | undefined;
}

/** Reads authored datasets and what belongs to them; asked to write, it says that it does not. */
export function createDatasetReader(ports: ReaderPorts, { source, fileOf }: ReaderSource): ReadOnlyDatasets {
  const { authored, assets, typedRecords, features, vocabularies } = ports;
  const reader: DatasetReader = {
    source,
    dataset: async (rid) => {
      const found = await authored.dataset(rid);
      return found && saidOf(found);
    },
    versions: (rid) => authored.versions(rid),
    members: ({ recursive = false, ...spec }) =>
      recursive ? membersBelow(ports, spec) : directMembers(ports, spec),
    asset: async (rid) => {
      const asset = await assets.asset(rid);
      return asset && { ...asset, file: fileOf(asset) };
    },
    recordTypes: () => typedRecords.types(),
    record: (rid) => typedRecords.record(rid),
    records: (reading) => recordsOf(ports, reading),
    features: () => features.features(),
    values: (reading) => valuesOf(ports, reading),
    terms: async (vocabulary) => (await vocabularies.terms(vocabulary)).map(bareTerm),
    term: async (vocabulary, spelling) => {
      const terms = await vocabularies.terms(vocabulary);
      const name = spellingsOf(vocabulary, terms).get(spelling);
      const found = terms.find((term) => term.name === name);
      return found && bareTerm(found);
    },
    children: ({ rid, ...of }) => authored.children({ dataset: rid, ...requireReleased(of) }),
    parents: ({ rid, ...of }) => authored.parents({ dataset: rid, ...requireReleased(of) }),
  };
  return { ...reader, ...refusedWriting(source) };
}

/** What is said of a dataset whatever its versions. */
function saidOf(dataset: ReadDataset): ReadDataset {
  const { rid, name, description, types, facets, derivation, madeBy, createdAt } = dataset;
  return {
    ...{ rid, name, description, types, facets, createdAt },
    ...(derivation === undefined ? {} : { derivation }),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

function bareTerm({ name, description, synonyms }: NewTerm): NewTerm {
  return { name, description, synonyms };
}

/** @throws USAGE for a draft: what is read does not change */
function requireReleased<T extends { readonly version: string }>(spec: T): T {
  if (spec.version !== draftName) return spec;
  throw new AlmanacError("USAGE", "drafts are not read, only released versions", {
    hint: "almanac datasets release RID makes a version of a draft",
  });
}

/** Members asked for at a time. */
const portion = 5000;

async function* directMembers(
  { authored }: ReaderPorts,
  { rid, version }: ReleasedSpec,
): AsyncGenerator<FrozenMember> {
  requireReleased({ version });
  for (let after: Rid | undefined; ; ) {
    const page = await authored.members({
      ...{ dataset: rid, version, limit: portion },
      ...(after === undefined ? {} : { after }),
    });
    for (const member of page) if (isFrozen(member)) yield member;
    after = page.at(-1)?.rid;
    if (page.length < portion) return;
  }
}

function isFrozen(member: FrozenMember | Member): member is FrozenMember {
  return "checksum" in member;
}

/** Files and records of a version and of all datasets below it, each once. */
async function* membersBelow(ports: ReaderPorts, root: ReleasedSpec): AsyncGenerator<FrozenMember> {
  const seen = new Set<string>();
  const pending = [root];
  for (let next = pending.shift(); next !== undefined; next = pending.shift())
    for await (const member of directMembers(ports, next)) {
      const { kind, rid, version = "" } = member;
      const key = kind === "dataset" ? datasetSpecText({ rid, version }) : rid;
      if (seen.has(key)) continue;
      seen.add(key);
      if (kind === "dataset") pending.push({ rid, version });
      else yield member;
    }
}

async function* recordsOf(
  ports: ReaderPorts,
  { type, in: within }: RecordReading,
): AsyncGenerator<TypedRecord> {
  const { typedRecords } = ports;
  const wanted = within === undefined ? undefined : await ridsIn(ports, within);
  for (let offset = 0; ; offset += portion) {
    const { items } = await typedRecords.list({ type, offset, limit: portion });
    for (const record of items) if (wanted?.has(record.rid) !== false) yield record;
    if (items.length < portion) return;
  }
}

async function* valuesOf(
  ports: ReaderPorts,
  { in: within, targets, ...reading }: ValueReading,
): AsyncGenerator<FeatureValue> {
  const wanted = within === undefined ? undefined : await ridsIn(ports, within);
  const chosen = targets?.filter((rid) => wanted?.has(rid) !== false) ?? (wanted && [...wanted]);
  yield* readFeatureValues(
    { ...reading, ...(chosen === undefined ? {} : { targets: chosen }) },
    ports.features,
  );
}

/** RIDs of a version, of everything in it, and of the datasets below it. */
async function ridsIn(ports: ReaderPorts, spec: ReleasedSpec): Promise<ReadonlySet<Rid>> {
  const rids = new Set([spec.rid]);
  const { rid, version } = spec;
  for (const { child } of await ports.authored.children({ dataset: rid, version, recursive: true }))
    rids.add(child.rid);
  for await (const member of membersBelow(ports, spec)) rids.add(member.rid);
  return rids;
}

/** Verbs that say that nothing can be written here. */
export function refusedWriting(source: string): RefusedWriting {
  const refuse = (verb: string) => async (): Promise<never> => {
    throw new AlmanacError("CATALOG_READ_ONLY", `${source} is only read: there is nothing to ${verb} in it`, {
      hint: "import a bag to change what was in it: almanac datasets bag import FOLDER",
      facts: { source, verb },
    });
  };
  return Object.fromEntries(writingVerbs.map((verb) => [verb, refuse(verb)])) as RefusedWriting;
}
