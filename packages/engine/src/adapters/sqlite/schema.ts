/**
 * The catalog's tables as Kysely sees them; the newest migration makes exactly these. Ids are RID counter values.
 * Flags are 0 or 1, structured values JSON text, times ISO 8601 text: types that PostgreSQL has too.
 */
export interface CatalogSchema {
  readonly catalog_meta: { readonly name: string; readonly value: number };
  readonly catalog_revision: { readonly revision: number; readonly stamp: number };
  readonly dataset_change: DatasetChangeRow;
  readonly record: { readonly id: number; readonly kind: string };
  readonly rid_alias: { readonly alias: number; readonly id: number };
  readonly dataset: DatasetRow;
  readonly dataset_file: DatasetFileRow;
  readonly invalid_file: InvalidFileRow;
  readonly dataset_warning: DatasetWarningRow;
  readonly execution_group: GroupRow;
  readonly execution: ExecutionRow;
  readonly execution_definition: DefinitionRow;
  readonly shared_document: { readonly digest: string; readonly body: string };
  readonly execution_dataset: ExecutionDatasetRow;
  readonly state_change: StateChangeRow;
  readonly stored_value: ValueRow;
  readonly series: SeriesRow;
  readonly axis: AxisRow;
  readonly output: OutputRow;
  readonly artifact: ArtifactRow;
  readonly workflow: WorkflowRow;
  readonly workflow_type: { readonly workflow_id: number; readonly type: string };
  readonly asset_kind: AssetKindRow;
  readonly asset: AssetRow;
  readonly execution_asset: ExecutionAssetRow;
  readonly execution_nesting: NestingRow;
  readonly vocabulary: VocabularyRow;
  readonly term: TermRow;
  readonly synonym: { readonly vocabulary_id: number; readonly synonym: string; readonly term_id: number };
  readonly record_type: RecordTypeRow;
  readonly typed_record: TypedRecordRow;
  readonly feature: FeatureRow;
  readonly feature_record: FeatureRecordRow;
  readonly authored_dataset: AuthoredDatasetRow;
  readonly dataset_version: DatasetVersionRow;
  readonly dataset_member: DatasetMemberRow;
}

/** A dataset that a revision of the catalog touched. */
export interface DatasetChangeRow {
  readonly revision: number;
  readonly source_type: string;
  readonly instance_id: string;
}

/** One dataset; its facets are one JSON object. */
export interface DatasetRow {
  readonly id: number;
  readonly source_type: string;
  readonly instance_id: string;
  readonly version: string | null;
  readonly origin: string;
  readonly finalised: number;
  readonly retracted: number;
  /** Why it cannot be used; its files disagree. */
  readonly invalid: string | null;
  readonly facets: string;
}

/** Whether a recorded file can be used. */
export type FilePresence = "present" | "missing" | "invalid";

/** One file of a dataset. */
export interface DatasetFileRow {
  readonly source_type: string;
  readonly path: string;
  readonly dataset_id: number;
  readonly size_bytes: number | null;
  readonly mtime_ms: number | null;
  readonly start_time: string | null;
  readonly end_time: string | null;
  readonly calendar: string | null;
  readonly time_units: string | null;
  readonly tracking_id: string | null;
  readonly content_id: string;
  /** 1 once its header has been read. */
  readonly opened: number;
  readonly presence: FilePresence;
}

/** A file that could not be used. */
export interface InvalidFileRow {
  readonly source_type: string;
  readonly path: string;
  readonly size_bytes: number | null;
  readonly mtime_ms: number | null;
  readonly code: string;
  readonly reason: string;
}

/** A note on a dataset. */
export interface DatasetWarningRow {
  readonly source_type: string;
  readonly instance_id: string;
  readonly message: string;
}

/** One execution group. */
export interface GroupRow {
  readonly id: number;
  readonly provider: string;
  readonly diagnostic: string;
  readonly version: number;
  readonly group_key: string;
  readonly selector_digest: string;
  readonly selectors: string;
  readonly dirty: number;
  readonly dirty_reason: string | null;
  readonly current_execution: number | null;
  readonly orphaned: number;
  /** System failures of executions up to this one are forgotten. */
  readonly forgiven_execution: number;
}

/** One execution. */
export interface ExecutionRow {
  readonly id: number;
  /** null: it belongs to no group. */
  readonly group_id: number | null;
  readonly state: string;
  /** 1 in every state but published, failed and aborted: at most one of a group. */
  readonly live: number;
  readonly fingerprint: string;
  readonly compat_hash: string;
  readonly parameters_digest: string;
  readonly fragment: string;
  readonly provider_version: string;
  readonly description: string;
  readonly failure_class: string | null;
  readonly failure_code: string | null;
  readonly failure_message: string | null;
  readonly failure_signature: string | null;
  readonly abort_reason: string | null;
  readonly held: number;
  readonly attempt: number;
  readonly owner: string | null;
  readonly worker: string | null;
  readonly created_at: string;
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly download_seconds: number | null;
  readonly compute_seconds: number | null;
  readonly publish_seconds: number | null;
  readonly resources: string | null;
  readonly origin: string;
  readonly workflow_id: number | null;
}

/** The code that a recorded run ran. */
export interface WorkflowRow {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly checksum: string;
  readonly version: string | null;
  readonly description: string;
  readonly created_at: string;
}

