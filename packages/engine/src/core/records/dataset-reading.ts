import type { Rid } from "../identity/rid.ts";
import type { Asset } from "./asset.ts";
import type { AuthoredDataset, DatasetVersion, FrozenMember } from "./authored-dataset.ts";
import type { DatasetSpec } from "./dataset-version.ts";
import type { FeatureDefinition, FeatureValue } from "./feature.ts";
import type { FeatureSelector } from "./feature-selector.ts";
import type { RecordType, TypedRecord } from "./record-type.ts";
import type { NewTerm } from "./vocabulary.ts";

/** What is said of a dataset whatever its versions. */
export type ReadDataset = Omit<AuthoredDataset, "version" | "memberCount" | "draftChanges">;

/** A released version of a dataset. */
export type ReleasedSpec = Required<DatasetSpec>;

/** A dataset that another one has as a member, or the one that has it. */
export interface RelatedDataset {
  readonly parent: DatasetSpec;
  readonly child: DatasetSpec;
  /** 1 for those directly related. */
  readonly depth: number;
}

/** An asset with its file. */
export interface ReadAsset extends Asset {
  /** Absolute path on this machine; undefined when the file is elsewhere. */
  readonly file: string | undefined;
}

/** Which records to read. */
export interface RecordReading {
  readonly type: string;
  /** Members of this version or of what is below it; default: all there are. */
  readonly in?: ReleasedSpec;
}

/** Which values of a feature to read. */
export interface ValueReading {
  /** `<target>/<name>`. */
  readonly feature: string;
  /** Of the version, its members and what is below it; default: all there are. */
  readonly in?: ReleasedSpec;
  readonly targets?: readonly Rid[];
  /** One value of each target; default: all. */
  readonly selector?: FeatureSelector;
}

/** Which members to read. */
export interface MemberReading extends ReleasedSpec {
  /** Members of the datasets below it instead of these datasets, each once. */
  readonly recursive?: boolean;
}

/**
 * Authored datasets with everything that belongs to them, for reading only. A catalog and a bag answer it alike: about
 * what is in a bag, a catalog that has it gives the same answers. Records come in order of RIDs.
 */
export interface DatasetReader {
  /** What is read, for messages. */
  readonly source: string;
  dataset(rid: Rid): Promise<ReadDataset | undefined>;
  /** Released versions, newest first; of a bag those in it. @throws UNKNOWN_NAME when there is no such dataset */
  versions(rid: Rid): Promise<readonly DatasetVersion[]>;
  /** @throws UNKNOWN_NAME when there is no such version */
  members(reading: MemberReading): AsyncIterable<FrozenMember>;
  asset(rid: Rid): Promise<ReadAsset | undefined>;
  /** Record types there are, in order of names. */
  recordTypes(): Promise<readonly RecordType[]>;
  record(rid: Rid): Promise<TypedRecord | undefined>;
  /** @throws UNKNOWN_NAME when there is no such type or version */
  records(reading: RecordReading): AsyncIterable<TypedRecord>;
  /** Features there are, in order of names. */
  features(): Promise<readonly FeatureDefinition[]>;
  /** Target by target, those of one target oldest first. @throws UNKNOWN_NAME when there is no such feature or version */
  values(reading: ValueReading): AsyncIterable<FeatureValue>;
  /** In order of names. @throws UNKNOWN_NAME when there is no such vocabulary */
  terms(vocabulary: string): Promise<readonly NewTerm[]>;
  /** The term that a name or a synonym stands for. @throws UNKNOWN_NAME when there is no such vocabulary */
  term(vocabulary: string, spelling: string): Promise<NewTerm | undefined>;
  /** Datasets that a version has as members. @throws UNKNOWN_NAME */
  children(of: ReleasedSpec & { readonly recursive?: boolean }): Promise<readonly RelatedDataset[]>;
  /** Versions that have this one as a member. @throws UNKNOWN_NAME */
  parents(of: ReleasedSpec & { readonly recursive?: boolean }): Promise<readonly RelatedDataset[]>;
}

/** What can be done to datasets in a catalog, and to nothing that is only read. */
export const writingVerbs = ["create", "change", "describe", "release", "publish", "define", "add"] as const;

/** Verbs that are there to say that they are not. @throws CATALOG_READ_ONLY always */
export type RefusedWriting = Readonly<
  Record<(typeof writingVerbs)[number], (...what: readonly unknown[]) => Promise<never>>
>;

/** What reads and says so when it is asked to write. */
export type ReadOnlyDatasets = DatasetReader & RefusedWriting;

/** A dataset version in a folder of its own, which is a bag: an input of a run. */
export interface DatasetFolder extends ReleasedSpec {
  /** Absolute. Nobody may write to what is in it. */
  readonly folder: string;
  /** Answers about this version and what belongs to it; its assets have their files in the folder. */
  readonly catalog: ReadOnlyDatasets;
}
