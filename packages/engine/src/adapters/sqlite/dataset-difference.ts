import type {
  ChangedMember,
  FrozenMember,
  Member,
  VersionDifference,
} from "../../core/records/authored-dataset.ts";
import { frozenMemberOf, memberOf } from "./authored-rows.ts";
import type { Connection } from "./connection.ts";
import type { DatasetMemberRow } from "./schema.ts";

/** What is different between two versions of a dataset, by the ordinals of the versions; only rows that differ are read. */
// allow-parameters: where, of what, and between which
export function differenceOf(
  connection: Connection,
  dataset: number,
  { from, to }: { readonly from: number; readonly to: number },
): VersionDifference {
  const rows = connection.all<DatasetMemberRow & { before: number }>(
    `select * from (
       select *, since <= ?2 and (until is null or until > ?2) as before,
       since <= ?3 and (until is null or until > ?3) as after from dataset_member where dataset_id = ?1)
     where before <> after order by member_id, before desc`,
    dataset,
    from,
    to,
  );
  const added: (FrozenMember | Member)[] = [];
  const removed: (FrozenMember | Member)[] = [];
  const changed: ChangedMember[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as (typeof rows)[number];
    const next = rows[at + 1];
    if (row.before === 0) added.push(shown(row));
    else if (next?.member_id === row.member_id) {
      changed.push({ before: shown(row), after: shown(next) });
      at++;
    } else removed.push(shown(row));
  }
  return { added, removed, changed };
}

/** A member that is new in the draft is not frozen yet. */
function shown(row: DatasetMemberRow): FrozenMember | Member {
  return row.checksum === null ? memberOf(row) : frozenMemberOf(row);
}
