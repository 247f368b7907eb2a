import type { LineageKind } from "../../core/provenance/lineage.ts";

/** What a record on the way is: as lineages tell it, and released versions of datasets apart from the datasets. */
export type PlaceKind = LineageKind | "version";

/** The RID of an expression `RID@version`. */
function ridIn(spec: string): string {
  return `substr(${spec}, 1, instr(${spec}, '@') - 1)`;
}

/** The version of an expression `RID@version`. */
function versionIn(spec: string): string {
  return `substr(${spec}, instr(${spec}, '@') + 1)`;
}

const executionColumns = `execution.id, coalesce(execution_group.provider || '/' || execution_group.diagnostic,
  workflow.name, '') as name, execution.state as detail`;

const executionTables = `left join execution_group on execution_group.id = execution.group_id
  left join workflow on workflow.id = execution.workflow_id`;

const datasetColumns = `dataset.id, execution_dataset.instance_id as name, execution_dataset.source_type as detail`;

const assetColumns = "asset.id, asset.file_name as name, asset.kind as detail";

const valueColumns = `stored_value.id, coalesce(json_extract(dimensions, '$.metric'), form) as name, form as detail`;

/** A released version of an authored dataset, by the number of its row, with the dataset it is of. */
const versionColumns = `dataset_version.rowid as id, authored_dataset.name || '@' || dataset_version.version as name,
  'authored' as detail, dataset_version.dataset_id as dataset, dataset_version.version as version`;

const versionTables = "join authored_dataset on authored_dataset.id = dataset_version.dataset_id";

/** Versions that have a member. */
const holding = `dataset_version.dataset_id = dataset_member.dataset_id and dataset_version.ordinal >= since
  and (until is null or dataset_version.ordinal < until)`;

/** A dataset as an execution names it: RID and version of an authored one. */
const namedRid = ridIn("execution_dataset.instance_id");
const namedVersion = versionIn("execution_dataset.instance_id");

/** Named as such by a recorded run, and by the solver as a dataset of the source type of its name. */
const usedVersions = `execution_dataset cross join dataset as named
  on named.source_type = 'authored' and named.instance_id = ${namedRid}
  cross join dataset_version on dataset_version.dataset_id = named.id
  and dataset_version.version = ${namedVersion} ${versionTables}`;

/** The row that a released version has beside that of its dataset: what solving sees. */
const shownVersions = `dataset as shown cross join dataset as named on named.source_type = 'authored'
  and named.instance_id = ${ridIn("shown.instance_id")}
  cross join dataset_version on dataset_version.dataset_id = named.id
  and dataset_version.version = ${versionIn("shown.instance_id")} ${versionTables}
  where shown.id = ? and shown.origin = 'released'`;

const versionShown: readonly [PlaceKind, string] = [
  "version",
  `select ${versionColumns} from ${shownVersions}`,
];

const allVersions: readonly [PlaceKind, string] = [
  "version",
  `select ${versionColumns} from dataset_version ${versionTables} where dataset_id = ? order by ordinal`,
];

/** From each kind, one query for each kind that is next to it: up, then down. */
export const neighbours: Readonly<
  Record<PlaceKind, Readonly<Record<"up" | "down", readonly (readonly [PlaceKind, string])[]>>>
