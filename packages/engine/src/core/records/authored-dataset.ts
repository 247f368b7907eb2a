import type { Rid } from "../identity/rid.ts";
import type { Json } from "../json.ts";

/** What a member of a dataset is: a file, a row of a record type, or another authored dataset. */
export type MemberKind = "asset" | "record" | "dataset";

/** One member of a dataset as its draft has it. */
export interface Member {
  readonly kind: MemberKind;
  readonly rid: Rid;
  /** Its place in the dataset, relative with `/`; of one version no two members have the same. */
  readonly path?: string;
  /** Of a dataset: the version that was asked for; absent, each release takes the newest there is. */
  readonly version?: string;
}

/** One member of a released version. */
export interface FrozenMember {
  readonly kind: MemberKind;
  readonly rid: Rid;
  readonly path?: string;
  /** `sha256:…` of a file's bytes (`md5:…` where its source gave no other), a record's values, or a dataset's version. */
  readonly checksum: string;
  /** Of a file. */
  readonly sizeBytes?: number;
  /** Of a dataset. */
  readonly version?: string;
}

/** A dataset that was put together here, not found by ingesting. */
export interface AuthoredDataset {
  readonly rid: Rid;
  /** What people call it, its RID when nobody gave a name; several datasets may have one name. */
  readonly name: string;
  readonly description: string;
  /** Terms of the vocabulary of dataset types, in order of names. */
  readonly types: readonly string[];
  readonly facets: Readonly<Record<string, string>>;
  /** How it came about, such as the parameters of a split. */
  readonly derivation?: Json;
  /** The execution that made it. */
  readonly madeBy?: Rid;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Newest released version. */
  readonly version?: string;
  /** How many members the draft has. */
  readonly memberCount: number;
  /** In how many members the draft differs from the newest released version. */
  readonly draftChanges: number;
}

/** One released version of a dataset. It never changes. */
export interface DatasetVersion {
  readonly dataset: Rid;
  readonly version: string;
  /** 1 is the first that was released. */
  readonly ordinal: number;
  /** ISO 8601 in UTC. */
  readonly releasedAt: string;
  /** Digest over what its members hold, without RIDs and times: equal content, equal digest, in any catalog. */
  readonly digest: string;
  readonly notes: string;
  /** The execution that released it. */
  readonly madeBy?: Rid;
  readonly memberCount: number;
}

/** A member that two versions have in different forms. */
export interface ChangedMember {
  readonly before: FrozenMember | Member;
  readonly after: FrozenMember | Member;
}

/** What is different in one version from another. Members in order of RIDs. */
export interface VersionDifference {
  readonly added: readonly (FrozenMember | Member)[];
  readonly removed: readonly (FrozenMember | Member)[];
  /** Same member: another path, another checksum, or another version of a child. */
  readonly changed: readonly ChangedMember[];
}