/** One declared asset kind; its columns are JSON. */
export interface AssetKindRow {
  readonly name: string;
  readonly description: string;
  readonly columns: string;
}

/** One asset. */
export interface AssetRow {
  readonly id: number;
  readonly kind: string;
  readonly file_name: string;
  readonly size_bytes: number;
  readonly sha256: string;
  readonly md5: string | null;
  readonly url: string;
  readonly types: string;
  readonly metadata: string;
  readonly description: string;
  readonly made_by: number | null;
}

/** What an asset is to an execution. */
export interface ExecutionAssetRow {
  readonly execution_id: number;
  readonly asset_id: number;
  readonly role: string;
}

/** An execution that is part of another. */
export interface NestingRow {
  readonly parent_id: number;
  readonly child_id: number;
  readonly sequence: number | null;
}

/** The definition of an execution without its vocabulary, which many share. */
export interface DefinitionRow {
  readonly execution_id: number;
  readonly vocabulary_digest: string;
  readonly body: string;
}

/** One input dataset of an execution, by its text id: the dataset itself may be in another catalog. */
export interface ExecutionDatasetRow {
  readonly execution_id: number;
  readonly position: number;
  readonly requirement: string;
  readonly source_type: string;
  readonly instance_id: string;
  readonly input_id: number;
}

/** One entry of an execution's history. */
export interface StateChangeRow {
  readonly execution_id: number;
  readonly position: number;
  readonly from_state: string | null;
  readonly to_state: string;
  readonly at: string;
  readonly message: string;
  readonly actor: string;
}

/** One scalar or the common part of one series. Dimensions are a JSON object with its names in order. */
export interface ValueRow {
  readonly id: number;
  readonly execution_id: number;
  readonly form: "scalar" | "series";
  readonly kind: string;
  readonly dimensions: string;
  readonly number: number | null;
  readonly units: string | null;
  readonly attributes: string;
}

/** What a series has beside a scalar. */
export interface SeriesRow {
  readonly value_id: number;
  readonly axis_digest: string;
  readonly numbers: string;
  readonly long_name: string | null;
  readonly reference_id: string | null;
}

/** An index that series share. */
export interface AxisRow {
  readonly digest: string;
  readonly name: string;
  readonly units: string | null;
  readonly calendar: string | null;
  readonly points: string;
}

/** A plot, data or html file that the output bundle names. */
export interface OutputRow {
  readonly execution_id: number;
  readonly position: number;
  readonly kind: string;
  readonly short_name: string;
  readonly path: string;
  readonly long_name: string;
  readonly description: string;
  readonly dimensions: string;
}

/** A registered artifact, as the manifest's records add up. */
export interface ArtifactRow {
  readonly execution_id: number;
  readonly position: number;
  readonly name: string;
  readonly path: string;
  readonly kind: string;
  readonly types: string;
  readonly mode: string;
  readonly metadata: string;
  readonly description: string;
  readonly keep_on_failure: number;
  readonly size_bytes: number | null;
  readonly sha256: string | null;
}

/** One vocabulary. */
export interface VocabularyRow {
  readonly id: number;
  readonly name: string;
  readonly description: string;
}

/** One term; its synonyms are rows of their own. */
export interface TermRow {
  readonly id: number;
  readonly vocabulary_id: number;
  readonly name: string;
  readonly description: string;
}

/** One declared record type; its columns are JSON. */
export interface RecordTypeRow {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly columns: string;
}

/** One row of a record type; its values are JSON. */
export interface TypedRecordRow {
  readonly id: number;
  readonly type_id: number;
  readonly execution_id: number;
  readonly body: string;
}

/** One declared feature; its columns are JSON. */
export interface FeatureRow {
  readonly id: number;
  readonly target_kind: string;
  readonly target_name: string;
  readonly name: string;
  readonly description: string;
  readonly columns: string;
}

/** What one execution says of one target; its values are JSON. */
export interface FeatureRecordRow {
  readonly feature_id: number;
  readonly target_id: number;
  readonly execution_id: number;
  readonly body: string;
}

/** What an authored dataset has beside its row among all datasets; types and derivation are JSON. */
export interface AuthoredDatasetRow {
  readonly id: number;
  readonly name: string;
  readonly description: string;
  readonly types: string;
  readonly derivation: string | null;
  readonly made_by: number | null;
  readonly created_at: string;
  /** Members of the draft. */
  readonly member_count: number;
  /** Members in which the draft differs from the newest version. */
  readonly draft_changes: number;
}

/** One released version; never updated. */
export interface DatasetVersionRow {
  readonly dataset_id: number;
  readonly ordinal: number;
  readonly version: string;
  readonly released_at: string;
  readonly digest: string;
  readonly notes: string;
  readonly made_by: number | null;
  readonly member_count: number;
}

/** A member of the versions from `since` on and before `until`; null: it still is one. */
export interface DatasetMemberRow {
  readonly dataset_id: number;
  readonly member_id: number;
  readonly since: number;
  readonly until: number | null;
  readonly kind: "asset" | "record" | "dataset";
  readonly path: string | null;
  /** Of a dataset: the version asked for; null: the newest at each release. */
  readonly pinned_version: string | null;
  /** What follows is null in the draft that the member is new in. */
  readonly frozen_version: string | null;
  readonly checksum: string | null;
  readonly size_bytes: number | null;
}