> = {
  execution: {
    up: [
      [
        "dataset",
        `select ${datasetColumns} from execution_dataset left join dataset
         on dataset.source_type = execution_dataset.source_type and dataset.instance_id = execution_dataset.instance_id
         where execution_id = ? and not exists (select 1 from dataset as named cross join dataset_version on named.id = dataset_id
         where named.source_type = 'authored' and named.instance_id = ${namedRid}
         and dataset_version.version = ${namedVersion}) order by position`,
      ],
      [
        "version",
        `select ${versionColumns} from ${usedVersions}
         where execution_id = ? order by position`,
      ],
      [
        "asset",
        `select ${assetColumns} from execution_asset join asset on asset.id = asset_id
         where execution_id = ? and role = 'Input' order by asset.id`,
      ],
    ],
    down: [
      [
        "asset",
        `select ${assetColumns} from execution_asset join asset on asset.id = asset_id
         where execution_id = ? and role = 'Output' order by asset.id`,
      ],
      ["value", `select ${valueColumns} from stored_value where execution_id = ? order by id`],
      [
        "version",
        `select ${versionColumns} from authored_dataset join dataset_version on dataset_id = authored_dataset.id
         where authored_dataset.made_by = ?1 and dataset_version.made_by = ?1 order by authored_dataset.id, ordinal`,
      ],
      [
        "version",
        `select distinct ${versionColumns} from typed_record
         join dataset_member on member_id = typed_record.id and dataset_member.kind = 'record'
         join dataset_version on ${holding} ${versionTables}
         where typed_record.execution_id = ? order by dataset_version.dataset_id, ordinal`,
      ],
    ],
  },
  asset: {
    up: [
      [
        "execution",
        `select ${executionColumns} from execution_asset join execution on execution.id = execution_id ${executionTables}
         where asset_id = ? and role = 'Output' order by execution.id`,
      ],
    ],
    down: [
      [
        "execution",
        `select ${executionColumns} from execution_asset join execution on execution.id = execution_id ${executionTables}
         where asset_id = ? and role = 'Input' order by execution.id`,
      ],
      [
        "version",
        `select ${versionColumns} from dataset_member join dataset_version on ${holding} ${versionTables}
         where dataset_member.member_id = ? and dataset_member.kind = 'asset' order by dataset_version.dataset_id, ordinal`,
      ],
    ],
  },
  version: {
    up: [
      [
        "execution",
        `select ${executionColumns} from (
           select made_by as maker from dataset_version where rowid = ?1
           union select asset.made_by from dataset_version join dataset_member on ${holding}
             join asset on asset.id = member_id where dataset_version.rowid = ?1 and dataset_member.kind = 'asset'
           union select typed_record.execution_id from dataset_version join dataset_member on ${holding}
             join typed_record on typed_record.id = member_id
             where dataset_version.rowid = ?1 and dataset_member.kind = 'record')
         join execution on execution.id = maker ${executionTables} order by execution.id`,
      ],
      [
        "asset",
        `select ${assetColumns} from dataset_version join dataset_member on ${holding}
         join asset on asset.id = member_id
         where dataset_version.rowid = ? and dataset_member.kind = 'asset' and asset.made_by is null order by asset.id`,
      ],
      [
        "version",
        `select ${versionColumns} from dataset_version as parent
         join dataset_member on dataset_member.dataset_id = parent.dataset_id and parent.ordinal >= since
         and (until is null or parent.ordinal < until) and dataset_member.kind = 'dataset'
         join dataset_version on dataset_version.dataset_id = member_id
         and dataset_version.version = frozen_version ${versionTables}
         where parent.rowid = ? order by dataset_version.dataset_id`,
      ],
      [
        "version",
        `select ${versionColumns} from dataset_version as part
         join authored_dataset as derived on derived.id = part.dataset_id
         join dataset as origin on origin.source_type = 'authored'
         and origin.instance_id = ${ridIn("json_extract(derived.derivation, '$.of')")}
         join dataset_version on dataset_version.dataset_id = origin.id
         and dataset_version.version = ${versionIn("json_extract(derived.derivation, '$.of')")}
         ${versionTables} where part.rowid = ? and json_type(derived.derivation, '$.of') = 'text'`,
      ],
    ],
    down: [
      [
        "execution",
        `select ${executionColumns} from dataset_version join dataset on dataset.id = dataset_id
         join execution_dataset
         on execution_dataset.instance_id = dataset.instance_id || '@' || dataset_version.version
         join execution on execution.id = execution_id ${executionTables}
         where dataset_version.rowid = ? order by execution.id`,
      ],
      [
        "version",
        `select ${versionColumns} from dataset_version as child
         join dataset_member on member_id = child.dataset_id and dataset_member.kind = 'dataset'
         and frozen_version = child.version
         join dataset_version on ${holding} ${versionTables}
         where child.rowid = ? order by dataset_version.dataset_id, dataset_version.ordinal`,
      ],
      [
        "version",
        `select ${versionColumns} from dataset_version as source join dataset on dataset.id = source.dataset_id
         join authored_dataset on json_extract(derivation, '$.of') = dataset.instance_id || '@' || source.version
         join dataset_version on dataset_version.dataset_id = authored_dataset.id
         where source.rowid = ? order by authored_dataset.id, dataset_version.ordinal`,
      ],
    ],
  },
  dataset: {
    up: [allVersions, versionShown],
    down: [
      allVersions,
      versionShown,
      [
        "execution",
        `select ${executionColumns} from dataset join execution_dataset
         on execution_dataset.source_type = dataset.source_type
         and execution_dataset.instance_id in (dataset.instance_id, dataset.instance_id || '@draft')
         join execution on execution.id = execution_id ${executionTables}
         where dataset.id = ? and dataset.origin <> 'released' order by execution.id`,
      ],
    ],
  },
  value: {
    up: [
      [
        "execution",
        `select ${executionColumns} from stored_value join execution on execution.id = execution_id ${executionTables}
         where stored_value.id = ?`,
      ],
    ],
    down: [],
  },
};

/** How a record of each kind is found by its number; of a version, by its dataset and name. */
export const starts: Readonly<Record<PlaceKind, string>> = {
  execution: `select ${executionColumns} from execution ${executionTables} where execution.id = ?`,
  asset: `select ${assetColumns} from asset where asset.id = ?`,
  dataset: `select id, coalesce(authored_dataset.name, instance_id) as name, source_type as detail
    from dataset left join authored_dataset using (id) where id = ?`,
  version: `select ${versionColumns} from dataset_version ${versionTables} where dataset_id = ? and version = ?`,
  value: `select ${valueColumns} from stored_value where id = ?`,
};
