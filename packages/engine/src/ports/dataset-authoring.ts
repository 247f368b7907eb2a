import type { FileOfDataset } from "../core/execution/authored-files.ts";
import type { Rid } from "../core/identity/rid.ts";
import type { Json } from "../core/json.ts";
import type {
  AuthoredDataset,
  DatasetVersion,
  FrozenMember,
  Member,
  VersionDifference,
} from "../core/records/authored-dataset.ts";
import type { RelatedDataset } from "../core/records/dataset-reading.ts";
import type { VersionBump } from "../core/records/dataset-version.ts";
import type { ReleasedType } from "../core/records/released-type.ts";

/** What is to be a member: an asset, a record or a dataset by its RID, or a dataset made in the same call. */
export type NewMember =
  | {
      readonly rid: Rid;
      /** Relative, with `/`. */
      readonly path?: string;
      /** Of a dataset: this version; absent: the newest at each release. */
      readonly version?: string;
    }
  | {
      /** Position among the datasets of the call; before this one. */
      readonly made: number;
      readonly path?: string;
    };

/** How a draft becomes a version. */
export interface ReleaseHow {
  /** Default: `minor`; the first release is 0.1.0 whatever this says. */
  readonly bump?: VersionBump;
  /** Exactly this version; greater than the newest. */
  readonly version?: string;
  readonly notes?: string;
  /** The execution that releases it. */
  readonly madeBy?: Rid;
  /** ISO 8601 in UTC. */
  readonly at: string;
}

/** A dataset to be made. */
export interface NewDataset {
  /** Default: its RID. */
  readonly name?: string;
  readonly description: string;
  /** Names or synonyms of dataset types. */
  readonly types: readonly string[];
  readonly facets?: Readonly<Record<string, string>>;
  readonly derivation?: Json;
  readonly members: readonly NewMember[];
  readonly madeBy?: Rid;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Released at once; absent: it stays a draft. */
  readonly release?: Omit<ReleaseHow, "at" | "madeBy">;
}

/** What changes in a draft: first what is removed, then what is added. */
export interface MemberChange {
  /** One that is there already is moved to the path and the version given here. */
  readonly add?: readonly NewMember[];
  readonly remove?: readonly Rid[];
}

/** What changes in what is said of a dataset: what is absent stays. */
export interface DatasetDescription {
  readonly name?: string;
  readonly description?: string;
  /** These types and no others; names or synonyms. */
  readonly types?: readonly string[];
  /** These facets and no others. */
  readonly facets?: Readonly<Record<string, string>>;
}

/** Which authored datasets to list; without any condition, all. */
export interface AuthoredQuery {
  /** Names or RIDs. */
  readonly names?: readonly string[];
  /** Has one of these types, by name. */
  readonly type?: readonly string[];
  readonly madeBy?: Rid;
  readonly offset?: number;
  readonly limit?: number;
}

/** A part of the members of a version, in order of RIDs. */
export interface MemberPage {
  readonly dataset: Rid;
  /** `draft` or absent: the draft. */
  readonly version?: string;
  /** Those behind this one. */
  readonly after?: Rid;
  readonly offset?: number;
  /** Default: all. */
  readonly limit?: number;
}

export type { RelatedDataset } from "../core/records/dataset-reading.ts";

/** How far relations are followed, and from where. */
export interface RelationQuery {
  readonly dataset: Rid;
  /** Of this version; `draft` or absent: the draft. */
  readonly version?: string;
  /** Also what these are related to. */
  readonly recursive?: boolean;
}

/**
 * Authored datasets: their drafts, their released versions, their members. A draft changes freely; a release freezes
 * it with checksums and a digest, and no later call changes what a version holds. Wherever a RID is asked for, one that
 * a record had in the catalog it came from does as well.
 */
export interface DatasetAuthoring {
  /**
   * Makes datasets in order, all or none; a later one may have earlier ones as members.
   * @throws UNKNOWN_NAME naming all types and members that are not there; USAGE when a path is unusable or comes twice
   * @throws RELEASE_REFUSED when one that is to be released has a member that is only a draft
   */
  create(datasets: readonly NewDataset[]): Promise<readonly AuthoredDataset[]>;
  /**
   * Changes the members of a draft, all or none. Equal changes again change nothing.
   * @throws UNKNOWN_NAME when the dataset, a member or a version is not there, or what is removed is no member
   * @throws NESTING_INVALID when the dataset would become a part of itself, over any version; USAGE as `create`
   */
  change(rid: Rid, change: MemberChange): Promise<AuthoredDataset>;
  /**
   * @throws UNKNOWN_NAME when the dataset is not there or a type is no term; RELEASE_REFUSED when solving sees it, and its
   * new name is that of a source type
   */
  describe(rid: Rid, description: DatasetDescription): Promise<AuthoredDataset>;
  /**
   * Freezes the draft as a version. Children must be released as they are, or are released first when asked for. The newest
   * version of a dataset with facets is what solving sees, as a dataset of the source type of its name.
   * @param how.recursive children with open drafts are released before it, deepest first, with the same bump and notes
   * @returns what was released, the dataset's own version last
   * @throws RELEASE_REFUSED when nothing has changed, a child is only a draft, or the version is not greater; when it has
   * facets, and its name is that of a source type whose datasets are ingested
   */
  release(rid: Rid, how: ReleaseHow & { readonly recursive?: boolean }): Promise<readonly DatasetVersion[]>;
  dataset(rid: Rid): Promise<AuthoredDataset | undefined>;
  /** In order of RIDs. */
  list(query: AuthoredQuery): Promise<{ readonly items: readonly AuthoredDataset[]; readonly total: number }>;
  /** Released versions, newest first. @throws UNKNOWN_NAME when there is no such dataset */
  versions(rid: Rid): Promise<readonly DatasetVersion[]>;
  /**
   * Members of a version, frozen, or of the draft as they are now.
   * @throws UNKNOWN_NAME when there is no such dataset or version
   */
  members(page: MemberPage): Promise<readonly (FrozenMember | Member)[]>;
  /**
   * Every file of a version, or of the draft, and of the datasets below it, in order of RIDs, a child's where the child is.
   * @throws UNKNOWN_NAME when there is no such dataset or version
   */
  files(ref: { readonly dataset: Rid; readonly version: string }): Promise<readonly FileOfDataset[]>;
  /** What released versions with facets are to solving: a source type for each name, in order of names. */
  releasedTypes(): Promise<readonly ReleasedType[]>;
  /**
   * What is different in one version of a dataset from another.
   * @param versions names of versions, or `draft`
   * @throws UNKNOWN_NAME
   */
  difference(rid: Rid, versions: { readonly from: string; readonly to: string }): Promise<VersionDifference>;
  /**
   * Datasets that have this one as a member, in any version or in the draft; with a version only those that have that one.
   * @throws UNKNOWN_NAME
   */
  parents(query: RelationQuery): Promise<readonly RelatedDataset[]>;
  /** Datasets that a version has as members. @throws UNKNOWN_NAME */
  children(query: RelationQuery): Promise<readonly RelatedDataset[]>;
}
